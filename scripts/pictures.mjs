/**
 * `npm run pictures` makes the pictures of README.md and docs/, the one for links (scripts/open-graph.mjs) and those of
 * the installed page (scripts/web-manifest.mjs) from the built page: of the demo camera, so that all of them may be shown
 * anywhere. Run `npm run build` before.
 */
import { playDemo, toAlarm, toClear } from './demo.mjs';
import { startChromium } from './drive.mjs';
import { SOCIAL } from './open-graph.mjs';
import { serveDist } from './serve.mjs';
import { SCREENSHOTS } from './web-manifest.mjs';

const WIDE = { width: 1280, height: 800 };

const { address, close } = await serveDist();
const browser = await startChromium();

/** @param {Parameters<typeof playDemo>[2]} [told] */
async function demo(told, { viewport = WIDE, colorScheme = 'light' } = {}) {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    deviceScaleFactor: 1,
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  await playDemo(page, address, told);
  return page;
}

/** @param {import('@playwright/test').Page} page @param {string} path - below the repository's folder */
async function save(page, path, clip) {
  await page.screenshot({ path, type: 'jpeg', quality: 82, animations: 'disabled', clip });
}

for (const colorScheme of ['light', 'dark']) {
  for (const [name, told] of [
    ['fouled', toAlarm],
    ['clean', toClear],
  ]) {
    const page = await demo(told, { colorScheme });
    // Picture and verdict, without what is around them.
    await save(page, `docs/${name}-${colorScheme}.jpg`, await page.locator('.hero').boundingBox());
    await page.context().close();
  }
}

for (const { path, width, height } of [SOCIAL, ...SCREENSHOTS]) {
  const page = await demo(toAlarm, { viewport: { width, height } });
  await save(page, `public/${path}`, { x: 0, y: 0, width, height });
  await page.context().close();
}

const HERO = { x: 0, y: 0, width: WIDE.width, height: 700 };
await save(await demo(), 'docs/technician-clear.jpg', HERO);
const alarm = await demo(toAlarm);
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
