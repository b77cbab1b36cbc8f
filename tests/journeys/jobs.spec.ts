import { expect, type Page } from '@playwright/test';
import { basename } from 'node:path';
import { demo, openWithCamera, openWithDemo, results, storedIn, test, violations } from './support';
import type { CompletedJob, Job } from '../../src/core/domain/camera/job';
import { openList, openPlace } from '../open-place';

const list = (page: Page) => page.getByRole('group', { name: 'History', exact: true });
const dialog = (page: Page) => page.getByRole('dialog');
const byEye = async (page: Page) =>
  (await storedIn<CompletedJob>(page, 'jobs')).flatMap((job) => job.byEye ?? []).sort();

test('the list is sorted by what pictures show, pictures and plot mark the same snapshot, and the place is no higher than 2,000 pixels @long', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await openWithCamera(page, demo.snapshots);
  const stored = (await storedIn<Job>(page, 'jobs')).filter((job) => job.jobStatus === 'Completed');
  await openList(page);
  const first = list(page).getByRole('row').nth(1);
  await expect(first).toContainText(basename(demo.snapshots.at(-1)!));
  const blurriest = stored.reduce((a, b) => (a.properties!.sharpness <= b.properties!.sharpness ? a : b));
  await page.getByLabel('Sort by').selectOption('blur, blurriest first');
  await expect(first).toContainText(blurriest.imageName);
  await page.getByLabel('Sort by').selectOption('distance, farthest first');
  const isLow = async (what: string) => {
    const { height, over } = await page.evaluate(() => ({
      height: document.documentElement.scrollHeight,
      over: document.documentElement.scrollWidth - innerWidth,
    }));
    expect(height, what).toBeLessThanOrEqual(2000);
    expect(over, what).toBeLessThanOrEqual(0);
  };
  await isLow('list');
  const names = list(page).locator('th button');
  await names.first().focus();
  for (const [key, place] of [
    ['ArrowDown', 1],
    ['End', 14],
    ['ArrowUp', 13],
    ['Home', 0],
  ] as const) {
    await page.keyboard.press(key);
    await expect(names.nth(place)).toBeFocused();
  }

  await page.getByRole('button', { name: 'Pictures', exact: true }).click();
  await expect(list(page).getByRole('img').first()).toBeVisible();
  await isLow('pictures');
  await page.getByText('Plot', { exact: true }).click();
  await expect(page.getByRole('img', { name: /^Scatter plot/ })).toBeVisible();
  // The first is the farthest: its point is the highest of the plot, and stands out now.
  const pictures = list(page).getByRole('button');
  const canvas = page.locator('canvas').first();
  const drawn = () => canvas.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL().length);
  const marked: number[] = [];
  for (const i of [7, 0]) {
    await pictures.nth(i).focus();
    await expect(pictures.nth(i)).toHaveClass(/current/);
    // The mark's pictures come a moment later, and on a busy machine so does the plot.
    await expect(async () => {
      await pictures.nth(i + 1).hover();
      const other = await drawn();
      await pictures.nth(i).hover();
      // The plot is drawn in the next frame.
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      expect((await drawn()) === other).toBe(false);
    }).toPass();
    marked.push(await drawn());
  }
  expect(marked[0]).not.toBe(marked[1]);

  // And a point that is chosen in the plot is marked in the list, wherever it stands there.
  await page.getByText('Show as a table').first().click();
  const name = basename(demo.snapshots[0]!);
  await page.getByRole('button', { name, exact: true }).first().click();
  await expect(dialog(page)).toContainText(name);
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(list(page).locator('.current')).toBeInViewport();
});

