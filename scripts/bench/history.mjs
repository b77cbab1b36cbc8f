/** A camera with years of snapshots: how soon the page is there, and how long it holds still. */
import { within } from '../within.mjs';

/** A snapshot every half hour: 100,000 of them are nearly six years. */
const STEP = 30 * 60_000;
const COUNT = 100_000;
/** Snapshots that the demo checks. */
const DEMO = 84;
/** So long that may take, in milliseconds. */
const DEMO_TIME = 600_000;

/**
 * Prints when the verdict is on the screen and when the history is whole, with the longest task of the main thread,
 * and both for what a person does then.
 *
 * @param {import('@playwright/test').Page} page - with an empty storage
 */
export async function benchHistory(page) {
  const address = page.url();
  await growDemo(page, COUNT);
  await page.addInitScript(watchTasks);
  await page.goto('about:blank');
  await page.goto(address);
  await page.getByRole('region', { name: 'Verdict' }).waitFor();
  const verdict = await page.evaluate(() => performance.now());
  await page.waitForFunction(() => 'porthole' in globalThis);
  // It waits for all of the history, and takes no time itself.
  await page.evaluate(() => globalThis.porthole.lastVerdict());
  const whole = await page.evaluate(() => performance.now());
  const longest = await longestTask(page);
  const { jobs } = await page.evaluate(() => globalThis.porthole.summary());
  console.log(`  verdict after ${seconds(verdict)} (wanted 1 s), all ${jobs} jobs after ${seconds(whole)}`);
  console.log(`  longest task until then (wanted below 50 ms): ${longest}`);
  // The summary's own task is nobody's.
  await longestTask(page);
  const link = (name) => page.getByRole('link', { name, exact: true });
  for (const [what, act] of [
    ['the History place opened', () => link('History').click()],
    ['drift alone', () => page.getByRole('combobox', { name: /^Show/ }).selectOption({ index: 1 })],
    ['all again', () => page.getByRole('combobox', { name: /^Show/ }).selectOption('')],
    ['scrolled to the end', () => page.mouse.wheel(0, 20_000)],
    ['the next page', () => page.getByRole('button', { name: 'Next page' }).click()],
    ['the Monitor opened', () => link('Monitor').click()],
    ['all of the chart', () => page.getByRole('combobox', { name: 'Time shown' }).selectOption('All')],
    ['the chart’s cursor moved', () => point(page)],
  ]) {
    await act();
    console.log(`  ${what}: longest task ${await longestTask(page)}`);
  }
}

/** Sets up the demo camera, and puts so many jobs before its own. The page knows them once it is opened anew. */
export async function growDemo(page, count) {
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  // The demo ends with a clean lens, after its one file that can't be read.
  const checked = page.evaluate(async (count) => {
    for (;;) {
      const { jobs, failed } = await globalThis.porthole.summary();
      if (failed === 1 && jobs >= count) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }, DEMO);
  await within(DEMO_TIME, 'The demo was not checked', checked);
  await page.evaluate(grow, { count, step: STEP });
}

async function point(page) {
  const { x, y, width } = await page.getByRole('slider', { name: 'Picture on the chart' }).boundingBox();
  await page.mouse.move(x + 10, y + 60);
  await page.mouse.move(x + width - 10, y + 60, { steps: 20 });
}

function watchTasks() {
  globalThis.tasks = [];
  new PerformanceObserver((list) => {
    globalThis.tasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: 'longtask', buffered: true });
}

/** The longest since it was asked last. */
async function longestTask(page) {
  // The effects of the last action come in the next frames.
  await page.waitForTimeout(1500);
  const tasks = await page.evaluate(() => globalThis.tasks.splice(0));
  return tasks.length === 0 ? 'below 50 ms' : `${Math.max(...tasks).toFixed(0)} ms`;
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/**
 * Runs in the page: repeats the camera's scored snapshots before them, with other names, times and distances, all judged
 * as the first one was: what judges a camera changes some times in six years, not every day.
 */
async function grow({ count, step }) {
  const done = (request, event) =>
    new Promise((resolve, reject) => {
      request[event] = () => resolve(request.result);
      request.onerror = request.onabort = () => reject(request.error);
    });
  const db = await done(indexedDB.open('porthole'), 'onsuccess');
  const transaction = (mode) => db.transaction(['jobs', 'embeddings'], mode);
  const stored = transaction('readonly');
  const jobs = (await done(stored.objectStore('jobs').getAll(), 'onsuccess')).filter(
    ({ jobStatus }) => jobStatus === 'Completed',
  );
  const { id: firstId, referenceId, calibrationId } = jobs[0];
  const embedding = await done(stored.objectStore('embeddings').get(firstId), 'onsuccess');
  const first = Math.min(...jobs.map(({ capturedAt }) => capturedAt)) - count * step;
  for (let next = 0; next < count;) {
    const tx = transaction('readwrite');
    for (const end = Math.min(next + 5000, count); next < end; next += 1) {
      const capturedAt = first + next * step;
      const id = crypto.randomUUID();
      // Some months of growth, again and again.
      const distance = 0.14 * ((next % 4000) / 4000) ** 4;
      const driftStatus = distance > 0.1 ? 'drift' : distance > 0.05 ? 'warning' : 'normal';
      const [day, time] = new Date(capturedAt)
        .toISOString()
        .replaceAll(/[-:]|\..*/g, '')
        .split('T');
      tx.objectStore('jobs').add({
        ...jobs[next % jobs.length],
        ...{ id, capturedAt, distance, driftStatus, windowFill: 12, referenceId, calibrationId },
        imageName: `${day}-${time}-CAM.jpg`,
        contentSha256: id,
      });
      tx.objectStore('embeddings').add(embedding, id);
    }
    await done(tx, 'oncomplete');
  }
  db.close();
}
