import type { Page } from '@playwright/test';

/** Where Vite serves the modules that specs import inside a page. */
export const VITE = process.env['PORTHOLE_VITE'] ?? 'http://127.0.0.1:4173';

/** Opens a blank page with the helpers of encoder-page.ts as globals. */
export async function openEncoderPage(page: Page): Promise<void> {
  await page.goto(`${VITE}/tests/blank.html`);
  await page.evaluate(async () => {
    const helpers = (await import('/tests/encoder/encoder-page.ts' as string)) as object;
    Object.assign(globalThis, helpers);
  });
}
