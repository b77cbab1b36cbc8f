import { test as base, type Page } from '@playwright/test';
import { BLANK } from '../addresses';

/** Opens a blank page with the helpers of encoder-page.ts as globals. */
export async function openEncoderPage(page: Page): Promise<void> {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const helpers = await import('/tests/encoder/encoder-page.ts');
    Object.assign(globalThis, helpers);
  });
}

/**
 * `shared` is one page for all specs of a worker: what a test does there goes with the pool that it makes and closes. A
 * test that changes the page itself takes `page`, and opens it.
 */
export const test = base.extend<object, { shared: Page }>({
  shared: [
    async ({ browser }, use) => {
      const page = await browser.newPage();
      await openEncoderPage(page);
      await use(page);
      await page.close();
    },
    { scope: 'worker' },
  ],
});
