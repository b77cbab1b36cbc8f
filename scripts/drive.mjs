/** Drives the page in a headless Chromium: what `npm run score` and `npm run bench` share. */
import { chromium } from '@playwright/test';
import { browserLaunchOptions, installedChromium, playwrightChromium } from './browser.mjs';
import { stop } from './prepare.mjs';

/**
 * Opens the page with an empty storage and waits until it can be scripted.
 *
 * @param {string} address
 */
export async function openPage(address) {
  if (installedChromium() === undefined && (await playwrightChromium()) === undefined) {
    stop(
      'A Chromium is needed: npx playwright install chromium, or your system’s package. PORTHOLE_CHROMIUM names one.',
    );
  }
  const browser = await chromium.launch(browserLaunchOptions());
  const page = await (await browser.newContext()).newPage();
  // Nobody comes back to this browser: the page need not keep itself.
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(address);
  await page.waitForFunction(() => 'porthole' in globalThis);
  return { page, browser, close: () => browser.close() };
}

/**
 * Gives the page files by their paths, without copying them through the debugger.
 *
 * @param {import('@playwright/test').Page} page
 * @param {readonly string[]} paths
 * @returns a handle of an `<input type="file">` whose `files` they are
 */
export async function handFiles(page, paths) {
  const input = await page.evaluateHandle(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    return input;
  });
  await input.asElement().setInputFiles([...paths]);
  return input;
}
