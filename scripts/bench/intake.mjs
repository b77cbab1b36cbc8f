/** Thousands of snapshots in one drop: speed from first to last, memory at the end, and how long the page is held up. */
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js';
import { setUpCamera } from '../judge-camera.mjs';
import { ROOT } from '../prepare.mjs';

const MOST_HEAP = 100;
const LONGEST_TASK = 50;
/** Seconds for 10,000. */
const WANTED = { folders: 50, zip: 55 };
const LEAST_LASTING = 0.95;
const STEP = 600_000;
const MINUTE = 60_000;

/**
 * Drops distinct JPEGs on the page as the operating system does, and prints what the batch cost.
 *
 * @param {import('@playwright/test').Page} page - with an empty storage
 * @param {number} count
 * @param {'folders' | 'zip'} as - how they lie: in a folder for each day, or the same in one zip file
 */
export async function benchIntake(page, count, as) {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-drop-'));
  try {
    const given = await (as === 'zip' ? zipOf(folder, count) : foldersIn(folder, count));
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
    await drop(client, given);
    // By the shown count alone: asking storage would slow what is measured.
    await page.getByRole('region', { name: 'Progress' }).waitFor({ timeout: 5 * MINUTE });
    await page
      .getByRole('region', { name: 'Progress' })
      .waitFor({ state: 'detached', timeout: count * 200 + 5 * MINUTE });
    const seconds = (Date.now() - began) / 1000;
    const tasks = await page.evaluate(() => globalThis.longTasks);
    await client.send('HeapProfiler.collectGarbage');
    const { usedSize } = await client.send('Runtime.getHeapUsage');
    print(await page.evaluate(rates), { seconds, tasks, heap: usedSize / 2 ** 20, wanted: WANTED[as] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The demo's snapshots under new names, each with a comment of its own: paths with a folder for each day, and bytes. */
function* snapshots(count) {
  const demo = join(ROOT, 'public/demo/snapshots');
  const pictures = readdirSync(demo).map((name) => readFileSync(join(demo, name)));
  for (let i = 0; i < count; i += 1) {
    const time = new Date(Date.UTC(2026, 0, 1) + i * STEP).toISOString().replace(/[-:]|\..*/g, '');
    const [day, clock] = time.split('T');
    const picture = pictures[i % pictures.length];
    const comment = Buffer.from(`\xff\xfe\x00\x0asnap${String(i % 10_000).padStart(4, '0')}`, 'latin1');
    yield [
      `${day}/${day}-${clock}-BENCH.jpg`,
      Buffer.concat([picture.subarray(0, 2), comment, picture.subarray(2)]),
    ];
  }
}

async function foldersIn(folder, count) {
  for (const [path, bytes] of snapshots(count)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}

async function zipOf(folder, count) {
  const path = join(folder, 'bench.zip');
  const writer = new ZipWriter(Writable.toWeb(createWriteStream(path)), { level: 0 });
  for (const [name, bytes] of snapshots(count)) await writer.add(name, new Uint8ArrayReader(bytes));
  await writer.close();
  return path;
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

function print(perSecond, { seconds, tasks, heap, wanted }) {
  const lasting = perSecond.at(-1) / perSecond[0];
  const longest = Math.max(0, ...tasks.map(([, duration]) => duration));
  console.log(
    `  ${seconds.toFixed(0)} s (wanted for 10,000: ${wanted}); snapshots a second by thousand: ${perSecond.map((rate) => rate.toFixed(1)).join(', ')}`,
  );
  console.log(`  the last thousand at ${lasting.toFixed(2)} of the first's speed (wanted ${LEAST_LASTING})`);
  console.log(`  heap at the end: ${heap.toFixed(0)} MB (wanted below ${MOST_HEAP})`);
  console.log(
    `  longest main-thread task: ${longest === 0 ? 'below 50' : longest} ms (wanted ${LONGEST_TASK}), ${tasks.length} above 50 ms`,
  );
}
