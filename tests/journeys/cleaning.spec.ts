import { expect, type Page } from '@playwright/test';
import {
  check,
  demo,
  learn,
  openLog,
  openWithCamera,
  results,
  storedIn,
  test,
  unfold,
  violations,
} from './support';
import { openPlace } from '../open-place';

const verdict = (page: Page) => page.getByRole('region', { name: 'Verdict' });
const log = (page: Page) => page.getByRole('region', { name: 'Cleanings and notes' });

/** The demo's lens fouls until the morning of the 22nd. */
const upTo = (time: string) =>
  demo.snapshots.filter((path) => path.slice(-'YYYYMMDD-HHMMSS-DEMO.jpg'.length) < time);
const fouled = upTo('20260522-06');
const afterwards = demo.snapshots.slice(fouled.length);

async function logCleaning(page: Page, note = '') {
  await openLog(page);
  await log(page).getByRole('button', { name: 'I cleaned it' }).click();
  await log(page)
    .getByLabel(/right after the newest picture/)
    .check();
  await log(page).getByLabel('Note, if any').fill(note);
  await log(page).getByRole('button', { name: 'Log the cleaning' }).click();
}

test('a cleaning empties the window, is kept over a reload, confirms recovery, and can be undone', async ({
  page,
}) => {
  await openWithCamera(page, fouled);
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'drift');
  await logCleaning(page, 'wiped by hand');
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'warming-up');
  await expect(verdict(page)).toContainText('12 pictures to go');
  await expect(verdict(page)).toContainText('The lens was cleaned');
  await expect(log(page)).toContainText('wiped by hand');
  await expect(log(page)).toContainText('No picture since.');

  await page.reload();
  await expect(verdict(page)).toContainText('12 pictures to go');
  await check(page, afterwards.slice(0, 5));
  await expect(verdict(page)).toContainText('7 pictures to go');
  await expect(verdict(page)).toContainText('So far 5 pictures: distance');
  await expect(log(page)).toContainText('warming up 5/12');
  await page.reload();
  await check(page, afterwards.slice(5, 14));
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'normal');
  await expect(log(page)).toContainText('It helped: clear again after 12 pictures.');
  const scored = await results(page);
  expect(scored.slice(fouled.length).map(({ distance }) => distance === null)).toEqual([
    ...new Array<boolean>(11).fill(true),
    ...new Array<boolean>(afterwards.slice(0, 14).length - 11).fill(false),
  ]);

  await openLog(page);
  await log(page)
    .getByRole('button', { name: /^(Undo|Remove): Cleaned/ })
    .click();
  await expect(log(page)).toContainText('Nothing was logged yet.');
  await page.reload();
  await expect(log(page)).toContainText('Nothing was logged yet.');
  const undone = await results(page);
  expect(undone.slice(0, fouled.length)).toEqual(scored.slice(0, fouled.length));
  expect(undone.slice(fouled.length).map(({ distance }) => distance)).not.toContain(null);
});

test('the form of the verdict’s button opens in its place at every width, with the focus, and gives it back @long', async ({
  page,
}) => {
  await openWithCamera(page, fouled);
  const button = verdict(page).getByRole('button', { name: 'I cleaned it' });
  const form = verdict(page).getByRole('form', { name: 'I cleaned it' });
  for (const size of [
    { width: 1280, height: 800 },
    { width: 820, height: 1180 },
    { width: 390, height: 664 },
  ]) {
    await page.setViewportSize(size);
    await page.evaluate(() => scrollTo(0, 0));
    for (const close of ['Escape', 'Cancel']) {
      await button.click();
      await expect(form.getByRole('radio', { checked: true })).toBeFocused();
      await expect(form).toBeInViewport({ ratio: 0.99 });
      const [above, below] = [(await button.boundingBox())!, (await form.boundingBox())!];
      const between = below.y - above.y - above.height;
      expect(between, `right below its button at ${size.width}`).toBeGreaterThan(0);
      expect(between, `right below its button at ${size.width}`).toBeLessThan(40);
      if (close === 'Escape') await page.keyboard.press('Escape');
      else await form.getByRole('button', { name: 'Cancel' }).click();
      await expect(form).toHaveCount(0);
      await expect(button).toBeFocused();
    }
  }
  await button.press('Enter');
  expect(await violations(page)).toEqual([]);
  await form.getByRole('button', { name: 'Log the cleaning' }).press('Enter');
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'warming-up');
  await expect(verdict(page).getByRole('heading')).toBeFocused();
  await expect(log(page)).toContainText('No picture since.');
});

