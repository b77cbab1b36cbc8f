/** The package as a stranger gets it: built, packed, and installed without a network into an empty project. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import sirv from 'sirv';
import { build } from 'vite';
import { proposeLimits, type CalibrationInput } from '../../src/core/domain/drift/calibration';
import { Judge } from '../../src/core/domain/drift/judge';
import type { GlassPicture } from '../../src/core/domain/glass/picture';
import { cleanReference, filmed, grown, scene, seen } from '../domain/glass/glass-scenes';
import { autoregressiveStream } from '../domain/drift/streams';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FIXTURES = join(ROOT, 'tests/fixtures');

interface Case {
  readonly distances: readonly (number | null)[];
}
interface Sight {
  readonly move: readonly [number, number];
  readonly loss: readonly number[];
  readonly growth: readonly number[];
}
interface Judged {
  readonly code: string;
  readonly growth: number;
}
interface Answers {
  readonly streams: readonly (readonly (number | null)[])[];
  readonly limits: { readonly warning: number; readonly drift: number; readonly independent: number };
  readonly resized: unknown;
  readonly transforms: readonly (readonly number[])[];
  readonly sights: Readonly<Record<string, readonly Sight[]>>;
  readonly judged: readonly Judged[];
  readonly wiped: readonly string[];
}

/** Made with Frouros, Pillow and torchvision, numpy and scipy. */
const FROUROS = fixture<{ cases: readonly Case[] }>('mmd_streaming.json');
const PILLOW = fixture<{ items: readonly { name: string; resized_sha256: string }[] }>('resize/index.json');
const TORCH = fixture<{ cases: readonly { values: readonly number[][] }[] }>('resize/normalize.json');
const NUMPY = fixture<{ sights: Readonly<Record<string, readonly Sight[]>> }>('glass/glass.json');

const reef = scene(1);
const reference = cleanReference(reef);
const courses = {
  clean: [seen(reef, 200), seen(reef, 201)],
  moved: [seen(reef, 202, 6, -10), seen(reef, 203, 6, -11)],
  // Those after the third are for the verdict, which a window of them must agree on.
  grown: Array.from({ length: 14 }, (_, i) => grown(seen(reef, 204 + i), 5, 120)),
  filmed: [filmed(seen(reef, 208))],
};
const run = autoregressiveStream(24 * 20, { phi: 0.5, seed: 1 });
const calibration: CalibrationInput = {
  reference: run.slice(0, 240).map(({ embedding }) => embedding),
  clean: run.slice(240).map((sighting) => ({ ...sighting, brightness: 0.5 })),
  dirty: [],
  detector: { name: 'mmd-streaming', windowSize: 12, sigma: 2 },
  persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
  floor: null,
  usedTimes: [],
};
const GIVEN = {
  streams: FROUROS.cases,
  calibration,
  transforms: TORCH.cases,
  reference: reference.map(inText),
  courses: Object.fromEntries(
    Object.entries(courses).map(([name, pictures]) => [name, pictures.map(inText)]),
  ),
};

let project = '';
let readme = '';
let server: Server;
let address = '';

test.beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'porthole-package-'));
  npm(ROOT, 'run', '--silent', 'build:package');
  npm(ROOT, 'pack', './package', '--silent', '--pack-destination', project);
  const [tarball] = readdirSync(project);
  write('package.json', JSON.stringify({ private: true, type: 'module' }));
  npm(project, 'install', '--offline', '--no-audit', '--no-fund', `./${tarball}`);
  readme = readFileSync(join(project, 'node_modules/porthole/README.md'), 'utf8');
  write('ten-lines.js', codeOf('drift'));
  write('resize.js', codeOf('transform'));
  write('judge.js', codeOf('glass'));
  copyFileSync(join(ROOT, 'tests/scripts/answers.mjs'), join(project, 'answers.js'));
  write('given.json', json(GIVEN));
  const imports = Object.fromEntries(
    ['drift', 'glass', 'transform'].map((entry) => [
      `porthole/${entry}`,
      `./node_modules/porthole/${entry}.js`,
    ]),
  );
  write('page.html', `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script>`);
  server = createServer(sirv(project, { dev: true }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(project, { recursive: true, force: true });
});

function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as T;
}

/** Embeddings as arrays. */
function json(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (each instanceof Float32Array ? [...each] : each));
}

function inText({ data, height, width }: GlassPicture) {
  return { base64: Buffer.from(data).toString('base64'), height, width };
}

function npm(cwd: string, ...args: readonly string[]): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
}

function write(name: string, text: string): void {
  writeFileSync(join(project, name), text);
}

/** The example of one entry. */
function codeOf(entry: string): string {
  return new RegExp(`## \`porthole/${entry}\`.*?\`\`\`js\n(.*?)\`\`\``, 's').exec(readme)![1]!;
}

function lastLineOf(entry: string): string {
  return codeOf(entry).trimEnd().split('\n').at(-1)!;
}

function node(...args: readonly string[]): string {
  const env = { ...process.env, FORCE_COLOR: '0' };
  return execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8', env, maxBuffer: 1 << 26 });
}

