import { expect, test } from '@playwright/test';
import { BLANK } from '../../../addresses';

test('by plain http, where browsers have no locks, a tab works without telling the others', async ({
  page,
}) => {
  await page.goto(BLANK);
  const done = await page.evaluate(async () => {
    Reflect.deleteProperty(Navigator.prototype, 'locks');
    const { Offline } = await import('/src/features/device/offline.svelte.ts');
    const pool = { subscribe: () => () => undefined } as never;
    const end = new Offline({ pool, onReplaced: () => undefined }).atWork();
    end();
    return 'locks' in navigator ? 'has locks' : 'done';
  });
  expect(done).toBe('done');
});
