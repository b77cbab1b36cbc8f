/** Verdicts that late snapshots, or an upgrade, have changed: noted with them, listed, and undone to the last bit. */
import { expect, type Page } from '@playwright/test';
import { test } from '../shared-page';

declare const late: import('./late').Late;

/** In order: without the four dirty ones, which come late. */
const CLEAN = [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19];

test.beforeEach(async ({ page }) => {
  await page.evaluate(async () => {
    const { Late } = await import('/tests/storage/late.ts');
    Object.assign(globalThis, { late: await Late.open() });
  });
});

async function score(page: Page, ...hours: number[]): Promise<void> {
  await page.evaluate((hours) => late.score(...hours), hours);
}

const told = (page: Page) => page.evaluate(() => late.told());
const said = (page: Page) => page.evaluate(() => late.said());
const undo = (page: Page) => page.evaluate(() => late.undo());
/** Rows as values: the order of a row's fields says nothing. */
const rows = async (page: Page) => {
  const all = await page.evaluate(() => late.rows());
  return Object.fromEntries(
    Object.entries(all).map(([store, texts]) => [store, texts.map((text) => JSON.parse(text) as unknown)]),
  );
};

test('late snapshots note each changed verdict once, with what it was, and undone leave nothing behind', async ({
  page,
}) => {
  await score(page, ...CLEAN);
  expect(await told(page)).toEqual([]);
  const before = await rows(page);
  await score(page, 7, 8);
  const [first, ...others] = await told(page);
  expect(others).toEqual([]);
  expect(first).toMatchObject({ cause: 'late', late: [7, 8] });
  expect(first!.changed.length).toBeGreaterThan(0);
  for (const [hour, from, to] of first!.changed) {
    expect(CLEAN).toContain(hour);
    expect(from).not.toBe(to);
  }

  // The next batch becomes part of what nobody has dismissed: each verdict as it was before both.
  await score(page, 6, 9);
  const [both] = await told(page);
  expect(both!.late.sort()).toEqual([6, 7, 8, 9]);
  const wasOf = new Map(first!.changed.map(([hour, from]) => [hour, from]));
  for (const [hour, from] of both!.changed) expect(from).toBe(wasOf.get(hour) ?? from);

  await undo(page);
  expect(await rows(page)).toEqual(before);
});

test('snapshots that come in order change nothing, and what was dismissed is not undone with later ones', async ({
  page,
}) => {
  await score(page, 0, 1, 2, 3, 4, 5);
  await score(page, 6, 7, 8, 9, 10, 11);
  expect(await told(page)).toEqual([]);
  await score(page, 12, 14, 16, 18);
  await score(page, 4.5, 5.5);
  await page.evaluate(() => late.dismiss());
  expect(await told(page)).toEqual([]);
  const before = await rows(page);
  await score(page, 7.5, 8.5);
  await undo(page);
  expect(await rows(page)).toEqual(before);
});

test('a better time that is undone leaves the job with the name, time and judgement of before', async ({
  page,
}) => {
  await score(page, ...CLEAN);
  await page.evaluate(() => late.scoreCopy(7, 14.5));
  await page.evaluate(() => late.dismiss());
  const before = await rows(page);
  await score(page, 7);
  expect(await rows(page)).not.toEqual(before);
  await undo(page);
  expect(await rows(page)).toEqual(before);
});

test('what a batch that changed no verdict has corrected stays, when the next one is undone', async ({
  page,
}) => {
  await score(page, ...CLEAN);
  await page.evaluate(() => late.scoreCopy(3.5, 14.5));
  await page.evaluate(() => late.dismiss());
  await page.evaluate(() => late.scoreCopy(3.5, 13.5));
  expect(await told(page)).toMatchObject([{ cause: 'late', changed: [] }]);
  const { jobs } = await rows(page);
  await score(page, 3.5);
  await undo(page);
  expect((await rows(page)).jobs).toEqual(jobs);
});

test('a history that an earlier version judged out of order is judged again as a whole, and back to the last bit', async ({
  page,
}) => {
  await score(page, ...CLEAN);
  await page.evaluate(() => late.asEarlier(7, 8, 9));
  const before = await page.evaluate(() => late.rows());
  const found = await page.evaluate(() => late.wouldChange());
  expect(found!.total).toBe(19);
  expect(found!.numbers).toBeGreaterThan(0);
  expect(await page.evaluate(() => late.rows()), 'looking stores nothing').toEqual(before);

  await page.evaluate(() => late.judgeInOrder());
  const [upgrade] = await told(page);
  expect(upgrade!.cause).toBe('upgrade');
  expect(upgrade!.changed.map(([hour]) => hour)).toEqual(found!.items);
  expect(upgrade!.changed.length).toBeGreaterThan(0);
  expect((await page.evaluate(() => late.wouldChange()))!.numbers).toBe(0);
  const again = await said(page);

  await undo(page);
  expect(await page.evaluate(() => late.rows())).toEqual(before);

  // One ordered batch says the same.
  await page.evaluate(async () => {
    const { Late } = await import('/tests/storage/late.ts');
    Object.assign(globalThis, { late: await Late.open() });
  });
  await score(page, ...[...CLEAN, 7, 8, 9].sort((a, b) => a - b));
  expect(await said(page)).toEqual(again);
});

test('what was judged again is put back in the zone that its camera has by then', async ({ page }) => {
  await score(page, ...CLEAN);
  await page.evaluate(() => late.asEarlier(7, 8, 9));
  const before = await said(page);
  await page.evaluate(() => late.judgeInOrder());
  expect(await said(page)).not.toEqual(before);
  await page.evaluate(() => late.moveTo('Europe/Madrid'));
  await undo(page);
  expect(await said(page)).toEqual(before);
  const times = await page.evaluate(() => late.times());
  expect(times.map(({ imageName, hour }) => parseInt(imageName) - hour)).toEqual(before.map(() => 1));
});

test('a deleted camera takes its changes and their rows along', async ({ page }) => {
  await score(page, ...CLEAN);
  await page.evaluate(() => late.asEarlier(7, 8, 9));
  await page.evaluate(() => late.judgeInOrder());
  await score(page, 6);
  expect(await told(page)).toHaveLength(2);
  await page.evaluate(() => late.deleteCamera());
  const { changes, formerRows } = await rows(page);
  expect({ changes, formerRows }).toEqual({ changes: [], formerRows: [] });
});