/** Within 1e-12, as in mmd-streaming.spec.ts. */
function expectDistances(actual: readonly (number | null)[], expected: readonly (number | null)[]): void {
  expect(actual.map((distance) => distance === null)).toEqual(expected.map((distance) => distance === null));
  const errors = actual.map((distance, i) => Math.abs((distance ?? 0) - (expected[i] ?? 0)));
  expect(Math.max(...errors)).toBeLessThan(1e-12);
}

/** Within the tolerances of the specs that compare the same numbers in src. */
async function expectGolden(answers: Answers): Promise<void> {
  for (const [i, { distances }] of FROUROS.cases.entries()) expectDistances(answers.streams[i]!, distances);
  const limits = (await proposeLimits(calibration))!;
  expect(answers.limits.warning).toBeCloseTo(limits.proposal.thresholds.warning, 9);
  expect(answers.limits.drift).toBeCloseTo(limits.proposal.thresholds.drift, 9);
  expect(answers.limits.independent).toBeCloseTo(limits.independent!.drift, 9);
  const { resized_sha256: hex } = PILLOW.items.find(({ name }) => name === 'checker_extremes_1000x700')!;
  expect(answers.resized).toEqual({ hex, bytes: 3 * 384 * 216, isScaled: true });
  expect(answers.transforms).toEqual(TORCH.cases.map(({ values }) => values.flat()));
  for (const [name, sights] of Object.entries(answers.sights)) {
    for (const [i, wanted] of NUMPY.sights[name]!.entries()) {
      const { move, loss, growth } = sights[i]!;
      expect(move, name).toEqual(wanted.move);
      expect(furthest(loss, wanted.loss), name).toBeLessThan(2e-4);
      expect(furthest(growth, wanted.growth), name).toBeLessThan(1e-4);
    }
  }
  const codes = answers.judged.map(({ code }) => code);
  expect(codes.slice(0, courses.clean.length)).toEqual(['clear', 'clear']);
  expect(codes.at(-1)).toBe('growth');
  expect(answers.wiped).toEqual(['growth', 'warming-up']);
}

function furthest(actual: readonly number[], wanted: readonly number[]): number {
  expect(actual).toHaveLength(wanted.length);
  return Math.max(...wanted.map((value, i) => Math.abs(actual[i]! - value)));
}

test('ten lines of its README give Frouros’ distances in an empty Node project and in a plain page', async ({
  page,
}) => {
  const lines = codeOf('drift').trimEnd().split('\n');
  expect(lines.filter((line) => !line.startsWith('//'))).toHaveLength(10);
  const wanted = FROUROS.cases[0]!.distances.slice(0, 4);
  expectDistances(numbersIn(node('ten-lines.js')), wanted);

  const logged: string[] = [];
  page.on('console', (message) => logged.push(message.text()));
  const plain = readFileSync(join(project, 'page.html'), 'utf8');
  write('ten-lines.html', `${plain}<script type="module" src="ten-lines.js"></script>`);
  await page.goto(`${address}/ten-lines.html`);
  await expect.poll(() => logged.length).toBe(wanted.length);
  expectDistances(numbersIn(logged.join('\n')), wanted);
});

function numbersIn(text: string): (number | null)[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as number | null);
}

test('its numbers stand below its examples', () => {
  const wanted = FROUROS.cases[0]!.distances.slice(0, 4).map((distance) => distance ?? 'None');
  expect(lastLineOf('drift')).toBe(`// Frouros: ${wanted.join(', ')}`);
  expect(lastLineOf('transform')).toBe(`// ${node('resize.js').trim()}`);
});

test('its numbers in Node are those of Frouros, Pillow, torchvision and numpy', async () => {
  const asked = `
    import { readFileSync } from 'node:fs';
    import { answers } from './answers.js';
    console.log(JSON.stringify(await answers(JSON.parse(readFileSync('given.json', 'utf8')))));`;
  await expectGolden(JSON.parse(node('--input-type=module', '-e', asked)) as Answers);
});

test('so they are in a page without a bundler', async ({ page }) => {
  await page.goto(`${address}/page.html`);
  await expectGolden(await answersOf(page, '/answers.js'));
});

test('so they are in a bundle by Vite @long', async ({ page }) => {
  const output = { entryFileNames: '[name].js' };
  await build({
    configFile: false,
    root: project,
    logLevel: 'warn',
    base: '/bundle/',
    build: {
      outDir: 'bundle',
      rolldownOptions: { input: 'answers.js', preserveEntrySignatures: 'strict', output },
    },
  });
  await page.goto(`${address}/given.json`);
  await expectGolden(await answersOf(page, '/bundle/answers.js'));
});

/** @param module - its path at the project's address */
async function answersOf(page: Page, module: string): Promise<Answers> {
  return page.evaluate(async (module) => {
    const { answers } = await import(module);
    return JSON.parse(JSON.stringify(await answers(await (await fetch('/given.json')).json())));
  }, module);
}