test('after an undone cleaning all are judged as if it had never been logged @long', async ({ page }) => {
  await openWithCamera(page, fouled);
  await logCleaning(page);
  await expect(verdict(page)).toContainText('12 pictures to go');
  await check(page, afterwards.slice(0, 1));
  await expect(verdict(page)).toContainText('11 pictures to go');
  await log(page)
    .getByRole('button', { name: /^(Undo|Remove): Cleaned/ })
    .click();
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'drift');
  await check(page, afterwards.slice(1, 2));
  const judged = async () => (await results(page)).map(({ distance, verdict }) => [distance, verdict]);
  const undone = await judged();

  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'New camera…' });
  await page.getByLabel('Name of the camera').fill('Twin');
  await page.locator('input[type=file][aria-label="choose files"]').first().setInputFiles(demo.reference);
  await learn(page);
  await expect(page.getByText(/^Version 1: \d+ clean embeddings/)).toBeVisible();
  await check(page, [...fouled, ...afterwards.slice(0, 2)]);
  expect(await judged()).toEqual(undone);
});

test('a note and a move are marked and change no window; a cleaning can be logged at a time of its own @long', async ({
  page,
}) => {
  await openWithCamera(page, fouled.slice(0, 14));
  await openLog(page);
  await log(page).getByRole('button', { name: 'Add a note' }).click();
  await log(page).getByLabel('Note, if any').fill('storm <b>last</b> night');
  await log(page).getByRole('button', { name: 'Save the note' }).click();
  await expect(log(page)).toContainText('storm <b>last</b> night');
  await log(page).getByRole('button', { name: 'The camera moved' }).click();
  await log(page).getByRole('button', { name: 'Log the move' }).click();
  await expect(log(page).getByRole('listitem')).toHaveCount(2);
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'normal');

  await log(page).getByRole('button', { name: 'I cleaned it' }).click();
  await log(page).getByLabel('Date and time in UTC').fill('2026-05-01T06:30');
  await log(page).getByRole('button', { name: 'Log the cleaning' }).click();
  await expect(log(page)).toContainText(/1 May( 2026)?, 06:30 UTC/);
  await log(page).getByRole('button', { name: 'I cleaned it' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(log(page).getByRole('listitem')).toHaveCount(3);
});

test('an alarm that must persist is raised later, and the settings are kept @long', async ({ page }) => {
  await openWithCamera(page);
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  await page.getByLabel('Raise after').fill('0');
  await expect(page.getByRole('alert')).toContainText('must be a whole number from 1 to 1000');
  await page.getByLabel('Raise after').fill('4');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.reload();
  await unfold(page, 'Method');
  await expect(page.getByLabel('Raise after')).toHaveValue('4');
  await check(page, fouled);
  const scored = await results(page);
  const above = scored.findIndex(({ distance }) => (distance ?? 0) > 0.1);
  expect(scored.findIndex(({ verdict }) => verdict === 'drift')).toBeGreaterThanOrEqual(above + 3);
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'drift');

  // One window above the limit is not yet an alarm, and the sentence doesn't say that it is below.
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  await page.getByLabel('Raise after').fill('100');
  await page.getByRole('button', { name: 'Save' }).click();
  await check(page, afterwards.slice(0, 1));
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'normal');
  await expect(verdict(page)).toContainText(
    /above the drift limit of 0\.10\. An alarm is raised after 100 pictures in a row/,
  );
});

test('snapshots that a cleaning confirmed as clean join a new reference version, with their pictures @long', async ({
  page,
}) => {
  await openWithCamera(page, fouled.slice(-14));
  await logCleaning(page);
  await check(page, afterwards.slice(0, 16));
  // One of the sixteen is no picture, and the newest twelve are in the window of the next snapshot.
  await log(page).getByRole('button', { name: 'Add 3 confirmed-clean pictures' }).click();
  await expect(log(page).getByRole('button', { name: /^Take/ })).toHaveCount(0);
  await openPlace(page, 'Camera');
  await expect(page.getByText('Version 2: 49 clean embeddings').first()).toBeVisible();
  await page.reload();
  await page.getByText('Pictures in it').click();
  for (const path of afterwards.slice(0, 3)) {
    await expect(
      page.getByText(
        path
          .split('/')
          .at(-1)!
          .replace(/\.jpg$/, '.jpg'),
      ),
    ).toBeVisible();
  }
  const pictures = await storedIn(page, 'thumbnails');
  expect(pictures, 'of jobs, of version 1 and of version 2').toHaveLength(14 + 15 + 46 + 49);
});
