import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { TextReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { csvFormat, csvParse } from 'd3-dsv';
import { ROOT } from '../../../scripts/prepare.mjs';

const run = promisify(execFile);
let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-clean-cam-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Row = Record<string, string | number>;

/** A session of ten minutes, a frame each 10 s. */
function session(cam: string, day: string, state: string, label: number): Row[] {
  return Array.from({ length: 60 }, (_, i) => {
    const image_id = `R_${cam}_${state}_${day}_${`${10 * i}`.padStart(6, '0')}`;
    const relative_path = `images/real/label_${label}/${image_id}_L${label}.jpg`;
    return { image_id, origin: 'real', label, cam, state, day, sec: 10 * i, relative_path };
  });
}

/** As the release is built: stored, below a folder of its name, made pictures in a table of their own. */
async function zipOf(rows: Row[], without: readonly string[] = []): Promise<string> {
  const made: Row[] = rows
    .slice(0, 3)
    .map((row, i) => ({ ...row, origin: 'synthetic', label: 5, relative_path: `images/synthetic/${i}.jpg` }));
  const writer = new ZipWriter(new Uint8ArrayWriter(), { level: 0 });
  const add = (name: string, text: string) => writer.add(`CleanCam_v2/${name}`, new TextReader(text));
  await add('metadata/metadata.csv', csvFormat([...rows, ...made]));
  await add('metadata/metadata_real.csv', csvFormat([...rows].reverse()));
  for (const { relative_path: path } of [...rows, ...made])
    if (!without.includes(String(path))) await add(String(path), `picture ${path}`);
  const file = join(folder, 'CleanCam_v2.zip');
  writeFileSync(file, await writer.close());
  return file;
}

const layOut = (file: string) =>
  run(process.execPath, ['scripts/judge-lay-out.mjs', file, join(folder, 'cameras')], { cwd: ROOT }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
const tableOf = (camera: string, name: string) =>
  csvParse(readFileSync(join(folder, 'cameras', camera, name), 'utf8'));

test('CleanCam becomes two cameras, in UTC, with one real picture of each five minutes', async () => {
  const rows = [
    ...session('cambot1', '20250830', 'morning', 4),
    ...session('cambot1', '20250831', 'morning', 1),
    ...session('cambot1', '20250831', 'evening', 2),
    ...session('cambot1', '20250901', 'morning', 3),
    ...session('cambot1', '20250902', 'evening', 5),
    ...session('cambot2', '20250830', 'morning', 5),
  ];
  const missing = String(rows[0]!.relative_path);
  const { code, stdout, stderr } = await layOut(await zipOf(rows, [missing]));
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`9 of 10 labelled pictures are in ${join(folder, 'cameras', 'cleancam-1')}`);
  expect(stdout).toContain(`Missing, for example: ${missing}\n`);
  expect(stdout).toContain('cleancam-2: most pictures of each day are fouled, so no cycle.');

  const labels = tableOf('cleancam-1', 'labels.csv');
  expect(labels.map(({ captured_at, lens }) => [captured_at, lens])).toEqual([
    ['2025-08-30T02:00:00.000Z', '3'],
    ['2025-08-30T02:05:00.000Z', '3'],
    ['2025-08-31T02:00:00.000Z', '0'],
    ['2025-08-31T02:05:00.000Z', '0'],
    ['2025-08-31T09:00:00.000Z', '1'],
    ['2025-08-31T09:05:00.000Z', '1'],
    ['2025-09-01T02:00:00.000Z', '2'],
    ['2025-09-01T02:05:00.000Z', '2'],
    ['2025-09-02T09:00:00.000Z', '3'],
    ['2025-09-02T09:05:00.000Z', '3'],
  ]);
  const names = readdirSync(join(folder, 'cameras', 'cleancam-1', 'snapshots')).sort();
  expect(names).toEqual(labels.map((row) => row.image_name).slice(1));
  expect(
    readFileSync(join(folder, 'cameras', 'cleancam-1', 'snapshots', '20250831-020500-CLEANCAM1.jpg'), 'utf8'),
  ).toBe('picture images/real/label_1/R_cambot1_morning_20250831_000300_L1.jpg');

  expect([...tableOf('cleancam-1', 'cycles.csv')]).toEqual([
    {
      wipe_before_picture: '2025-08-31 02:00',
      next_wipe_after_picture: '2025-09-02 09:05',
      first_lens2: '2025-09-01',
      from_hour: '0',
      to_hour: '24',
    },
  ]);
  expect([...tableOf('cleancam-2', 'cycles.csv')]).toEqual([]);
});

test('a zip of another form is refused by its row or its column, and writes no camera', async () => {
  const [first] = session('cambot1', '20250830', 'morning', 1);
  for (const [row, message] of [
    [{ ...first!, label: 0 }, /_000000_L1\.jpg: cam cambot1, .* label 0 is no picture of CleanCam\.$/],
    [{ ...first!, state: 'noon' }, /state noon, .* is no picture of CleanCam\.$/],
    [{ relative_path: 'a.jpg', label: 1, cam: 'cambot1' }, /metadata_real\.csv lacks state, day, sec\.$/],
  ] as const) {
    const { code, stderr } = await layOut(await zipOf([row]));
    expect(stderr.trim()).toMatch(message);
    expect([code, existsSync(join(folder, 'cameras'))]).toEqual([1, false]);
  }
});
