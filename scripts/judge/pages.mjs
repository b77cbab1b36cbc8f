import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { browserLaunchOptions } from '../browser.mjs';
import { ROOT } from '../prepare.mjs';

/**
 * Does work in a real Chromium with the page's own modules, which Vite serves under their paths in this repository.
 *
 * @template T
 * @param {(newPage: () => Promise<import('@playwright/test').Page>) => Promise<T>} work - is given what opens an empty page
 * @returns {Promise<T>}
 */
export async function withPages(work) {
  const vite = await createServer({
    root: ROOT,
    logLevel: 'warn',
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
  });
  await vite.listen();
  const browser = await chromium.launch(browserLaunchOptions());
  try {
    return await work(async () => {
      const page = await browser.newPage();
      page.on('pageerror', (error) => console.error(error.message));
      await page.goto(`http://127.0.0.1:${vite.httpServer.address().port}/tests/blank.html`);
      return page;
    });
  } finally {
    await browser.close();
    await vite.close();
  }
}
