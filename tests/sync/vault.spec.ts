import { expect } from '@playwright/test';
import { VITE } from '../addresses';
import { test } from '../shared-page';

/** Runs in a page served by Vite, with the browser's own WebCrypto. */
declare const vault: typeof import('../../src/features/driftwatch/remote/vault');

const loadVault = async () => {
  const module = await import('/src/features/driftwatch/remote/vault.ts');
  Object.assign(globalThis, { vault: module });
};

test.beforeEach(async ({ page }) => {
  await page.evaluate(loadVault);
});

test('a sealed secret opens with its passphrase, also after IndexedDB’s cloning and a resealing', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    const sealed = structuredClone(await vault.seal('my\u0301token ✓', 'anémone 3', 'https://a https://b'));
    // The same letter as two code points, as some keyboards send it
    const first = await vault.openVault(sealed, 'ane\u0301mone 3', 'https://a https://b');
    const resealed = await vault.reseal('rotated', first.key, sealed);
    const second = await vault.openVault(resealed, 'anémone 3', 'https://a https://b');
    const text = (bytes: Uint8Array) => bytes.join();
    return {
      secrets: [first.secret, second.secret],
      keys: Object.keys(sealed).sort(),
      lengths: [sealed.salt.length, sealed.iv.length],
      iterations: sealed.iterations,
      isInTheClear: new TextDecoder().decode(sealed.ciphertext).includes('token'),
      keepsSalt: text(resealed.salt) === text(sealed.salt),
      keepsIv: text(resealed.iv) === text(sealed.iv),
      canBeRead: first.key.extractable,
    };
  });
  expect(found).toEqual({
    secrets: ['my\u0301token ✓', 'rotated'],
    keys: ['ciphertext', 'context', 'iterations', 'iv', 'salt'],
    lengths: [16, 12],
    iterations: 600_000,
    isInTheClear: false,
    keepsSalt: true,
    keepsIv: false,
    canBeRead: false,
  });
});

test('another passphrase, another address and changed bytes open nothing', async ({ page }) => {
  const errors = await page.evaluate(async () => {
    const sealed = await vault.seal('mytoken', 'anemone', 'here');
    const flipped = sealed.ciphertext.map((byte, index) => (index === 0 ? byte ^ 1 : byte));
    const outcomes = await Promise.allSettled([
      vault.openVault(sealed, 'anemonE', 'here'),
      vault.openVault(sealed, 'anemone', 'there'),
      vault.openVault({ ...sealed, context: 'there' }, 'anemone', 'there'),
      vault.openVault({ ...sealed, ciphertext: flipped }, 'anemone', 'here'),
      vault.openVault({ ...sealed, iterations: 1 }, 'anemone', 'here'),
    ]);
    return outcomes.map((outcome) => ('reason' in outcome ? String(outcome.reason) : 'opened'));
  });
  expect(errors).toEqual([
    'AppError: passphrase',
    'AppError: token-missing',
    'AppError: passphrase',
    'AppError: passphrase',
    'AppError: passphrase',
  ]);
});

test('two sealings of one secret have nothing in common', async ({ page }) => {
  const isEqual = await page.evaluate(async () => {
    const [a, b] = await Promise.all([vault.seal('x', 'p', 'c'), vault.seal('x', 'p', 'c')]);
    return (['salt', 'iv', 'ciphertext'] as const).map((part) => a[part].join() === b[part].join());
  });
  expect(isEqual).toEqual([false, false, false]);
});

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
