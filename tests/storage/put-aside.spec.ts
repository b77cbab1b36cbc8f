import { expect, test, type Page } from '@playwright/test';
import { BLANK } from '../addresses';

test.beforeEach(({ page }) => load(page));

declare const aside: typeof import('../../src/app/put-aside');

async function load(page: Page): Promise<void> {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    Object.assign(globalThis, { aside: await import('/src/app/put-aside.ts' as string) });
  });
}

/** Names and contents of what is there, which stays there. */
const left = (page: Page) =>
  page.evaluate(async () => {
    const found: string[] = [];
    await aside.takeAside(async (files) => {
      for (const file of files) found.push(`${file.name} ${await file.text()} ${file.lastModified}`);
      return false;
    });
    return found;
  });

test('what was put aside stays until a page has it, also when that page is closed before', async ({
  page,
}) => {
  await page.evaluate(async () => {
    await aside.putAside([
      new File(['a'], 'mañana.jpg', { lastModified: 5 }),
      new File(['b'], 'b.jpg', { lastModified: 6 }),
    ]);
  });
  expect(await left(page)).toEqual(['mañana.jpg a 5', 'b.jpg b 6']);
  await page.evaluate(async () => {
    // A page that is closed never says that it has them.
    await new Promise<void>((resolve) => {
      void aside.takeAside(() => {
        resolve();
        return new Promise(() => undefined);
      });
    });
  });
  await load(page);
  expect(await left(page)).toHaveLength(2);
});

test('more can be put aside while a page is at work with what it took, and only what it took is forgotten', async ({
  page,
}) => {
  await page.evaluate(async () => {
    await aside.putAside([new File(['a'], 'a.jpg', { lastModified: 5 })]);
    await aside.takeAside(async () => {
      await aside.putAside([new File(['b'], 'b.jpg', { lastModified: 6 })]);
      return true;
    });
  });
  expect(await left(page)).toEqual(['b.jpg b 6']);
});
