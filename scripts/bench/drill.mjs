/** The part of `npm run bench` for the drill, through the page. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { handFiles, processorSeconds } from '../drive.mjs';
import { jpegsIn } from '../judge-camera.mjs';
import { ROOT } from '../prepare.mjs';

const CAMERA = process.env.PORTHOLE_SNAPSHOTS ?? join(ROOT, '..', 'shared', 'data', 'obsea');
const DEMO = join(ROOT, 'public', 'demo');
/** Of the demo's snapshots, those of a lens that fouls. */
const FOULED = ['20260511', '20260524'];
/** Clean snapshots that the drill looks through dirt at. */
const DRILLED = 24;

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
      seen.changes.push({ at: performance.now(), all: part.textContent.replace(/\s+/g, ' ').trim() });
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
