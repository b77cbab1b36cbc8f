import { expect, type Page } from '@playwright/test';
import type { Job } from '../../src/core/domain/camera/job';
import { check, demo, made, openWithCamera, read, results, storedIn, test, violations } from './support';

/** The demo's lens fouls until the morning of the 22nd. */
const fouled = demo.snapshots.filter(
  (path) => path.slice(-'YYYYMMDD-HHMMSS-DEMO.jpg'.length) < '20260522-06',
);
/** Clean, and without a time in name or EXIF: copies have the date of now. A comment makes each a file of its own. */
const undated = demo.snapshots
  .slice(14, 17)
  .map((path, i) => made(`IMG_000${String(i)}.jpg`, Buffer.concat([read(path), Buffer.from('undated')])));

test('pictures that do not say when they were taken replace no alarm, and count once a person says when', async ({
  page,
}) => {
  await openWithCamera(page, fouled);
  await expect(card(page)).toHaveAttribute('data-verdict', 'drift');
  await check(page, undated);
  const asks = async () => {
    await expect(notice(page)).toContainText('3 pictures do not say when they were taken');
    await expect(notice(page)).toContainText('IMG_0000.jpg, IMG_0001.jpg, IMG_0002.jpg');
    await expect(card(page)).toHaveAttribute('data-verdict', 'drift');
    await expect(page).toHaveTitle(/clean the lens/i);
  };
  await expect(
    page.getByText('No picture checked. 3 are set aside: the Monitor asks for their times.'),
  ).toBeVisible();
  await asks();
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await asks();

  await notice(page).getByRole('button', { name: 'Enter date and time' }).click();
  await expect(notice(page).getByRole('button', { name: 'Set the time right' })).toBeDisabled();
  await page.getByLabel('The newest of them was taken (UTC)').fill('2026-05-12T11:30:12');
  await notice(page).getByRole('button', { name: 'Set the time right' }).click();
  await expect(notice(page)).toHaveCount(0);
  const verdicts = async () =>
    (await results(page))
      .filter(({ image_name }) => image_name.startsWith('IMG'))
      .map(({ verdict }) => verdict);
  await expect.poll(verdicts).toEqual(['normal', 'normal', 'normal']);
  const jobs = (await storedIn<Job>(page, 'jobs')).filter(({ imageName }) => imageName === 'IMG_0002.jpg');
  expect(jobs).toMatchObject([{ jobStatus: 'Completed', capturedAt: Date.parse('2026-05-12T11:30:12Z') }]);
  await expect(card(page)).toHaveAttribute('data-verdict', 'drift');
  await page.getByRole('button', { name: 'Undo the correction' }).click();
  await asks();

  await notice(page).getByRole('button', { name: 'Leave them out' }).click();
  await expect(page.getByText('3 pictures are left out.')).toBeVisible();
  await expect(notice(page)).toHaveCount(0);
  await page.reload();
  await expect(card(page)).toHaveAttribute('data-verdict', 'drift');
  await expect(notice(page)).toHaveCount(0);
  expect(await verdicts()).toEqual(['not-checked', 'not-checked', 'not-checked']);
});

test('a camera whose pictures never say when they were taken is asked about once @long', async ({ page }) => {
  await openWithCamera(page);
  await check(page, undated.slice(0, 2));
  await expect(card(page)).toHaveAttribute('data-verdict', 'not-checked');
  await notice(page).getByRole('button', { name: 'The files’ dates are right' }).click();
  await expect(page.getByText('the date of its file counts from now on')).toBeVisible();
  await expect(notice(page)).toHaveCount(0);
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  await page.reload();
  await check(page, undated.slice(2));
  await expect(page.getByText('1 picture checked.')).toBeVisible();
  await expect(notice(page)).toHaveCount(0);
});

function card(page: Page) {
  return page.getByRole('region', { name: 'Verdict' });
}

function notice(page: Page) {
  return page.getByRole('region', { name: 'When were these taken?' });
}
