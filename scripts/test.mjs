/**
 * `npm test`: installs, finds or installs a browser, builds, then checks and runs the tests without @long in their
 * titles side by side, and says how long each took. With arguments for Playwright: no checks, and the tests that these
 * name.
 */
import { spawn, spawnSync } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { build, prepare, ROOT, run, stop } from './prepare.mjs';

/** Finished parts, with their seconds. */
const parts = [];
const begun = performance.now();
process.on('exit', () => {
  const all = parts.map(({ name, seconds }) => `${name} ${clock(seconds)}`).join(', ');
  console.log(`Took ${clock((performance.now() - begun) / 1000)}: ${all}.`);
});

await timed('packages', prepare);
const { hasChromium } = await import('./browser.mjs');
await timed('browser', ensureBrowser);
await timed('build', build);
const named = process.argv.slice(2);
if (named.length > 0) {
  stopOn(await timed('tests', () => playwright(named).ended), 'A test failed; the lines above say which.');
} else {
  // The page may have been built before, and these may be gone.
  for (const made of ['build:wasm', 'build:words']) run('npm', ['run', '--silent', made]);
  const tests = playwright(['--grep-invert', '@long']);
  // After the checks, which need a core for four minutes: a mistake that they find is told soon, and ends the tests.
  setPriority(tests.child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  let wereStopped = false;
  // One at a time: the tests alone have more workers than CI has cores.
  const checking = timed('checks beside them', async () => {
    const { ended, told } = begin('npm', ['run', '--silent', 'checks', '--', '--max-processes', '1'], 'pipe');
    const code = await ended;
    if (code === 0) {
      console.log('The checks passed.');
      return 0;
    }
    wereStopped = tests.child.exitCode === null && tests.child.kill('SIGINT');
    await tests.ended;
    console.error(told());
    console.error(
      `A check failed${wereStopped ? ', and the tests were stopped' : ''}; the lines above say which.`,
    );
    return code;
  });
  const failed = await timed('tests', () => tests.ended);
  if (failed !== 0 && !wereStopped) console.error('A test failed; the lines above say which.');
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

/** @param {readonly string[]} args */
function playwright(args) {
  // Not through npx, which would keep what stops it for itself.
  return begin(process.execPath, ['node_modules/@playwright/test/cli.js', 'test', ...args], 'inherit');
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
