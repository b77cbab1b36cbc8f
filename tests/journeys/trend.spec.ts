import { expect, type Page } from '@playwright/test';
import type { CompletedJob } from '../../src/core/domain/camera/job';
import {
  demo,
  inDatabase,
  openDetails,
  openLog,
  openWithCamera,
  passTime,
  test,
  violations,
} from './support';

const DAY = 86_400_000;

interface Series {
  /** capture time of the newest snapshot, in milliseconds since 1970 */
  readonly newestAt: number;
  readonly days: number;
  /** distance of growth at the beginning, and how much it rises a day */
  readonly from: number;
  readonly perDay: number;
  /** days from the beginning to a cleaning; none is logged without it */
  readonly cleanedOn?: number;
}

const verdict = (page: Page) => page.getByRole('region', { name: 'Verdict' });
const log = (page: Page) => page.getByRole('region', { name: 'Cleanings and notes' });
const chart = (page: Page) => page.getByRole('img', { name: /^Line chart/ });

/** A camera whose jobs are those of a series, and nothing else. */
async function withSeries(page: Page, series: Series): Promise<void> {
  await openWithCamera(page, demo.snapshots.slice(0, 1));
  await passTime(page, null);
  await inDatabase(page, putSeries, series);
  await page.reload();
  await expect(log(page)).toBeVisible();
}

const RISING = { days: 18, from: 0.005, perDay: 0.004, cleanedOn: 0 } as const;

test('a steady rise is told in days from now, with its pace, and drawn as a forecast @long', async ({
  page,
}) => {
  await withSeries(page, { ...RISING, newestAt: Date.now() - DAY / 24 });
  // 0.1 is reached 23.75 days after the beginning: in 5.75.
  const sentence =
    /^At this pace the limit is reached in (\d+) to (\d+) days, between .+ and .+\. The distance rises by 0\.00\d+ a day\.$/;
  const told = (await openDetails(page)).getByText(/^At this pace/);
  await expect(told).toHaveText(sentence);
  const [, soonest, latest] = sentence.exec((await told.textContent())!.trim())!.map(Number);
  expect(soonest).toBeLessThanOrEqual(5);
  expect(latest).toBeGreaterThanOrEqual(6);
  expect(latest).toBeLessThan(12);
  await expect(log(page)).toContainText('18 days since the last cleaning. Fouling tends to speed up');
  await expect(chart(page)).toHaveAccessibleName(
    /The dashed line extends the present trend to the drift limit/,
  );
  await expect.poll(() => dashes(page)).toBeGreaterThan(20);
  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    expect(await violations(page), theme).toEqual([]);
  }
});

test('in an archive the days count from its newest snapshot @long', async ({ page }) => {
  await withSeries(page, { ...RISING, newestAt: Date.UTC(2023, 7, 20, 12) });
  await expect(await openDetails(page)).toContainText(
    /days after the newest picture, between 2\d August 2023 and .+ (August|September) 2023\./,
  );
  await expect(log(page)).toContainText('18 days from the last cleaning to the newest picture.');
});

test('a flat distance, a short one and one in drift are given no day @long', async ({ page }) => {
  const newestAt = Date.now() - DAY / 24;
  await withSeries(page, { days: 18, from: 0.03, perDay: 0, cleanedOn: 2, newestAt });
  await expect(log(page)).toContainText('16 days since the last cleaning. The distance is not rising.');
  await expect(await openDetails(page)).not.toContainText('At this pace');
  await expect(chart(page)).not.toHaveAccessibleName(/dashes/);

  await inDatabase(page, putSeries, { days: 3, from: 0.01, perDay: 0.01, newestAt });
  await page.reload();
  await expect(log(page)).toContainText('No trend can be measured yet: 36 distances in 3 days.');
  await expect(await openDetails(page)).not.toContainText('At this pace');

  await inDatabase(page, putSeries, { days: 40, from: 0.005, perDay: 0.004, cleanedOn: 0, newestAt });
  await page.reload();
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'drift');
  await expect(log(page)).toContainText('40 days since the last cleaning.');
  await expect(page.getByText(/At this pace|trend|rising/i)).toHaveCount(0);
});

test('a cleaning that is logged now ends the forecast @long', async ({ page }) => {
  await withSeries(page, { ...RISING, newestAt: Date.now() - DAY / 24 });
  await expect(await openDetails(page)).toContainText('At this pace');
  await openLog(page);
  await log(page).getByRole('button', { name: 'I cleaned it' }).click();
  await log(page).getByRole('button', { name: 'Log the cleaning' }).click();
  await expect(verdict(page)).toContainText('12 pictures to go');
  await expect(page.getByText('At this pace')).toHaveCount(0);
  await expect(log(page)).toContainText(/\d+ s since the last cleaning\./);
});

/** Pixels from the newest distance to the end of the dashes that the forecast draws. */
async function dashes(page: Page): Promise<number> {
  const line = chart(page).locator('[data-layer="line"][stroke-dasharray="3 4"]');
  return (await line.boundingBox())?.width ?? 0;
}

/** Puts twelve scored jobs a day in place of all, made after the one that is there: it is growth that rises. */
async function putSeries(
  db: IDBDatabase,
  { newestAt, days, from, perDay, cleanedOn }: Series,
): Promise<void> {
  const newId = (i: number) => `made ${String(i)}`;
  const transaction = db.transaction(['jobs', 'events', 'thumbnails'], 'readwrite');
  const store = transaction.objectStore('jobs');
  const all: IDBRequest<CompletedJob[]> = store.getAll();
  all.onsuccess = () => {
    const template = all.result[0]!;
    const thumbnails = transaction.objectStore('thumbnails');
    const pictures: IDBRequest<ArrayBuffer[]> = thumbnails.getAll(null, 1);
    pictures.onsuccess = () => {
      // Any picture will do, for as many as the page shows.
      for (let i = 0; i < 12; i += 1) thumbnails.put(pictures.result[0], newId(days * 12 - i));
    };
    store.clear();
    transaction.objectStore('events').clear();
    const count = days * 12;
    const began = newestAt - days * 86_400_000;
    for (let i = 1; i <= count; i += 1) {
      const day = (i * days) / count;
      // Days differ a little, and so do snapshots: a window hides most of it.
      const unrest = 0.002 * Math.sin(i * 12.9898) + 0.003 * Math.sin(Math.floor(day) * 78.233);
      const distance = from + perDay * day + unrest;
      store.put({
        ...template,
        id: newId(i),
        contentSha256: String(i),
        capturedAt: began + day * 86_400_000,
        capturedAtSource: 'file-name',
        distance: 0.01,
        windowFill: 12,
        driftStatus: undefined,
        glass: { ...template.glass!, growth: { distance, driftStatus: distance > 0.1 ? 'drift' : 'normal' } },
      });
    }
    if (cleanedOn !== undefined) {
      const at = began + cleanedOn * 86_400_000;
      const { cameraId } = template;
      transaction.objectStore('events').put({ id: 'cleaned', cameraId, kind: 'cleaned', at, note: '' });
    }
  };
  await new Promise((resolve) => (transaction.oncomplete = resolve));
}
