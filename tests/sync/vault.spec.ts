import { expect } from '@playwright/test';
import { VITE } from '../addresses';
import { test } from '../shared-page';

declare const vault: typeof import('../../src/features/driftwatch/remote/vault');

const loadVault = async () => {
  const module = await import('/src/features/driftwatch/remote/vault.ts');
  Object.assign(globalThis, { vault: module });
};

test('on a plain-http host the vault says that it cannot work', async ({ page }) => {
  // No such host: Vite's files under an address that Chromium calls insecure.
  await page.route('http://porthole.test/**', async (route) => {
    const { pathname, search } = new URL(route.request().url());
    const answer = await fetch(`${VITE}${pathname}${search}`);
    await route.fulfill({
      body: await answer.text(),
      contentType: answer.headers.get('content-type') ?? 'text/plain',
    });
  });
  await page.evaluate(loadVault);
  const available = () => page.evaluate(() => vault.isVaultAvailable());
  expect(await available()).toBe(true);

  await page.goto('http://porthole.test/tests/blank.html');
  await page.evaluate(loadVault);
  expect(await available()).toBe(false);
  const errors = await page.evaluate(async () => {
    const bytes = new Uint8Array(16);
    const sealed = { salt: bytes, iv: bytes, ciphertext: bytes, iterations: 1, context: 'c' };
    const outcomes = await Promise.allSettled([vault.seal('x', 'p', 'c'), vault.openVault(sealed, 'p', 'c')]);
    return outcomes.map((outcome) => 'reason' in outcome && String(outcome.reason));
  });
  expect(errors).toEqual(['AppError: no-web-crypto', 'AppError: no-web-crypto']);
});
