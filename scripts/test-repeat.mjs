/**
 * `npm run test:repeat -- FILE N`: runs a spec N times, one after the other, while four threads keep the processor busy,
 * and ends with 1 if it failed once. More arguments go to Playwright, such as `-g` and a title.
 */
import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { ROOT, stop } from './prepare.mjs';

const LOAD = 4;

const [file, times, ...more] = process.argv.slice(2);
if (!/^[1-9]\d*$/.test(times ?? '')) stop('Usage: npm run test:repeat -- FILE N, such as journeys/set-up 10');
// Threads, not processes: they end with this one however it ends.
const busy = Array.from({ length: LOAD }, () => new Worker('for (;;);', { eval: true }));
const { status } = spawnSync(
  process.execPath,
  ['scripts/test.mjs', file, `--repeat-each=${times}`, '--workers=1', ...more],
  { cwd: ROOT, stdio: 'inherit' },
);
await Promise.all(busy.map((worker) => worker.terminate()));
process.exitCode = status ?? 1;
