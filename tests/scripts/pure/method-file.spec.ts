import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { comparedRows, windowRows } from '../../../scripts/judge/compared.mjs';
import {
  methodOfFile,
  methodOfNumbers,
  openMethod,
  openNumbers,
} from '../../../scripts/judge/method-file.mjs';
import { figures, tableRow } from '../../../scripts/judge/table.mjs';

const DEMO = new URL('../../../public/demo/', import.meta.url);
const HOUR = 3_600_000;
const { reference: names } = JSON.parse(readFileSync(new URL('index.json', DEMO), 'utf8')) as {
  reference: string[];
};

let folder = '';
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-method-'));
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Snapshots an hour apart; all show one of the demo's pictures. */
function snapshots(count: number, first: number, truth: 'clean' | 'fouled') {
  return Array.from({ length: count }, (_, i) => ({
    picture: {
      name: `${truth}-${first + i}.jpg`,
      path: fileURLToPath(new URL(`reference/${names[0]}`, DEMO)),
      height: 0,
      width: 0,
      data: new Uint8Array(),
    },
    capturedAt: (first + i) * HOUR,
    truth,
    isMurky: false,
    isClean: truth === 'clean',
    isDefended: true,
  }));
}

function course(referenceLength: number) {
  const reference = snapshots(referenceLength, 0, 'clean');
  const stream = [
    ...snapshots(14, referenceLength, 'clean'),
    ...snapshots(14, referenceLength + 14, 'fouled'),
  ];
  const given = reference;
  const whole = [...reference, ...stream];
  const rest = { given, whole, earlier: [], fouledBefore: [], onset: (referenceLength + 14) * HOUR };
  return { camera: 'Reef', cycle: 'May', reference, stream, ...rest };
}

let files = 0;
async function judged(text: string, of = course(36)) {
  const file = join(folder, `${files++}.mjs`);
  writeFileSync(file, text);
  const { name, said } = await methodOfFile(await openMethod(file), [of]);
  return { name, lines: said[0]! };
}

test('limits come from clean windows that a method was not fitted to', async () => {
  // Three windows of the reference are left out, with 1, 2 and 4; later ones have 0, then 5, then 9.
  const { lines } = await judged(`
    export default (reference) => {
      const fitted = new Set(reference.map(({ name }) => name));
      return (window) => {
        const last = Number(window.at(-1).name.match(/[0-9]+/)[0]);
        if (last < 36 && window.some(({ name }) => fitted.has(name))) throw new Error('was fitted to it');
        return { 11: 1, 23: 2, 35: 4, 62: 5, 63: 9 }[last] ?? 0;
      };
    };`);
  expect(lines).toHaveLength(28);
  expect(lines.slice(0, 11).every(({ distance, level }) => distance === null && level === null)).toBe(true);
  expect(lines[11]).toEqual({ distance: -0.05, level: 'normal', isAside: false });
  expect(lines[26]!.distance).toBeCloseTo(0.075);
  expect(lines[27]!.distance).toBeCloseTo(0.175);
  expect(lines.slice(-2).map(({ level }) => level)).toEqual(['warning', 'drift']);
});

test('a reference of less than three windows is cut into two parts', async () => {
  const { lines } = await judged(
    `export default (reference) => {
      if (![17, 18, 35].includes(reference.length)) throw new Error('another part');
      return (window) => Number(window.at(-1).name.match(/[0-9]+/)[0]);
    };`,
    course(35),
  );
  // Its clean windows end with 11 to 17 and 29 to 34: the median is 17.
  expect(lines[11]!.distance).toBeCloseTo((0.05 * (46 - 17)) / 17);
});

test('a window is twelve decoded pictures in capture order, and has its place in the table', async () => {
  const of = course(40);
  const { name, lines } = await judged(
    `
    export default async () => async (window) => {
      const [last] = window.slice(-1);
      const { width, height, data } = last.decode();
      const isOrdered = window.every(({ capturedAt }, i) => capturedAt === last.capturedAt - (11 - i) * ${HOUR});
      if (!isOrdered || window.length !== 12) throw new Error('another window');
      if (data.length !== 3 * width * height || width !== 640 || height !== 360) throw new Error('another size');
      return last.capturedAt;
    };`,
    of,
  );
  expect(tableRow(name, of, figures(of, lines))).toMatchObject({
    method: name,
    reference: 40,
    'clean windows': 3,
    'fouled windows': 3,
    AUC: '1.000',
    aside: '0 of 28',
  });
});

test('a method may abstain: windows are counted, and ours is compared on the others', async () => {
  const of = course(36);
  // Of three clean and three fouled windows it abstains at the first of each.
  const text = `export default () => (window) => {
    const last = Number(window.at(-1).name.match(/[0-9]+/)[0]);
    return [11, 47, 61].includes(last) ? null : last;
  };`;
  const { name, lines } = await judged(text, of);
  expect(lines.filter(({ distance, level }) => distance === null && level === null)).toHaveLength(13);
  expect(figures(of, lines)).toMatchObject({ clean: 2, fouled: 2, auc: 1 });

  // Ours is wrong only where the other abstains, and sets another one aside.
  const ours = of.stream.map(({ truth, picture }) => ({
    distance: picture.name === 'fouled-61.jpg' ? -1 : truth === 'fouled' ? 0.2 : 0,
    level: 'normal' as const,
    isAside: picture.name === 'clean-49.jpg',
  }));
  const conclusion = { name: 'ours', said: [ours] };
  const rows = comparedRows([of], conclusion, [conclusion, { name, said: [lines] }]);
  const area = 'AUC of ours';
  expect(rows.map((row) => [row.silent, row['clean windows'], row['fouled windows'], row[area]])).toEqual([
    ['1 of 6', 2, 3, '0.667'],
    ['2 of 6', 1, 2, '1.000'],
  ]);
  expect(rows[1]!.AUC).toBe('1.000');
});

