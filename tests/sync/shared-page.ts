import { test as base, type Page } from '@playwright/test';
import { BLANK } from '../addresses';

/**
 * `page` is one page for all specs of a worker, with nothing in it but what they import and make global: a page of its
 * own for each costs more than most of them do. Not for what stores, or changes the page itself.
 */
export const test = base.extend<object, { shared: Page }>({
  shared: [
    async ({ browser }, use) => {
      const page = await browser.newPage();
      await page.goto(BLANK);
      await use(page);
      await page.close();
    },
    { scope: 'worker' },
  ],
  page: async ({ shared }, use) => {
    await use(shared);
    await shared.unrouteAll();
  },
});
