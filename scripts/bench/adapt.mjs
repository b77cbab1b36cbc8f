/**
 * The part of `npm run bench` for work that a person starts and waits for: adapting a model and the drill, both through
 * the page.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { handFiles, processorSeconds } from '../drive.mjs';
import { jpegsIn } from '../judge-camera.mjs';
import { ROOT } from '../prepare.mjs';

const CAMERA = process.env.PORTHOLE_SNAPSHOTS ?? join(ROOT, '..', 'shared', 'data', 'obsea');
const DEMO = join(ROOT, 'public', 'demo');
/** Of the demo's snapshots, those of a lens that fouls. */
const FOULED = ['20260511', '20260524'];
/** Clean snapshots that are adapted to, and that the drill looks through dirt at. */
const CLEAN = 100;
const DRILLED = 24;
/** The values that docs/adaptation.md and src/features/adapt/pure/condition-head.ts give. */
const FIT_STEPS = 2000;

/**
 * Adapts the shipped model to clean snapshots: from the click to the advice, phase by phase.
 *
 * @param {import('@playwright/test').Page} page - with an empty storage
 * @param {import('@playwright/test').Browser} browser
 */
export async function benchAdapt(page, browser) {
  await openReference(page);
  const panel = page.getByRole('region', { name: 'Adapt to this camera' });
  await watch(page, '[aria-label="Adaptation"]');
  const before = await processorSeconds(browser);
  await panel.getByRole('button', { name: 'Adapt the model' }).click();
  await panel.locator('[data-advice]').waitFor({ timeout: 1_200_000 });
  const used = (await processorSeconds(browser)) - before;
  const { changes, longestTask, ended } = await watched(page);
  const titles = changes.map(({ title }) => title).filter((title, i, all) => title !== all[i - 1]);
  const starts = titles.map((title) => changes.find((change) => change.title === title).at);
  for (const [i, title] of titles.entries()) {
    const seconds = ((starts[i + 1] ?? ended) - starts[i]) / 1000;
    const rate = title.startsWith('Learning') ? `, ${(FIT_STEPS / seconds).toFixed(0)} steps a second` : '';
    console.log(`  ${title}: ${seconds.toFixed(1)} s${rate}`);
  }
  console.log(`  in all: ${((ended - starts[0]) / 1000).toFixed(1)} s (wanted 30)`);
  printUsed(used);
  const left = changes.filter(({ left }) => left !== null);
  for (const share of [0, 0.25, 0.5, 0.75]) {
    const { at, left: note } = left[Math.floor(share * left.length)];
    console.log(`  told when ${((ended - at) / 1000).toFixed(0)} s were left: ${note}`);
  }
  printLongest(longestTask);
}

/**
 * Drills with clean snapshots: from choosing them to the answers.
 *
 * @param {import('@playwright/test').Page} page - with an empty storage
 * @param {import('@playwright/test').Browser} browser
 */
export async function benchDrill(page, browser) {
  const paths = cleanPaths();
  await setUp(page, paths.slice(0, 40));
  await page.goto(`${page.url().split('#')[0]}#calibrate`);
  await page.getByRole('tab', { name: 'Drill', exact: true }).click();
  const input = page.locator('input[type=file][aria-label="Choose pictures for the drill"]');
  await input.waitFor({ state: 'attached' });
  await watch(page, '[aria-label="Progress"]');
  const before = await processorSeconds(browser);
  await input.setInputFiles(paths.slice(40, 40 + DRILLED));
  await page.getByTestId('drill-clean').waitFor({ timeout: 600_000 });
  const used = (await processorSeconds(browser)) - before;
  const { changes, longestTask, begun, ended } = await watched(page);
  console.log(
    `  ${DRILLED} snapshots through 55 lenses: ${((ended - begun) / 1000).toFixed(1)} s (wanted 10)`,
  );
  printUsed(used);
  for (const share of [0, 0.25, 0.5, 0.75]) {
    const change = changes[Math.floor(share * changes.length)];
    if (change)
      console.log(`  told when ${((ended - change.at) / 1000).toFixed(0)} s were left: ${change.all}`);
  }
  printLongest(longestTask);
}

async function openReference(page) {
  const paths = cleanPaths().slice(0, CLEAN);
  console.log(`  ${paths.length} pictures of ${paths[0].includes(DEMO) ? 'the demo' : 'a real camera'}`);
  await setUp(page, paths);
  await page.goto(`${page.url().split('#')[0]}#reference`);
  const input = page.locator('input[type=file][aria-label="Choose clean pictures"]').first();
  await input.waitFor({ state: 'attached' });
  await input.setInputFiles(paths);
}

async function setUp(page, paths) {
  const files = await handFiles(page, paths);
  await page.evaluate(async (files) => {
    await globalThis.porthole.setUpCamera([...files.files], {
      name: 'Bench',
      warmUp: 'none',
      warmUpFiles: [],
    });
  }, files);
}

/** Those of the real camera, where it is here: the demo has a few less than a hundred, and they are smaller. */
function cleanPaths() {
  const real = join(CAMERA, 'clean');
  if (existsSync(real)) return jpegsIn(real);
  const paths = (folder) =>
    readdirSync(join(DEMO, folder))
      .sort()
      .map((name) => join(DEMO, folder, name));
  const day = (path) => path.split('/').at(-1).slice(0, 8);
  const isClean = (path) => day(path) < FOULED[0] || day(path) > FOULED[1];
  return [...paths('reference'), ...paths('snapshots').filter(isClean)];
}

/** Notes from now on what a part of the page says of its work, and the longest task of the page's thread. */
async function watch(page, selector) {
  await page.evaluate((selector) => {
    const seen = { changes: [], longestTask: 0, begun: performance.now(), ended: 0 };
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longestTask = Math.max(seen.longestTask, duration);
    });
    observer.observe({ type: 'longtask' });
    new MutationObserver(() => {
      const part = document.querySelector(selector);
      if (!part) return;
      const note = part.querySelector('.soft')?.textContent ?? '';
      seen.changes.push({
        at: performance.now(),
        title: part.querySelector('b')?.textContent ?? '',
        left: /left/.test(note) ? note.split(' · ')[0] : null,
        all: part.textContent.replace(/\s+/g, ' ').trim(),
      });
    }).observe(document.body, { characterData: true, childList: true, subtree: true, attributes: true });
    globalThis.benchWatch = seen;
  }, selector);
}

async function watched(page) {
  return page.evaluate(async () => {
    const seen = { ...globalThis.benchWatch, ended: performance.now() };
    // Entries of the observer arrive a little later than the tasks they are about.
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { ...seen, longestTask: globalThis.benchWatch.longestTask };
  });
}

/** On a busy machine this says more than the time that it took. */
function printUsed(seconds) {
  console.log(`  processor time of the whole browser: ${seconds.toFixed(1)} s`);
}

function printLongest(longest) {
  console.log(
    `  longest main-thread task: ${longest === 0 ? 'below 50' : longest.toFixed(0)} ms (wanted 50)`,
  );
}
