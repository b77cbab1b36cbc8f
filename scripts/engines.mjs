/**
 * Shared by `npm run firefox` and `npm run webkit`: claims printed one a line, and the same files in a Chromium to
 * compare with.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasChromium } from './browser.mjs';
import { ROOT } from './prepare.mjs';

/** The demo camera's folder and the files in it. */
export const DEMO = join(ROOT, 'public', 'demo');
export const { reference, snapshots } = JSON.parse(readFileSync(join(DEMO, 'index.json'), 'utf8'));
/** The one of them that is cut off. */
export const DAMAGED = '20260525-124512-DEMO.jpg';
/** Browsers may differ in the last bit of `Math.exp`, and so in the last digit of a distance. */
const ROUNDING = 1e-12;

let failures = 0;

/**
 * Prints whether a claim holds, and goes on either way.
 *
 * @param page - what it shows is printed where the claim does not hold
 */
export async function check(claim, work, page = null) {
  try {
    const more = await work();
    console.log(`ok      ${claim}${more ? `: ${more}` : ''}`);
  } catch (error) {
    failures += 1;
    console.log(`FAILED  ${claim}: ${error.message}`);
    const shown = await page?.evaluate(() => document.body.innerText).catch(() => null);
    if (shown) console.log(`        The page shows: ${shown.replace(/\s+/g, ' ').slice(0, 1500)}`);
  }
}

/** Says how many claims did not hold; the exit code is 1 when one did not. */
export function conclude() {
  console.log(failures === 0 ? '\nEverything holds.' : `\n${failures} of the claims above do not hold.`);
  process.exitCode = failures === 0 ? 0 : 1;
}

/** Holds when the demo ended as it must: clean days normal, the fouled one drift, one file that can't be read. */
export function assertDemo(jobs) {
  assert.equal(jobs.length, snapshots.length);
  const on = (day) => [
    ...new Set(jobs.filter((job) => job.captured_at.startsWith(day)).map((job) => job.verdict)),
  ];
  for (const day of ['2026-05-12', '2026-05-14', '2026-05-28']) assert.deepEqual(on(day), ['normal']);
  assert.deepEqual(on('2026-05-21'), ['drift']);
  const unreadable = jobs.filter(({ verdict }) => verdict === 'not-checked');
  assert.deepEqual(
    unreadable.map((job) => job.image_name),
    [DAMAGED],
  );
}

/** Holds when these snapshots were checked, and no other. Those given with a reference are, once it is learned. */
export function assertChecked(jobs, names) {
  assert.deepEqual(
    jobs.map((job) => job.image_name),
    names,
  );
  for (const job of jobs) assert.notEqual(job.verdict, 'not-checked');
}

/**
 * The same files in a Chromium, where there is one: the same embeddings and distances, and how fast each is.
 *
 * @param ours - what `abilities` and `scoreDemo` gave in the other browser
 * @param {string} name - of the other browser
 * @param {string} address - of the page
 */
export async function compareWithChromium(ours, name, address) {
  if (!(await hasChromium())) {
    console.log('No Chromium here to compare with.');
    return;
  }
  const { openPage } = await import('./drive.mjs');
  const { page, browser, close } = await openPage(address);
  try {
    const theirs = await page.evaluate(scoreDemo, { reference, snapshots });
    await check('each embedding is that of Chromium to the last bit, each distance within rounding', () => {
      const embeddings = largestDifference(ours.measured.jobs, theirs.jobs, (job) => job.embedding ?? []);
      const distances = largestDifference(ours.measured.jobs, theirs.jobs, (job) => [job.distance ?? 0]);
      assert.equal(embeddings, 0, `embeddings differ by up to ${embeddings}`);
      assert.ok(distances <= ROUNDING, `distances differ by up to ${distances}`);
      return `${theirs.jobs.length} snapshots, distances differ by at most ${distances.toExponential(1)}`;
    });
    const facts = await page.evaluate(abilities);
    console.log(`\n${'what a browser has here'.padEnd(32)}${name.padEnd(18)}Chromium ${browser.version()}`);
    const rows = [
      ...Object.keys(facts).map((name) => [name, ours.facts[name], facts[name]]),
      ['snapshots a second', ours.measured.perSecond.toFixed(0), theirs.perSecond.toFixed(0)],
    ];
    for (const [name, here, there] of rows) {
      console.log(`${name.padEnd(32)}${String(here).padEnd(18)}${String(there)}`);
    }
  } finally {
    await close();
  }
}

/** The largest difference between two runs' numbers of the same snapshots; throws when their verdicts differ. */
function largestDifference(ours, theirs, numbers) {
  const words = ({ image_name, captured_at, verdict }) => [image_name, captured_at, verdict];
  assert.deepEqual(ours.map(words), theirs.map(words));
  return Math.max(
    ...ours.flatMap((job, i) => {
      const other = numbers(theirs[i]);
      return numbers(job).map((value, j) => Math.abs(value - other[j]));
    }),
  );
}

/** Runs in the page: a camera from the demo's files, scored against the clock; the model is open before it starts. */
export async function scoreDemo({ reference, snapshots }) {
  const { porthole } = globalThis;
  const fetchAll = (folder, names) =>
    Promise.all(
      names.map(async (name) => new File([await (await fetch(`demo/${folder}/${name}`)).blob()], name)),
    );
  const files = await fetchAll('snapshots', snapshots);
  await porthole.setUpCamera(await fetchAll('reference', reference), { name: 'Compared' });
  const began = performance.now();
  await porthole.score(files);
  const perSecond = (1000 * files.length) / (performance.now() - began);
  return { perSecond, jobs: JSON.parse(await porthole.exportResults('json')).jobs };
}

/** Runs in the page: what this browser gives it. */
export async function abilities() {
  const jpeg = await (await fetch('demo/snapshots/20260509-074512-DEMO.jpg')).blob();
  const pixels = async () => new VideoFrame(await createImageBitmap(jpeg), { timestamp: 0 }).format;
  const orNone = (work) => work().then(String, () => 'none');
  const { storage } = navigator;
  return {
    'pixels (VideoFrame)': await orNone(pixels),
    'WebGPU adapter': await orNone(async () => ((await navigator.gpu.requestAdapter()) ? 'yes' : 'none')),
    // WebKitGTK has no storage manager.
    'storage kept for good': storage ? await storage.persisted() : 'none',
    'room for storage': storage ? `${Math.round((await storage.estimate()).quota / 1e9)} GB` : 'not told',
    'Web Locks': 'locks' in navigator,
    'service worker': 'serviceWorker' in navigator,
    'wake lock': 'wakeLock' in navigator,
    notifications: 'Notification' in globalThis && Notification.permission,
    'choose a folder (input)': 'webkitdirectory' in HTMLInputElement.prototype,
    'watch a folder (picker)': 'showDirectoryPicker' in globalThis,
    'save as (picker)': 'showSaveFilePicker' in globalThis,
    'share files': 'canShare' in navigator,
  };
}
