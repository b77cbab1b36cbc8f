/** Thousands of snapshots in one drop: speed from first to last, memory at the end, and how long the page is held up. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUpCamera } from '../judge-camera.mjs';
import { ROOT } from '../prepare.mjs';

const MOST_HEAP = 300;
const LONGEST_TASK = 100;
const LEAST_LASTING = 0.95;
const STEP = 600_000;
const MINUTE = 60_000;

/**
 * Drops folders of distinct JPEGs on the page as the operating system does, and prints what the batch cost.
 *
 * @param {import('@playwright/test').Page} page - with an empty storage
 * @param {number} count
 */
export async function benchIntake(page, count) {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-drop-'));
  try {
    makeSnapshots(folder, count);
    const reference = join(ROOT, 'public/demo/reference');
    await setUpCamera(
      page,
      readdirSync(reference).map((name) => join(reference, name)),
      [],
    );
    await page.goto(`${page.url().split('#')[0]}#monitor`);
    await page.evaluate(watchTasks);
    const client = await page.context().newCDPSession(page);
    const began = Date.now();
    await drop(client, folder);
    // By the shown count alone: asking storage would slow what is measured.
    await page.getByRole('region', { name: 'Progress' }).waitFor({ timeout: 5 * MINUTE });
    await page
      .getByRole('region', { name: 'Progress' })
      .waitFor({ state: 'detached', timeout: count * 200 + 5 * MINUTE });
    const seconds = (Date.now() - began) / 1000;
    const tasks = await page.evaluate(() => globalThis.longTasks);
    await client.send('HeapProfiler.collectGarbage');
    const { usedSize } = await client.send('Runtime.getHeapUsage');
    print(await page.evaluate(rates), { seconds, tasks, heap: usedSize / 2 ** 20 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The demo's snapshots under new names, each with a comment of its own, in a folder for each day. */
function makeSnapshots(folder, count) {
  const demo = join(ROOT, 'public/demo/snapshots');
  const pictures = readdirSync(demo).map((name) => readFileSync(join(demo, name)));
  for (let i = 0; i < count; i += 1) {
    const time = new Date(Date.UTC(2026, 0, 1) + i * STEP).toISOString().replace(/[-:]|\..*/g, '');
    const [day, clock] = time.split('T');
    if (clock === '000000') mkdirSync(join(folder, day));
    const picture = pictures[i % pictures.length];
    const comment = Buffer.from(`\xff\xfe\x00\x0asnap${String(i % 10_000).padStart(4, '0')}`, 'latin1');
    writeFileSync(
      join(folder, day, `${day}-${clock}-BENCH.jpg`),
      Buffer.concat([picture.subarray(0, 2), comment, picture.subarray(2)]),
    );
  }
}

async function drop(client, path) {
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await client.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  }
}

/** Runs in the page. */
function watchTasks() {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      globalThis.longTasks.push([startTime, duration].map(Math.round));
  }).observe({ type: 'longtask' });
}

/** Snapshots a second of each thousand, by when they were stored; runs in the page. */
async function rates() {
  const db = await new Promise((resolve) => {
    const opening = indexedDB.open('porthole');
    opening.onsuccess = () => resolve(opening.result);
  });
  const jobs = await new Promise((resolve) => {
    const asking = db.transaction('jobs').objectStore('jobs').getAll();
    asking.onsuccess = () => resolve(asking.result);
  });
  db.close();
  const times = jobs.map(({ createdAt }) => createdAt).sort((a, b) => a - b);
  const size = Math.min(1000, Math.floor(times.length / 2));
  const found = [];
  for (let from = 0; from + size <= times.length; from += size)
    found.push((1000 * (size - 1)) / (times[from + size - 1] - times[from]));
  return found;
}

function print(perSecond, { seconds, tasks, heap }) {
  const lasting = perSecond.at(-1) / perSecond[0];
  const longest = Math.max(0, ...tasks.map(([, duration]) => duration));
  console.log(
    `  ${seconds.toFixed(0)} s; snapshots a second by thousand: ${perSecond.map((rate) => rate.toFixed(1)).join(', ')}`,
  );
  console.log(`  the last thousand at ${lasting.toFixed(2)} of the first's speed (wanted ${LEAST_LASTING})`);
  console.log(`  heap at the end: ${heap.toFixed(0)} MB (wanted below ${MOST_HEAP})`);
  console.log(
    `  longest main-thread task: ${longest === 0 ? 'below 50' : longest} ms (wanted ${LONGEST_TASK}), ${tasks.length} above 50 ms`,
  );
}
