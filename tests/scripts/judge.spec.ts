import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { markedIn, sealed } from '../../scripts/marked.mjs';
import { ROOT } from '../../scripts/prepare.mjs';

const run = promisify(execFile);
/** Always the same place, because shrunk pictures are kept by their paths. */
const DATA = join(ROOT, 'node_modules', '.cache', 'judge', 'made-camera');
const CAMERA = join(DATA, 'made-reef');
const EXAMPLE = join(ROOT, 'benchmark', 'methods', 'likeness.mjs');
const [FOULED, END] = ['20260514', '20260518'];

const REAL = join(ROOT, '..', 'shared', 'data', 'obsea-2014');
const RESULTS = join(ROOT, 'benchmark', 'RESULTS.md');

/** The demo's camera until it has been fouled for four days. */
const pictures = ['reference', 'snapshots'].flatMap((name) => {
  const folder = join(ROOT, 'public', 'demo', name);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jpg') && file < END)
    .map((file) => join(folder, file));
});

function label(name: string): string {
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)-(..)(..)(..)/.exec(name)!;
  const lens = name < FOULED ? 0 : 2;
  return `${name},${year}-${month}-${day}T${hour}:${minute}:${second}Z,${lens},0,A,day,1`;
}

function writeLabels(header: string): void {
  const rows = pictures.map((path) => label(basename(path)));
  writeFileSync(join(CAMERA, 'labels.csv'), [header, ...rows, ''].join('\n'));
}

const judge = (method: string) =>
  run(process.execPath, ['scripts/judge.mjs', '--data', DATA, '--method', method], { cwd: ROOT }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );

test.beforeAll(() => {
  rmSync(DATA, { recursive: true, force: true });
  mkdirSync(join(CAMERA, 'snapshots'), { recursive: true });
  for (const path of pictures) copyFileSync(path, join(CAMERA, 'snapshots', basename(path)));
  writeLabels('image_name,captured_at,lens,water,view,light,sure_1_vs_2');
  writeFileSync(
    join(CAMERA, 'cycles.csv'),
    'wipe_before_picture,next_wipe_after_picture,first_lens2,from_hour,to_hour\n' +
      '2026-05-01 00:00,2026-05-17 23:00,2026-05-14,0,24\n',
  );
});

test('a method in a file has a row beside the page’s own, on a camera that a folder describes @long', async () => {
  const { code, stdout, stderr } = await judge(EXAMPLE);
  expect(code, stderr).toBe(0);
  const cells = stdout
    .split('\n')
    .filter((line) => line.startsWith('| MADE REEF | 05-01 to 05-17 |'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const rows = new Map(cells.map((row) => [row[4], row]));
  for (const name of ['growth', 'loss', 'conclusion', 'brightness', 'likeness.mjs']) {
    expect(rows.has(name), name).toBe(true);
  }
  const [own, other] = [rows.get('likeness.mjs')!, rows.get('brightness')!];
  expect(own.slice(1, 4)).toEqual(other.slice(1, 4));
  // The same windows.
  expect([own[5], own[8]]).toEqual([other[5], other[8]]);
  expect(Number(own[10])).toBeGreaterThan(0.9);
});

test('a method that fails ends with 1, before the table, and names the picture @long', async () => {
  const file = join(DATA, 'method.mjs');
  writeFileSync(
    file,
    'export default () => (window) => window.at(-1).capturedAt > Date.UTC(2026, 4, 14) ? NaN : Math.random();',
  );
  const { code, stdout, stderr } = await judge(file);
  expect(stderr).toMatch(/MADE REEF, 05-01 to 05-17, window .* to 20260514-\d{6}-DEMO\.jpg: .*, but NaN/);
  expect([code, stdout]).toEqual([1, '']);
});

test('labels without a column are refused by its name, before a picture is looked at', async () => {
  const file = join(CAMERA, 'labels.csv');
  const before = readFileSync(file);
  // A browser could not open it.
  const picture = join(CAMERA, 'snapshots', '20260501-000000-DEMO.jpg');
  writeFileSync(picture, 'no picture');
  writeLabels('image_name,captured_at,lens,water,view,brightness,sure_1_vs_2');
  try {
    const { code, stderr } = await judge(EXAMPLE);
    expect(stderr).toMatch(/made-reef.labels\.csv lacks light/);
    expect(code).toBe(1);
  } finally {
    writeFileSync(file, before);
    rmSync(picture);
  }
});

test('the results are the figures that the pictures of the real cameras give today @long', async () => {
  const isThere = existsSync(REAL);
  if (!isThere) console.log('results: not compared, ../shared/data/obsea-2014 is not beside this repository');
  test.skip(!isThere, 'the pictures are not ours to ship: no shared/ folder here');
  test.setTimeout(300_000);
  const { stdout } = await run(process.execPath, ['scripts/judge.mjs', '--views'], { cwd: ROOT });
  const tables = stdout.match(/(?:^\|.*\n)+/gm)!;
  expect(tables).toHaveLength(3);
  for (const [i, name] of ['views', 'moved', 'trembling'].entries())
    expect(markedIn(RESULTS, name), `${name}: npm run judge -- --views --write`).toBe(
      await sealed(tables[i]!),
    );
});
