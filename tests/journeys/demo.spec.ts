import { batchIsDone, demo, open, results, test } from './support';
import { expect } from '@playwright/test';

test('one click on the first visit plays the demo: clean, fouled, cleaned, clean again', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('region', { name: 'Verdict' })).toHaveAttribute('data-verdict', 'normal', {
    timeout: 60_000,
  });
  await batchIsDone(page);

  const jobs = await results(page);
  expect(jobs).toHaveLength(demo.snapshots.length);
  const verdictOn = (day: string) =>
    new Set(jobs.filter((job) => job.captured_at.startsWith(day)).map((j) => j.verdict));
  // The lens fouls from the 15th to the 21st and is cleaned on the 22nd at 06:05.
  for (const day of ['2026-05-10', '2026-05-12', '2026-05-14'])
    expect(verdictOn(day)).toEqual(new Set(['normal']));
  expect(verdictOn('2026-05-21')).toEqual(new Set(['drift']));
  expect(verdictOn('2026-05-28')).toEqual(new Set(['normal']));
  // Neither dusk nor the big fish is drift.
  const clean = jobs.filter(({ captured_at }) => captured_at < '2026-05-15' || captured_at > '2026-05-24');
  expect(clean.filter(({ verdict }) => verdict === 'drift')).toEqual([]);
  const failed = jobs.filter((job) => job.verdict === 'not-checked').map((job) => job.image_name);
  expect(failed).toEqual(['20260525-124512-DEMO.jpg']);
  await expect(page.getByText('The picture is damaged or cut off')).toBeVisible();

  // Another visit shows what is there.
  await page.reload();
  await expect(page.getByRole('region', { name: 'Verdict' })).toHaveAttribute('data-verdict', 'normal');
  expect(await results(page)).toHaveLength(demo.snapshots.length);
});

test('a demo that was interrupted goes on where it stopped', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  const count = () => page.evaluate(async () => (await globalThis.porthole.summary()).jobs);
  await expect.poll(count, { intervals: [20] }).toBeGreaterThanOrEqual(8);
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  await page.getByRole('button', { name: 'Continue with the demo' }).click();
  await expect
    .poll(async () => (await results(page)).length, { timeout: 60_000 })
    .toBe(demo.snapshots.length);
});
