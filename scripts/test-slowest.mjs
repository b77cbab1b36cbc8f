/** `npm run test:slowest`: the twenty tests that took longest in the last run, with their seconds. */
import { join } from 'node:path';
import { ROOT, stop } from './prepare.mjs';
import { resultsIn } from './test/results.mjs';

const ran = resultsIn(join(ROOT, 'test-results', 'results.json'));
if (ran === null) stop('No run of the tests is kept here. npm test makes one.');
const slowest = ran.tests.toSorted((a, b) => b.seconds - a.seconds).slice(0, 20);
for (const { seconds, name } of slowest) console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
