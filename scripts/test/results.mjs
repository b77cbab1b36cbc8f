/** Reads what Playwright's JSON reporter wrote of a run: its tests in one list, with their names, ends and seconds. */
import { existsSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} TestEnd
 * @property {string} name - project, file, line and title, as Playwright's list has them
 * @property {'passed' | 'failed' | 'skipped' | 'not run'} end
 * @property {number} seconds
 * @property {string} error - first line of why it failed, or empty
 */

/**
 * @param {string} path
 * @returns {{ tests: TestEnd[], errors: string[] } | null} `errors` are those of no test, such as a spec that can't be
 *   loaded; null if the run wrote nothing
 */
export function resultsIn(path) {
  if (!existsSync(path)) return null;
  const { suites, errors } = JSON.parse(readFileSync(path, 'utf8'));
  return {
    tests: suites.flatMap((suite) => testsOf(suite, [])),
    errors: errors.map(({ message }) => message),
  };
}

/** @param {readonly string[]} titles of the suites around, without the file's */
function testsOf({ file, title, specs, suites = [] }, titles) {
  const around = title === file ? titles : [...titles, title];
  const own = specs.flatMap((spec) =>
    spec.tests.map((test) => ({
      name: `[${test.projectName}] › ${[`${spec.file}:${spec.line}`, ...around, spec.title].join(' › ')}`,
      end: endOf(test),
      seconds: test.results.reduce((sum, { duration }) => sum + duration, 0) / 1000,
      error: firstError(test.results),
    })),
  );
  return [...own, ...suites.flatMap((suite) => testsOf(suite, around))];
}

/** A test that was to be skipped says so; one that the run did not come to has no result, or was skipped unasked. */
function endOf({ status, expectedStatus, results }) {
  if (status === 'skipped') return results.length > 0 && expectedStatus === 'skipped' ? 'skipped' : 'not run';
  return status === 'expected' ? 'passed' : 'failed';
}

function firstError(results) {
  const messages = results.flatMap(({ errors }) => errors.map(({ message }) => message));
  // eslint-disable-next-line no-control-regex -- Playwright colours its messages
  return (messages[0] ?? '').replaceAll(/\u001b\[\d+m/g, '').split('\n')[0];
}
