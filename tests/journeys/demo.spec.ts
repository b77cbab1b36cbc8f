import { expect } from '@playwright/test';
import {
  batchIsDone,
  closeDialog,
  demo,
  open,
  openDetails,
  openLog,
  reloadInBatch,
  results,
  test,
} from './support';

test('one click on the first visit plays the demo: clean, murky, moved, grown over, cleaned, clean again', async ({
  page,
}) => {
  await open(page);
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await expect(verdict).toBeVisible({ timeout: 30_000 });
  await expect(verdict).toHaveAttribute('data-verdict', 'normal', { timeout: 60_000 });
  await batchIsDone(page);

  const jobs = await results(page);
  expect(jobs).toHaveLength(demo.snapshots.length);
  const on = (day: number) => jobs.filter((job) => new Date(job.captured_at).getUTCDate() === day);
  const conclusionsOn = (day: number) => [...new Set(on(day).map(({ conclusion }) => conclusion))];
  for (const day of [10, 13, 15, 26, 28]) expect(conclusionsOn(day), `${day} May`).toEqual(['clear']);
  // In one of its pictures two fifths of the scene are seen.
  expect(conclusionsOn(12), 'a storm is no dirt').toEqual(['murky', 'clear']);

  // Animals settle from the 14th on; a diver wipes the lens on the 22nd at 06:05.
  const fouled = jobs.filter(
    ({ captured_at }) => captured_at >= '2026-05-14' && captured_at < '2026-05-22T06:05',
  );
  expect([...new Set(fouled.map(({ verdict }) => verdict))]).toEqual(['normal', 'warning', 'drift']);
  // The first colony is compact: for three snapshots it may as well be a thing in the scene, until more of the glass is covered.
  expect([...new Set(fouled.map(({ conclusion }) => conclusion))]).toEqual(['clear', 'changed', 'growth']);
  expect(fouled.filter(({ conclusion }) => conclusion === 'changed')).toHaveLength(3);
  const covers = [14, 17, 19, 21].map((day) => on(day).at(-1)!.cover!);
  expect(covers).toEqual([...covers].sort((a, b) => a - b));
  expect(covers.at(-1)).toBeGreaterThan(0.5);

  // Neither dusk nor the big fish nor a camera that slips aside is dirt or another view.
  const others = jobs.filter((job) => !fouled.includes(job));
  expect(new Set(others.map(({ verdict }) => verdict))).toEqual(
    new Set(['normal', 'warming-up', 'not-checked']),
  );
  expect(new Set(jobs.map(({ view }) => view))).toEqual(new Set(['same', null]));
  const failed = jobs.filter((job) => job.verdict === 'not-checked').map((job) => job.image_name);
  expect(failed).toEqual(['20260525-124512-DEMO.jpg']);
  // The demo tells of its broken file in the history only, and its clock is its newest picture, by daylight.
  await expect(page.getByText(/failed/)).toHaveCount(0);
  await expect(page.getByText(/ago/)).toHaveCount(0);
  expect(jobs.at(-1)!.captured_at).toContain('T16:30');

  // The diver's visit began a cycle: the scratch that was left, and how the camera stands since then, are its clean view.
  const details = await openDetails(page);
  await expect(details).toContainText('No growth is found');
  await expect(details).toContainText('The camera has not moved');
  await openLog(page);
  const look = 'The lens is fouled. Look.';
  await expect(page.getByRole('listitem').filter({ hasText: look })).toBeVisible();
  await expect(page.getByText('A small scratch stays')).toBeVisible();
  await page.getByRole('button', { name: look }).click();
  await expect(page.getByRole('dialog').getByRole('heading').first()).toHaveText(
    /^20 May.*, 11:30: clean the lens/,
  );
  await closeDialog(page);

  // Another visit shows what is there.
  await page.reload();
  await expect(verdict).toHaveAttribute('data-verdict', 'normal');
  expect(await results(page)).toHaveLength(demo.snapshots.length);
});

test('a demo that was interrupted goes on where it stopped @long', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await reloadInBatch(page);
  await page.getByRole('button', { name: 'Continue with the demo' }).click();
  await expect
    .poll(async () => (await results(page)).length, { timeout: 60_000 })
    .toBe(demo.snapshots.length);
});