test('History begins with a film of one hour: a picture a day, its verdict and covered share, the cleaning, and it plays and pauses @long', async ({
  page,
}) => {
  // A film that plays by itself is beyond the cleaning before a busy machine has paused it.
  await page.clock.install();
  await openWithDemo(page);
  // Addresses of before lead there too.
  await page.evaluate(() => (location.hash = 'jobs'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('History');
  const film = page.getByRole('region', { name: /^\d+ May 2026$/ });
  const day = film.getByRole('slider', { name: 'Day' });
  await expect(film.getByLabel('Hour of the day')).toContainText('14:00, 9 days');
  await expect(film.getByRole('heading')).toHaveText('28 May 2026');
  await day.press('Home');
  await expect(film.getByRole('heading')).toHaveText('10 May 2026');
  await expect(film).toContainText(/\d\s% covered/);
  await expect(day).toHaveAttribute('aria-valuetext', /^10 May 2026: \w/);
  await page.clock.pauseAt(Date.now() + 60_000);
  await film.getByRole('button', { name: 'Play the days' }).click();
  await page.clock.runFor(5 * 700);
  await expect(film).toContainText('Cleaned on 22 May');
  await film.getByRole('button', { name: 'Pause' }).click();
  await page.clock.runFor(2 * 700);
  await expect(day).toHaveValue('5');
  await page.clock.resume();
  expect(await violations(page)).toEqual([]);
  await film.getByLabel('Hour of the day').selectOption({ index: 0 });
  await expect(day).toHaveAttribute('aria-valuetext', /: \w/);
  await film.getByRole('button', { name: 'Open this picture' }).click();
  await expect(dialog(page)).toBeVisible();
});

test('the twelve least sure snapshots are called clean, dirty or neither by three keys, and what was said stays, filters, and feeds calibration and reference @long', async ({
  page,
}) => {
  await openWithCamera(page, demo.snapshots);
  await openList(page);
  await page.getByText('More', { exact: true }).click();
  await page.getByRole('button', { name: 'Look at these twelve' }).click();
  await expect(dialog(page)).toContainText('1 of 12: what do you see?');
  await expect(dialog(page).getByRole('img')).toBeVisible();
  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((theme) => (document.documentElement.dataset['theme'] = theme), theme);
    expect(await violations(page), theme).toEqual([]);
  }
  for (const [i, key] of ['1', '2', '3', '1', '1'].entries()) {
    await expect(dialog(page)).toContainText(`${i + 1} of 12`);
    await page.keyboard.press(key);
  }
  await expect(dialog(page)).toContainText('6 of 12');
  await expect(dialog(page)).toContainText('3 clean, 1 dirty, 1 neither so far.');
  await page.keyboard.press('ArrowLeft');
  await expect(dialog(page)).toContainText('You called it clean.');
  await dialog(page).getByRole('button', { name: 'Take it back' }).click();
  await expect(dialog(page)).toContainText('2 clean, 1 dirty, 1 neither so far.');
  for (const name of ['Clean', 'Dirty', 'Neither']) {
    const box = await dialog(page).getByRole('button', { name, exact: true }).boundingBox();
    expect(box!.height, name).toBeGreaterThanOrEqual(44);
  }
  await dialog(page).getByRole('button', { name: 'Clean', exact: true }).click();
  await page.keyboard.press('Escape');
  expect(await byEye(page)).toEqual(['clean', 'clean', 'clean', 'dirty', 'neither']);

  await page.reload();
  await openList(page);
  await page.getByRole('combobox', { name: /^Show/ }).selectOption('called clean');
  await expect(list(page).getByRole('row')).toHaveCount(4);
  // The dialog does not ask about the same snapshot twice.
  await page.getByText('More', { exact: true }).click();
  await page.getByRole('button', { name: /^Look at/ }).click();
  await expect(dialog(page)).not.toContainText('You called it');
  await page.keyboard.press('Escape');

  const judged = await results(page);
  await page.goto(`${page.url().split('#')[0]!}#calibrate`);
  await expect(page.getByText(/dirty picture/).first(), 'the one called dirty is tried').toBeVisible();
  expect(await results(page), 'no verdict depends on it').toEqual(judged);

  await openPlace(page, 'Camera');
  await page.getByRole('button', { name: 'Add these 3 to the reference' }).click();
  await expect(page.getByText(/^Version 2: 49 clean embeddings/).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add these 3 to the reference' })).toHaveCount(0);
});

test('on a phone a name in the list takes two lines at most, and nothing scrolls sideways @long', async ({
  page,
}) => {
  await openWithCamera(page, demo.snapshots);
  await page.setViewportSize({ width: 390, height: 844 });
  await openList(page);
  const names = list(page).locator('th button span');
  await expect(names.first()).toBeVisible();
  const heights = await names.evaluateAll((names) => names.map((name) => name.clientHeight));
  // Two lines of 18.2 pixels.
  expect(Math.max(...heights)).toBeLessThanOrEqual(37);
  const isCut = await names.first().evaluate((name) => name.scrollHeight > name.clientHeight + 2);
  expect(isCut, 'two lines are enough for it').toBe(false);
  for (const view of ['List', 'Pictures']) {
    await page.getByRole('button', { name: view, exact: true }).click();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(over, view).toBeLessThanOrEqual(0);
    expect(await violations(page), view).toEqual([]);
  }
});
