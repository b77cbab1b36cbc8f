/**
 * `npm test`: installs, finds or installs a browser, checks the formatting and builds, then checks the rest and runs the
 * tests without @long in their titles side by side, and says how long each took. With `--changed`: those tests and checks
 * that what differs from the last commit can reach, or from the commit in `--changed=main`. With arguments for Playwright:
 * no checks, and the tests that these name. What fails runs once more, alone, unless `--repeat-each` asks how steady it is.
 */
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { build, prepare, ROOT, run, stop } from './prepare.mjs';
import { runTests } from './test/run.mjs';

/** Finished parts, with their seconds. */
const parts = [];
const begun = performance.now();
const FAILED = 'A test failed; the lines above say which.';
process.on('exit', () => {
  const all = parts.map(({ name, seconds }) => `${name} ${clock(seconds)}`).join(', ');
  console.log(`Took ${clock((performance.now() - begun) / 1000)}: ${all}.`);
});

await timed('packages', prepare);
const { hasChromium } = await import('./browser.mjs');
await timed('browser', ensureBrowser);
const given = process.argv.slice(2);
const since = /^--changed(?:=(.+))?$/.exec(given[0] ?? '');
if (given.length > 0 && !since) {
  await timed('build', build);
  const isOnce = given.some((argument) => argument.startsWith('--repeat-each'));
  stopOn(await timed('tests', () => runTests(ROOT, given, { isOnce }).ended), FAILED);
} else {
  const { CHECKS, changedSince, reachedBy } = await import('./changed.mjs');
  let chosen = { specs: [], checks: Object.keys(CHECKS) };
  if (since) {
    const commit = since[1] ?? 'HEAD';
    const changed = changedSince(commit);
    if (changed.length === 0) stop(`Nothing differs from ${commit}.`, 0);
    chosen = reachedBy(changed);
    const { specs, of, checks } = chosen;
    console.log(
      `Files that differ: ${changed.length}. They can reach ${specs.length} of ${of} specs, and the checks ${['format', ...checks].join(', ')}.`,
    );
  }
  await checkFormatAndBuild();
  await checkAndTest(chosen, given.slice(1));
}

/** Side by side, since both need one core; the formatting, which takes seconds, is told before the build is there. */
async function checkFormatAndBuild() {
  const work = `import { build } from './scripts/prepare.mjs'; build();`;
  const building = timed(
    'build',
    () => begin(process.execPath, ['--input-type=module', '--eval', work], 'inherit').ended,
  );
  const isFormatted =
    (await timed('format', () => begin('npm', ['run', '--silent', 'check:format'], 'inherit').ended)) === 0;
  if (!isFormatted) console.error('npm run format writes these files as they should be.');
  const code = await building;
  if (code !== 0 || !isFormatted) process.exit(code || 1);
}

/** @param {{ specs: string[], checks: string[] }} chosen - no specs: all @param {readonly string[]} more - for Playwright */
async function checkAndTest({ specs, checks }, more) {
  // The page may have been built before, and these may be gone.
  for (const made of ['build:wasm', 'build:words']) run('npm', ['run', '--silent', made]);
  const tests = runTests(ROOT, ['--grep-invert', '@long', ...more, ...specs], {
    // After the checks, which need a core for four minutes: a mistake that they find is told soon, and ends the tests.
    priority: constants.priority.PRIORITY_BELOW_NORMAL,
  });
  let wereStopped = false;
  // One at a time: the tests alone have more workers than CI has cores.
  const checking = timed('checks beside them', async () => {
    if (checks.length === 0) return 0;
    const names = checks.map((check) => `npm:check:${check}`);
    const { ended, told } = begin(
      'npm',
      ['run', '--silent', 'checks', '--', '--max-processes', '1', ...names],
      'pipe',
    );
    const code = await ended;
    if (code === 0) {
      console.log('The checks passed.');
      return 0;
    }
    wereStopped = tests.stop();
    await tests.ended;
    console.error(told());
    console.error(
      `A check failed${wereStopped ? ', and the tests were stopped' : ''}; the lines above say which.`,
    );
    return code;
  });
  const failed = await timed('tests', () => tests.ended);
  if (failed !== 0 && !wereStopped) console.error(FAILED);
  process.exitCode = (await checking) || failed;
}

/** Measures a part. @returns what its work returns */
async function timed(name, work) {
  const from = performance.now();
  try {
    return await work();
  } finally {
    parts.push({ name, seconds: (performance.now() - from) / 1000 });
  }
}

/** @param {number} seconds */
function clock(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Begins a command in the project's folder. @returns its process, its exit code once it ends, and what it told a pipe */
function begin(command, args, stdio) {
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: ['ignore', stdio, stdio],
    shell: process.platform === 'win32' && command === 'npm',
  });
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => lines.push(data));
  const ended = new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
  return { child, ended, told: () => Buffer.concat(lines).toString() };
}

/** @param {number} code */
function stopOn(code, message) {
  if (code !== 0) stop(message, code);
}

/** An installed Chromium, else Playwright's own, else Debian's package: the first that is there or can be had. */
async function ensureBrowser() {
  if (await hasChromium()) return;
  console.log('No Chromium found; trying to install one…');
  spawnSync('npx', ['playwright', 'install', 'chromium'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (await hasChromium()) return;
  if (process.getuid?.() === 0) {
    spawnSync('apt-get', ['update', '-q'], { stdio: 'inherit' });
    spawnSync('apt-get', ['install', '-y', '-q', 'chromium'], { stdio: 'inherit' });
  }
  if (await hasChromium()) return;
  stop(
    'The tests need a Chromium. Install one (Debian, Ubuntu: sudo apt-get install chromium), or name it: PORTHOLE_CHROMIUM=/path/to/chrome npm test',
  );
}