test('the lines of docs/calibration.md compare two sets by days and judge a history by other settings', () => {
  const docs = readFileSync(join(ROOT, 'docs/calibration.md'), 'utf8');
  write('compare.js', /```js\n(.*?)```/s.exec(docs)![1]!);
  const rows = (from: number, length: number, shift = 0) =>
    run.slice(from, from + length).map(({ embedding }) => [...embedding].map((value) => value + shift));
  const days = (from: number, shift = 0) =>
    Array.from({ length: 5 }, (_, day) => rows(from + 24 * day, 24, shift));
  const { detector, persistence } = calibration;
  const judging = { detector, persistence, thresholds: { warning: 0.1, drift: 0.2 } };
  write('sets.json', json({ a: days(0), b: days(120), c: days(120, 2), judging, history: rows(240, 60, 1) }));
  const asked = `
    import { readFileSync } from 'node:fs';
    import { compare, replay } from './compare.js';
    const embeddings = (value) => Array.isArray(value[0]) ? value.map(embeddings) : Float32Array.from(value);
    const { judging, ...sets } = JSON.parse(readFileSync('sets.json', 'utf8'));
    const [a, b, c, history] = ['a', 'b', 'c', 'history'].map((name) => embeddings(sets[name]));
    console.log(JSON.stringify([compare(a, b), compare(a, c), replay(history, a.flat(), judging)]));`;
  const [same, other, replayed] = JSON.parse(node('--input-type=module', '-e', asked)) as [
    { pValue: number },
    { pValue: number },
    { distance: number | null; driftStatus: string }[],
  ];
  expect(same.pValue).toBeGreaterThan(0.05);
  expect(other.pValue).toBeLessThan(0.02);
  const judge = new Judge(
    judging,
    rows(0, 120).map((row) => Float32Array.from(row)),
  );
  const wanted = rows(240, 60, 1).map((row) => judge.update(Float32Array.from(row)));
  expect(replayed).toEqual(wanted);
  expect(new Set(replayed.map(({ driftStatus }) => driftStatus))).toContain('drift');
});

test('a strict TypeScript finds its types with either resolution', () => {
  write(
    'consumer.ts',
    `import { AppError, Judge, MMDStreaming, proposeLimits, type Judgement, type Thresholds } from 'porthole/drift';
    import { fitGlass, GlassStream, openGlass, type ConclusionCode, type GlassFit } from 'porthole/glass';
    import { openResizer, toTensor, type Transform } from 'porthole/transform';
    export const thresholds: Thresholds = { warning: 0.05, drift: 0.1 };
    export const distance: number | null = new MMDStreaming({ windowSize: 12, sigma: 0.3 }).update(Float32Array.of(1));
    export const judged = (judge: Judge): Judgement => judge.update(Float32Array.of(1));
    export const limits: typeof proposeLimits = proposeLimits;
    export async function code(fit: GlassFit, image: ImageData): Promise<ConclusionCode> {
      const { kernels, pictureOf } = await openGlass();
      return new GlassStream(fit, kernels).next(pictureOf(image.data, image)).conclusion.code;
    }
    export async function tensor(image: ImageData, transform: Transform): Promise<Float32Array> {
      const numbers = new Float32Array(3 * transform.resize.height * transform.resize.width);
      toTensor((await openResizer()).resize(image.data, image, transform.resize), transform, numbers, 0);
      return numbers;
    }
    export const isExpected = (error: unknown) => error instanceof AppError && error.code === 'not-fitted';
    // @ts-expect-error
    fitGlass('no pictures');
    // @ts-expect-error
    new MMDStreaming({ windowSize: 12 });
    `,
  );
  const compiler = join(ROOT, 'node_modules/@typescript/native-preview/bin/tsc');
  for (const modules of ['esnext --moduleResolution bundler', 'nodenext']) {
    const options = `--noEmit --strict --target es2022 --module ${modules} consumer.ts`;
    expect(node(compiler, ...options.split(' ')), modules).toBe('');
  }
});

test('nothing comes with it but what the notices beside it name', () => {
  const folder = join(project, 'node_modules');
  expect(readdirSync(folder).filter((name) => !name.startsWith('.'))).toEqual(['porthole']);
  const files = readdirSync(join(folder, 'porthole'));
  const code = files.filter((name) => name.endsWith('.js'));
  for (const name of code) {
    const text = readFileSync(join(folder, 'porthole', name), 'utf8');
    // Import and export of another module than one beside it.
    expect(text, name).not.toMatch(/\b(?:from|import) ?\(?['"](?!\.\/)/);
    expect(text, name).not.toContain('node_modules');
  }
  const notices = readFileSync(join(folder, 'porthole/licences.txt'), 'utf8');
  const named = notices.split(/\n=+\n/).map((notice) => notice.trim().split(' ')[0]);
  expect(named).toEqual(['porthole', 'assemblyscript']);
  expect(files).toContain('LICENSE');
});

test('its version and terms are the repository’s, and it stays private', () => {
  const wanted = manifestOf(ROOT);
  const got = manifestOf(join(project, 'node_modules/porthole'));
  for (const key of ['name', 'version', 'license', 'private', 'type', 'engines'])
    expect(got[key]).toEqual(wanted[key]);
  expect(got['private']).toBe(true);
  expect(got).not.toHaveProperty('dependencies');
});

function manifestOf(folder: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
}
