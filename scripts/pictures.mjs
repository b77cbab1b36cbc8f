/**
 * `npm run pictures` makes the pictures of README.md and docs/, the one for links (scripts/open-graph.mjs) and those of
 * the installed page (scripts/web-manifest.mjs) from the built page: of the demo camera, so that all of them may be shown
 * anywhere. Run `npm run build` before.
 */
import { chromium } from '@playwright/test';
import { browserLaunchOptions } from './browser.mjs';
import { SOCIAL } from './open-graph.mjs';
import { serveDist } from './serve.mjs';
import { SCREENSHOTS } from './web-manifest.mjs';

/** The lens is grown over until a diver wipes it at this time. */
const CLEANED = '20260522-06';
const WIDE = { width: 1280, height: 800 };

const { address, close } = await serveDist();
const browser = await chromium.launch(browserLaunchOptions());

/** Opens the demo, whole or up to its alarm, and waits until all of it is judged. */
async function demo({ until = '~', viewport = WIDE, colorScheme = 'light' } = {}) {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    deviceScaleFactor: 1,
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  await page.route('**/demo/index.json', async (route) => {
    const response = await route.fetch();
    const index = await response.json();
    const snapshots = index.snapshots.filter((name) => name < until);
    const events = until === '~' ? index.events : [];
    await route.fulfill({ response, json: { ...index, snapshots, events } });
  });
  await page.goto(address);
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await page.getByRole('region', { name: 'Verdict' }).waitFor();
  await page.getByRole('region', { name: 'Progress' }).waitFor({ state: 'detached' });
  await page.locator('header select:enabled').waitFor();
  await page.getByRole('img', { name: /^Picture / }).waitFor();
  // The chart and the full-size picture come last.
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(3_000);
  return page;
}

/** @param {import('@playwright/test').Page} page @param {string} path - below the repository's folder */
async function save(page, path, clip) {
  await page.screenshot({ path, type: 'jpeg', quality: 82, animations: 'disabled', fullPage: true, clip });
}

/** Picture and verdict, without what is around them. */
const CARD = { x: 40, y: 76, width: 1200, height: 492 };
for (const colorScheme of ['light', 'dark']) {
  for (const [name, until] of [
    ['fouled', CLEANED],
    ['clean', '20260516'],
  ]) {
    const page = await demo({ until, colorScheme });
    await save(page, `docs/${name}-${colorScheme}.jpg`, CARD);
    await page.context().close();
  }
}

for (const { path, width, height } of [SOCIAL, ...SCREENSHOTS]) {
  const page = await demo({ until: CLEANED, viewport: { width, height } });
  await save(page, `public/${path}`, { x: 0, y: 0, width, height });
  await page.context().close();
}

const HERO = { x: 0, y: 0, width: WIDE.width, height: 700 };
await save(await demo(), 'docs/technician-clear.jpg', HERO);
const alarm = await demo({ until: CLEANED });
await save(alarm, 'docs/technician-alarm.jpg', HERO);
await alarm.getByRole('button', { name: 'I cleaned it' }).click();
await alarm.getByRole('button', { name: 'Log the cleaning' }).waitFor();
await save(alarm, 'docs/technician-cleaned.jpg', { ...HERO, height: 800 });
await alarm.keyboard.press('Escape');
await alarm.keyboard.press('d');
await alarm.getByRole('dialog').waitFor();
await save(alarm, 'docs/technician-deck.jpg', { ...HERO, height: 800 });
await browser.close();
await close();
