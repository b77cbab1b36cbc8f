/**
 * Runs Playwright, and what failed once more, alone: a test that passes then is unsteady, one that fails twice is broken.
 * Playwright's own retries would run it again beside the others, under the same load.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../prepare.mjs';
import { resultsIn } from './results.mjs';

// Not through npx, which would keep what stops it for itself.
const PLAYWRIGHT = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');
const SKIPS = join(ROOT, 'tests', 'skip-reporter.ts');
/** Playwright's exit code when somebody stopped it. */
const STOPPED = 130;

/** Below the project's folder. */
const FIRST = 'test-results';
/** In the first one's folder, which only a first run empties: it keeps what the first run wrote. */
const SECOND = join(FIRST, 'again');
const RESULTS = 'results.json';
const UNSTEADY = join(FIRST, 'unsteady.txt');

/** More than these failed is no unsteadiness, and to run them again would take long. */
const MOST_AGAIN = 10;

/**
 * Runs tests, prints how they ended, and lists the unsteady ones also in test-results/unsteady.txt.
 *
 * @param {string} folder - the project's, with its playwright.config.ts
 * @param {readonly string[]} args - for Playwright
 * @param {{ priority?: number, isOnce?: boolean }} [options] - `priority` of the processes, as of `os.setPriority`;
 *   `isOnce`: nothing is run again
 * @returns {{ ended: Promise<number>, stop: () => boolean }} the exit code once all has ended: 0 if each test passed, the
 *   first time or alone; `stop` ends the tests, and is true if they had not ended
 */
export function runTests(folder, args, { priority = 0, isOnce = false } = {}) {
  let child = null;
  let wasStopped = false;

  const run = (output, more = []) => {
    child = spawn(
      process.execPath,
      [PLAYWRIGHT, 'test', `--output=${output}`, `--reporter=list,json,${SKIPS}`, ...args, ...more],
      {
        cwd: folder,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: join(folder, output, RESULTS) },
      },
    );
    setPriority(child.pid, priority);
    return new Promise((resolve) => {
      child.on('error', () => resolve(1));
      child.on('close', (code) => resolve(code ?? 1));
    });
  };

  const runAll = async () => {
    const code = await run(FIRST);
    const first = resultsIn(join(folder, FIRST, RESULTS));
    if (wasStopped || first === null) return code;
    const wrong = first.tests.filter(isWrong);
    if (code === 0 || code === STOPPED || isOnce || !canRunAgain(first, wrong)) {
      tell(first.tests);
      return code;
    }
    console.log(`\n${wrong.length} of ${first.tests.length} did not pass. They run once more, alone.`);
    const again = await run(SECOND, [
      '--last-failed',
      `--last-failed-file=${join(FIRST, '.last-run.json')}`,
      '--workers=1',
    ]);
    const second = resultsIn(join(folder, SECOND, RESULTS));
    if (wasStopped || second === null) return again || code;
    const rest = first.tests.filter((test) => !isWrong(test));
    const unsteady = wrong.filter(
      ({ name, end }) =>
        end === 'failed' && second.tests.some((test) => test.name === name && test.end === 'passed'),
    );
    const lines = unsteady.map(({ name, error }) => `unsteady: ${name}\n    ${error}\n`).join('');
    if (lines !== '') writeFileSync(join(folder, UNSTEADY), lines);
    process.stdout.write(lines);
    tell([...rest, ...second.tests], unsteady.length);
    // Each must have been found again, and no more than the tests may have gone wrong.
    return again || (second.tests.length === wrong.length && !second.tests.some(isWrong) ? 0 : code);
  };

  return {
    ended: runAll(),
    stop: () => {
      wasStopped = true;
      return child.exitCode === null && child.kill('SIGINT');
    },
  };
}

/** @param {import('./results.mjs').TestEnd} test */
function isWrong({ end }) {
  return end === 'failed' || end === 'not run';
}

function canRunAgain({ errors }, wrong) {
  const failed = wrong.filter(({ end }) => end === 'failed').length;
  if (errors.length > 0 || failed === 0) return false;
  if (failed > MOST_AGAIN) console.log(`${failed} failed, too many to be unsteady: none runs again.`);
  return failed <= MOST_AGAIN;
}

/** Says in one line how tests ended. @param {readonly import('./results.mjs').TestEnd[]} tests */
function tell(tests, unsteady = 0) {
  const count = (end) => tests.filter((test) => test.end === end).length;
  const parts = [`${count('passed')} passed`, `${count('failed')} failed`, `${count('skipped')} skipped`];
  if (count('not run') > 0) parts.push(`${count('not run')} not run`);
  if (unsteady > 0) parts.push(`${unsteady} unsteady`);
  console.log(parts.join(', '));
}
