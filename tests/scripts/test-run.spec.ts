import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ROOT } from '../../scripts/prepare.mjs';

let folder: string;

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-run-'));
  // A project of its own with the packages of this one.
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  writeFileSync(join(folder, 'playwright.config.mjs'), 'export default { workers: 2 };');
});
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Playwright in Playwright: without what tells a process that it is a worker of this run. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(TEST_|PLAYWRIGHT_|FORCE_COLOR|DEBUG_COLORS)/.test(name)),
);
const RUN = join(ROOT, 'scripts', 'test', 'run.mjs');

/** Runs a project of these specs. */
async function run(specs: Record<string, string>, options: object = {}) {
  for (const [name, text] of Object.entries(specs))
    writeFileSync(
      join(folder, `${name}.spec.mjs`),
      `import { existsSync, writeFileSync } from 'node:fs'; import { expect, test } from '@playwright/test'; ${text}`,
    );
  const work = `import { runTests } from ${JSON.stringify(RUN)};
    process.exitCode = await runTests(${JSON.stringify(folder)}, [], ${JSON.stringify(options)}).ended;`;
  const args = ['--input-type=module', '--eval', work];
  return new Promise<{ code: number; told: string; last: string }>((resolve) => {
    execFile(process.execPath, args, { cwd: folder, env: environment }, (error, told) => {
      resolve({ code: Number(error?.code ?? 0), told, last: told.trim().split('\n').at(-1)! });
    });
  });
}

const unsteadyFile = () => join(folder, 'test-results', 'unsteady.txt');

const PASSES = `test('passes', () => {}); test('is skipped', () => { test.skip(true, 'nothing to test'); });`;
/** Fails where its mark is missing, and makes it. */
const ONCE = `test.describe('a suite', () => test('fails once', () => {
  const before = existsSync('mark'); writeFileSync('mark', ''); expect(before).toBe(true);
}));`;
const BROKEN = `test('is broken', () => { expect(1).toBe(2); });`;

test('tests that pass run once, and what was skipped is no failure', async () => {
  const { code, told, last } = await run({ passes: PASSES });
  expect({ code, last }).toEqual({ code: 0, last: '1 passed, 0 failed, 1 skipped' });
  expect(told).toContain('1 skipped: nothing to test');
  expect(told).not.toContain('once more');
});

test('a test that passes alone is unsteady: the run passes, and names it at its end and in a file', async () => {
  const { code, told, last } = await run({ passes: PASSES, once: ONCE });
  expect({ code, last }).toEqual({ code: 0, last: '2 passed, 0 failed, 1 skipped, 1 unsteady' });
  const listed = readFileSync(unsteadyFile(), 'utf8');
  expect(listed).toContain('once.spec.mjs:1 › a suite › fails once');
  expect(listed).toContain('toBe');
  expect(told).toContain(listed);
});

test('a test that fails twice is broken, beside an unsteady one as well', async () => {
  const { code, told, last } = await run({ once: ONCE, broken: BROKEN });
  expect({ code, last }).toEqual({ code: 1, last: '1 passed, 1 failed, 0 skipped, 1 unsteady' });
  expect(readFileSync(unsteadyFile(), 'utf8')).not.toContain('is broken');
  expect(told.match(/is broken/g)!.length).toBeGreaterThan(1);
});

test('a process that ends in the middle of a test is a failure, each time', async () => {
  const { code, last } = await run({ ends: `test('ends', () => { process.exit(7); });` });
  expect({ code, last }).toEqual({ code: 1, last: '0 passed, 1 failed, 0 skipped' });
});

test('tests that a failed set-up kept from running run with it again', async () => {
  const { code, last } = await run({
    set: `test.beforeAll(() => { const before = existsSync('mark'); writeFileSync('mark', ''); expect(before).toBe(true); });
      test.describe.configure({ mode: 'serial' }); test('first', () => {}); test('second', () => {});`,
  });
  expect({ code, last }).toEqual({ code: 0, last: '2 passed, 0 failed, 0 skipped, 1 unsteady' });
});

test('a spec that cannot be loaded, or an error of no test, is red at once', async () => {
  const unloadable = await run({ broken: 'nothing.here();', once: ONCE });
  expect(unloadable.code).toBe(1);
  expect(unloadable.told).not.toContain('once more');
  rmSync(join(folder, 'broken.spec.mjs'));
  const late = await run({
    once: ONCE,
    late: `const late = test.extend({ it: [async ({}, use) => { await use(1); throw new Error('late'); }, { scope: 'worker', auto: true }] });
      late('passes', () => {});`,
  });
  expect(late.code).toBe(1);
  expect(late.told).not.toContain('once more');
});

test('many failures are no unsteadiness, and a test that is to run once runs once', async () => {
  const many = await run({
    many: `for (let i = 0; i < 11; i++) test('broken ' + i, () => { expect(i).toBe(-1); });`,
  });
  expect({ code: many.code, last: many.last }).toEqual({ code: 1, last: '0 passed, 11 failed, 0 skipped' });
  expect(many.told).toContain('11 failed, too many to be unsteady: none runs again.');
  rmSync(join(folder, 'many.spec.mjs'));
  const once = await run({ once: ONCE }, { isOnce: true });
  expect({ code: once.code, last: once.last }).toEqual({ code: 1, last: '0 passed, 1 failed, 0 skipped' });
  expect(existsSync(unsteadyFile())).toBe(false);
});
