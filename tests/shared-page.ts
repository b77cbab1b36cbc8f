import { test as base, type Page } from '@playwright/test';
import { BLANK } from './addresses';

/**
 * `page` is one page for all specs of a worker, with nothing in it but what they import and make global, and with nothing
 * stored: a page of its own for each costs more than most of them do. Not for what changes the page itself.
 */
export const test = base.extend<object, { shared: Page }>({
  shared: [
    async ({ browser }, use) => {
      const context = await browser.newContext();
      await use(await context.newPage());
      await context.close();
    },
    { scope: 'worker' },
  ],
  page: async ({ shared }, use) => {
    if (shared.url() !== BLANK) await shared.goto(BLANK);
    await shared.evaluate(forget);
    await use(shared);
    await shared.unrouteAll();
  },
});

/** In the page: deletes all that an earlier spec has stored. */
async function forget(): Promise<void> {
  for (const { name } of await indexedDB.databases()) {
    // Waits for a connection that is still to close.
    await new Promise((resolve) => (indexedDB.deleteDatabase(name!).onsuccess = resolve));
  }
  const root = await navigator.storage.getDirectory();
  for await (const name of root.keys()) await root.removeEntry(name, { recursive: true });
}
