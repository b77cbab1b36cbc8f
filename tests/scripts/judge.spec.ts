import { execFile } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
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
import { csvParse } from 'd3-dsv';
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

const judge = (method: string, ...more: string[]) => judged(DATA, '--method', method, ...more);
const judged = (data: string, ...args: string[]) =>
  run(process.execPath, ['scripts/judge.mjs', '--data', data, ...args], { cwd: ROOT }).then(
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
  // As another program does, numbers for all but each fifth picture, by what the labels say.
  const numbers = join(DATA, 'numbers.csv');
  const rows = pictures.map((path, i) => {
    const name = basename(path);
    return `${name},${i % 5 === 0 ? '' : (name < FOULED ? 0 : 100) + (i % 7)}`;
  });
  writeFileSync(numbers, ['image_name,value', ...rows, ''].join('\n'));
  const out = join(DATA, 'windows.csv');
  const { code, stdout, stderr } = await judge(EXAMPLE, '--numbers', numbers, '--out', out);
  expect(code, stderr).toBe(0);
  const cells = stdout
    .split('\n')
    .filter((line) => line.startsWith('| MADE REEF | 05-01 to 05-17 |'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const ofMethod = new Map(cells.map((row) => [row[4], row]));
  for (const name of ['growth', 'loss', 'conclusion', 'brightness', 'likeness.mjs', 'numbers.csv']) {
    expect(ofMethod.has(name), name).toBe(true);
  }
  const compared = new Map(cells.map((row) => [row[3], row]));
  const [own, other] = [ofMethod.get('likeness.mjs')!, ofMethod.get('brightness')!];
  expect(own.slice(1, 4)).toEqual(other.slice(1, 4));
  // The same windows.
  expect([own[5], own[8]]).toEqual([other[5], other[8]]);
  expect(Number(own[10])).toBeGreaterThan(0.9);

  // In the table of the same windows silence is the fourth cell.
  const [silent, clean, fouled, area] = compared.get('numbers.csv')!.slice(4, 8);
  const windows = csvParse(readFileSync(out, 'utf8'));
  const ofNumbers = windows.filter(({ method }) => method === 'numbers.csv');
  const pure = ofNumbers.filter(({ window }) => window === 'clean' || window === 'fouled');
  const told = pure.filter(({ level }) => level !== '');
  expect(silent).toBe(`${pure.length - told.length} of ${pure.length}`);
  expect(told.length).toBeLessThan(pure.length);
  expect(Number(clean) + Number(fouled)).toBeLessThanOrEqual(told.length);
  expect(area).toBe('1.000');
  expect(windows.filter(({ window }) => window === 'reference')).toHaveLength(Number(own[3]));
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

test('tables beside the pictures are taken before ours, and a person is told', async () => {
  const data = join(DATA, '..', 'made-tables');
  const camera = join(data, 'obsea-2014');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(join(camera, 'snapshots'), { recursive: true });
  copyFileSync(pictures[0]!, join(camera, 'snapshots', basename(pictures[0]!)));
  // Fouled, so the judge stops.
  const header = 'image_name,captured_at,lens,water,view,light,sure_1_vs_2';
  const theirs = label(basename(pictures[0]!)).replace(',0,0,A', ',2,0,A');
  writeFileSync(join(camera, 'labels.csv'), `${header}\n${theirs}\n`);
  const cycles = join(camera, 'cycles.csv');
  const cycle = 'wipe_before_picture,next_wipe_after_picture,first_lens2\n2026-05-01 00:00,2026-05-17 23:00,';
  try {
    writeFileSync(cycles, `${cycle.replace('\n', ',from_hour,to_hour\n')},0,24\n`);
    const both = await judged(data);
    expect(both.stderr).toMatch(
      /labels\.csv is not as benchmark.obsea-2014.labels\.csv: the one beside the pictures/,
    );
    expect(both.stderr).toMatch(/cycles\.csv is not as benchmark.obsea-2014.cycles\.csv: the one beside/);
    expect(both.stderr).toContain('OBSEA 2014, 05-01 to 05-17: no clean snapshot');

    writeFileSync(cycles, cycle);
    const older = await judged(data);
    expect(older.stderr).toMatch(
      /cycles\.csv lacks from_hour, to_hour: benchmark.obsea-2014.cycles\.csv is taken/,
    );
    expect(older.stderr).toContain('OBSEA 2014, 02-03 to 03-20: no clean snapshot');
    expect([both.code, older.code]).toEqual([1, 1]);

    cpSync(camera, join(data, 'no-hours'), { recursive: true });
    expect((await judged(data)).stderr).toMatch(
      /no-hours is left out: .*no-hours.cycles\.csv lacks from_hour or to_hour/,
    );
  } finally {
    rmSync(data, { recursive: true });
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
