import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { methodOfFile, openMethod } from '../../../scripts/judge/method-file.mjs';
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
  ] as const;
  for (const [text, message] of failing) await expect(judged(text), text).rejects.toThrow(message);
  const random = 'export default () => () => Math.random();';
  await expect(judged(random, course(35))).rejects.toThrow(/reference of 35 is too small, 36 are needed/);
});
