import { expect, test, type Page } from '@playwright/test';
import { BLANK } from '../addresses';
import { Chain } from './chain';

declare const access: import('../../src/features/driftwatch/remote/access').Access;

/** Gives a page an Access with a store that all pages of its context share. */
async function openPage(page: Page, server: string): Promise<void> {
  await page.goto(BLANK);
  await page.evaluate(async (server) => {
    const { Access } = await import('/src/features/driftwatch/remote/access.ts');
    // Not localStorage: what another tab wrote a moment ago may not be there yet.
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('store');
      opening.onupgradeneeded = () => opening.result.createObjectStore('kept');
      opening.onsuccess = () => {
        resolve(opening.result);
      };
    });
    const inStore = <T>(mode: IDBTransactionMode, act: (kept: IDBObjectStore) => IDBRequest<T>) =>
      new Promise<T>((resolve) => {
        const transaction = db.transaction('kept', mode);
        const request = act(transaction.objectStore('kept'));
        transaction.oncomplete = () => resolve(request.result);
      });
    const replace = async (mytoken: string) => {
      await inStore('readwrite', (kept) => kept.put(mytoken, 'mytoken'));
    };
    await replace('mytoken-0');
    const store = { load: () => inStore<string>('readonly', (kept) => kept.get('mytoken')), replace };
    Object.assign(globalThis, { access: new Access({ server, timeout: 5000, store }) });
  }, server);
}

test('two pages that share a rotating mytoken both get on, and the chain holds', async ({ context }) => {
  const chain = new Chain();
  const close = await chain.listen();
  chain.isRotating = true;
  const pages = await Promise.all([context.newPage(), context.newPage()]);
  await Promise.all(pages.map((page) => openPage(page, chain.address)));
  const work = async () => {
    const tokens: string[] = [];
    for (let round = 0; round < 5; round++) {
      const token = await access.token();
      tokens.push(token);
      access.drop(token);
    }
    return tokens;
  };
  const tokens = await Promise.all(pages.map((page) => page.evaluate(work)));
  expect(new Set(tokens.flat()).size).toBe(10);
  expect(chain.sent).toEqual(Array.from({ length: 10 }, (_, index) => `mytoken-${index}`));
  await close();
});