test('areas of a camera’s cycles are pooled, and few fouled pictures are judged in mixed windows', () => {
  const few = course(36);
  few.stream.splice(-9);
  const said = (shift: number) =>
    few.stream.map((_, i) => ({ distance: i + shift, level: 'normal' as const, isAside: false }));
  const method = { name: 'rising', said: [said(0), said(20)] };
  const rows = comparedRows([few, { ...few, cycle: 'June' }], method, [method]);
  expect(
    rows.map((row) => [row.cycle, row['clean windows'], row['fouled windows'], row.AUC, row.silent]),
  ).toEqual([
    ['May', 3, 5, '1.000', '0 of 8'],
    ['June', 3, 5, '1.000', '0 of 8'],
    // 5 × 3 pairs of May’s fouled windows and June’s clean ones are the wrong way round.
    ['all cycles', 6, 10, '0.750', '0 of 16'],
  ]);
});

test('each window has a row, and so has each picture of the reference', async () => {
  const of = course(36);
  const { name, lines } = await judged(
    `export default () => (window) => {
      const last = Number(window.at(-1).name.match(/[0-9]+/)[0]);
      return last === 62 ? null : last;
    };`,
    of,
  );
  const rows = windowRows([of], [{ name, said: [lines] }]);
  expect(rows.filter(({ window }) => window === 'reference')).toHaveLength(36);
  expect(rows.slice(36).map(({ window }) => window)).toEqual([
    ...Array.from({ length: 3 }, () => 'clean'),
    ...Array.from({ length: 11 }, () => 'mixed'),
    ...Array.from({ length: 3 }, () => 'fouled'),
  ]);
  const [last, abstained] = [rows.at(-1)!, rows.at(-2)!];
  expect(last).toMatchObject({ camera: 'Reef', cycle: 'May', method: name, image_name: 'fouled-63.jpg' });
  expect([last.captured_at, last.level]).toEqual(['1970-01-03T15:00:00.000Z', 'drift']);
  expect(last.distance).toBeCloseTo(lines.at(-1)!.distance!);
  expect([abstained.image_name, abstained.distance, abstained.level]).toEqual(['fouled-62.jpg', '', '']);
});

function numbersOf(rows: readonly string[], header = 'image_name,value') {
  const file = join(folder, `${files++}.csv`);
  writeFileSync(file, [header, ...rows].join('\n'));
  return openNumbers(file);
}

test('numbers of another program are judged as a method’s are, on the same windows', async () => {
  const of = course(36);
  const names = [...of.reference, ...of.stream].map(({ picture }) => picture.name);
  const value = (name: string) => (name === 'fouled-62.jpg' ? '' : `${Number(/\d+/.exec(name)) % 36}`);
  const { name, said } = methodOfNumbers(numbersOf(names.map((each) => `${each},${value(each)}`)), [of]);
  expect(name).toMatch(/^\d+\.csv$/);
  const lines = said[0]!;
  expect(lines.slice(0, 11).every(({ distance }) => distance === null)).toBe(true);
  // Of 0 to 35 the median is 17.5, the highest 35.
  expect(lines[11]!.distance).toBeCloseTo((0.05 * (11 - 17.5)) / 17.5);
  expect(lines[26]).toEqual({ distance: null, level: null, isAside: false });
  expect(lines[27]!.distance).toBeCloseTo((0.05 * (27 - 17.5)) / 17.5);
});

test('numbers that can’t be judged are told by their row', () => {
  const of = course(36);
  const last = of.stream.at(-1)!.picture.name;
  for (const [rows, message, header] of [
    [['a.jpg,1', 'a.jpg,2'], /\.csv has a\.jpg twice/],
    [['a.jpg,NA'], /\.csv, a\.jpg: NA is no number\. An empty value abstains/],
    [['a.jpg,1'], /lacks the column value/, 'image_name,score'],
    [['a.jpg,1'], /\.csv has no number for a window of the cameras/],
    [[`${last},1`], /Reef, May: no clean window of the reference has a number: no limit follows/],
    [
      [`${last},1`, 'clean-0.jpg,2', 'clean-1.jpg,2'],
      /Reef, May: all clean windows of the reference have the number 2/,
    ],
  ] as [string[], RegExp, string?][])
    expect(() => methodOfNumbers(numbersOf(rows, header), [of]), rows.join()).toThrow(message);
  expect(() => openNumbers(join(folder, 'missing.csv'))).toThrow(/There is no file .*missing\.csv/);
});

test('a method that fails says at which window', async () => {
  await expect(openMethod(join(folder, 'missing.mjs'))).rejects.toThrow(/There is no method .*missing\.mjs/);
  const failing = [
    ['export const score = 1;', /The default export of .*\.mjs is not a function/],
    ['export default (', /\.mjs can’t be loaded: SyntaxError/],
    [
      'export default () => 3;',
      /Reef, May, fit to clean-12\.jpg to clean-35\.jpg: it gives no function, but 3/,
    ],
    ['export default () => () => NaN;', /Reef, May, window clean-0\.jpg to clean-11\.jpg: .*, but NaN/],
    [
      "export default () => () => { throw new Error('no colour') };",
      /window clean-0\.jpg .*: Error: no colour/,
    ],
    ['export default () => () => 0;', /have the number 0: no limit follows/],
    ['export default () => () => null;', /no clean window of the reference has a number: no limit follows/],
  ] as const;
  for (const [text, message] of failing) await expect(judged(text), text).rejects.toThrow(message);
  const random = 'export default () => () => Math.random();';
  await expect(judged(random, course(23))).rejects.toThrow(/reference of 23 is too small, 24 are needed/);
});
