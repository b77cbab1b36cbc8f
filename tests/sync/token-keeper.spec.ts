import { expect } from '@playwright/test';
import { test } from '../shared-page';

/** Runs in a page served by Vite, with a real IndexedDB and the browser's own WebCrypto. */
declare const keeper: import('../../src/features/driftwatch/token-keeper.svelte').TokenKeeper;
declare const codeOf: (work: Promise<unknown>) => Promise<string>;
declare const sealed: () => Promise<unknown>;

test.beforeEach(async ({ page }) => {
  await page.evaluate(async () => {
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const { TokenKeeper } = await import('/src/features/driftwatch/token-keeper.svelte.ts');
    const db = await openDatabase();
    const made = new TokenKeeper(db);
    await made.turnTo('https://one https://mytok');
    Object.assign(globalThis, {
      keeper: made,
      sealed: () => db.get('settings', 'mytoken'),
      codeOf: (work: Promise<unknown>) =>
        work.then(
          (value) => `resolved: ${String(value)}`,
          (error: unknown) => (error as { code: string }).code,
        ),
    });
  });
});

test('a mytoken that an exchange brings back late stays forgotten', async ({ page }) => {
  const found = await page.evaluate(async () => {
    await keeper.give('first');
    const store = keeper.store();
    const sent = await store.load();
    await keeper.forget();
    await store.replace('rotated');
    return [sent, keeper.place, await codeOf(keeper.load()), await codeOf(store.load())];
  });
  expect(found).toEqual(['first', 'none', 'token-missing', 'token-missing']);
});

test('a mytoken that was rotated for one address never goes to another', async ({ page }) => {
  const found = await page.evaluate(async () => {
    await keeper.give('first');
    const store = keeper.store();
    await store.load();
    await keeper.turnTo('https://two https://mytok');
    await store.replace('rotated');
    const before = await codeOf(keeper.store().load());
    await keeper.give('second');
    const away = [before, await codeOf(store.load()), await keeper.store().load()];
    await keeper.turnTo('https://one https://mytok');
    return [...away, keeper.place, await keeper.load(), await store.load()];
  });
  expect(found).toEqual(['token-missing', 'token-missing', 'second', 'memory', 'rotated', 'rotated']);
});

test('a mytoken that rotates while it is being sealed is kept as it is then', async ({ page }) => {
  const found = await page.evaluate(async () => {
    await keeper.give('first');
    const store = keeper.store();
    const kept = keeper.keep('a reef of one’s own');
    await Promise.all([kept, store.replace('rotated')]);
    const place = keeper.place;
    await keeper.turnTo('elsewhere');
    await keeper.turnTo('https://one https://mytok');
    const locked = [keeper.place, await codeOf(keeper.load())];
    const wrong = await codeOf(keeper.unlock('another reef'));
    await keeper.unlock('a reef of one’s own');
    return [place, ...locked, wrong, await keeper.load()];
  });
  expect(found).toEqual(['open', 'locked', 'token-locked', 'passphrase', 'rotated']);
});

test('another mytoken takes the place of a kept one, which is then gone from the device', async ({
  page,
}) => {
  const found = await page.evaluate(async () => {
    await keeper.give('first');
    await keeper.keep('a reef of one’s own');
    const before = (await sealed()) !== undefined;
    await keeper.give('second');
    return [before, (await sealed()) !== undefined, keeper.place, await keeper.load()];
  });
  expect(found).toEqual([true, false, 'memory', 'second']);
});

test('mytokens that are kept for two addresses are both there, each for its own', async ({ page }) => {
  const [one, two] = ['https://one https://mytok', 'https://two https://mytok'];
  const found = await page.evaluate(
    async ([one, two]) => {
      await keeper.give('first');
      await keeper.keep('a reef of one’s own');
      await keeper.turnTo(two!);
      const fresh = keeper.place;
      await keeper.give('second');
      await keeper.keep('another reef');
      await keeper.turnTo(one!);
      const wrong = await codeOf(keeper.unlock('another reef'));
      await keeper.unlock('a reef of one’s own');
      const first = await keeper.load();
      await keeper.turnTo(two!);
      const locked = keeper.place;
      await keeper.unlock('another reef');
      const second = await keeper.load();
      await keeper.forgetAll();
      const after = keeper.place;
      await keeper.turnTo(one!);
      return [fresh, wrong, first, locked, second, after, keeper.place];
    },
    [one, two],
  );
  expect(found).toEqual(['none', 'passphrase', 'first', 'locked', 'second', 'none', 'none']);
});

test('what failed blocks nothing that comes after it', async ({ page }) => {
  const found = await page.evaluate(async () => {
    const kept = await codeOf(keeper.keep('a reef of one’s own'));
    await keeper.give('first');
    return [kept, await keeper.load()];
  });
  expect(found).toEqual(['token-missing', 'first']);
});
