import { expect, type Locator, type Page } from '@playwright/test';
import { basename } from 'node:path';
import { readEmbeddings } from '../../src/core/domain/files/npy';
import { mmdPermutationTest } from '../../src/features/calibrate/pure/permutation-test';
import { dayPermutation } from '../../src/features/calibrate/pure/day-permutation';
import {
  batchIsDone,
  choose,
  demo,
  made,
  multiplyJobs,
  open,
  openCalibrate,
  openWithCamera,
  read,
  results,
  test,
  violations,
  type StoredResult,
  unfold,
} from './support';
import { openPlace } from '../open-place';

/** The panel's test options, beside the sets. */
const OPTIONS = { sigma: 0.3, numPermutations: 1000, randomState: 31 };
/** Ten days after the reference it is clean; then it fouls, up to where the snapshots count as another view. */
const CLEAN = demo.snapshots.slice(0, 12);
const FOULED = demo.snapshots.slice(32, 44);

const panel = (page: Page) => page.getByRole('region', { name: 'Compare two sets' });
const result = (page: Page) => panel(page).getByRole('region', { name: 'Result' });
const setOf = (page: Page, name: 'Set A' | 'Set B') => panel(page).getByRole('group', { name });

async function compare(page: Page): Promise<void> {
  await panel(page).getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(result(page)).toBeVisible();
}

/** Chooses scored snapshots of whole days, both included. */
async function chooseDays(set: Locator, from: string, to: string): Promise<void> {
  await set.getByLabel('scored pictures of a time').check();
  await set.getByLabel(/^From, UTC/).fill(`${from}T00:00`);
  await set.getByLabel(/^To, UTC/).fill(`${to}T23:59`);
}

/** A number of the result, with all its digits. */
async function shown(page: Page, term: string): Promise<number> {
  const row = result(page).locator('dt', { hasText: term }).locator('xpath=following-sibling::dd[1]');
  return Number(await row.locator('data').getAttribute('value'));
}

async function referenceEmbeddings(page: Page): Promise<readonly Float32Array[]> {
  await openPlace(page, 'Camera');
  await unfold(page, 'Export the reference');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export .npy' }).click();
  const bytes = read(await (await download).path());
  return readEmbeddings(new Uint8Array(bytes), 'reference.npy').embeddings;
}

function embeddingsOf(jobs: readonly StoredResult[], paths: readonly string[]): Float32Array[] {
  const names = new Set(paths.map((path) => basename(path)));
  return jobs
    .filter(({ image_name }) => names.has(image_name))
    .map(({ embedding = [] }) => Float32Array.from(embedding));
}

/** Embeddings by day, in capture order. */
function daysOf(jobs: readonly StoredResult[], paths: readonly string[]): Float32Array[][] {
  const dates = [...new Set(paths.map((path) => basename(path).slice(0, 8)))];
  return dates.map((date) =>
    embeddingsOf(
      jobs,
      paths.filter((path) => basename(path).startsWith(date)),
    ),
  );
}

test('fouled days differ from the reference, clean ones do not, by the numbers of the test itself @long', async ({
  page,
}) => {
  await openWithCamera(page, [...CLEAN, ...FOULED]);
  const reference = await referenceEmbeddings(page);
  const jobs = await results(page);
  await openCalibrate(page, 'Compare', 'Compare two sets');
  await expect(panel(page)).toContainText('use it to compare sets, never to set an alarm limit', {
    ignoreCase: true,
  });

  await chooseDays(setOf(page, 'Set B'), '2026-05-16', '2026-05-19');
  await expect(setOf(page, 'Set B')).toContainText('12 scored pictures in this time.');
  await compare(page);
  await expect(result(page)).toContainText(
    'The two sets differ: a random regrouping of the same pictures gave a distance this large in 0 of 1,000 tries (p = 0.001).',
  );
  const fouled = mmdPermutationTest(reference, embeddingsOf(jobs, FOULED), OPTIONS);
  expect(await shown(page, 'Distance')).toBe(fouled.distance);
  expect(await shown(page, 'p-value by pictures')).toBe(fouled.pValue);
  await expect(result(page).getByRole('img', { name: /^Histogram of 1,000 distances/ })).toBeVisible();

  await chooseDays(setOf(page, 'Set B'), '2026-05-09', '2026-05-11');
  await expect(result(page)).toContainText('The choice has changed since');
  await compare(page);
  await expect(result(page)).toContainText('No difference was found');
  await expect(result(page)).toContainText('no proof that there is none');
  const clean = mmdPermutationTest(reference, embeddingsOf(jobs, CLEAN), OPTIONS);
  expect(await shown(page, 'Distance')).toBe(clean.distance);
  expect(await shown(page, 'p-value by pictures')).toBe(clean.pValue);

  await chooseDays(setOf(page, 'Set A'), '2026-05-09', '2026-05-11');
  await chooseDays(setOf(page, 'Set B'), '2026-05-16', '2026-05-19');
  await compare(page);
  const days = dayPermutation(daysOf(jobs, CLEAN), daysOf(jobs, FOULED), OPTIONS.sigma, OPTIONS.randomState);
  expect(days.splits).toBe(35);
  expect(await shown(page, 'p-value by days')).toBe(days.pValue);
  await expect(result(page)).toContainText('(all 35 regroupings)');
  await expect(result(page)).toContainText('With so few days, p cannot fall below 0.029');
});

test('addresses of the tools that Compare took over lead to it @long', async ({ page }) => {
  await openWithCamera(page);
  for (const address of ['#science/periods', '#calibrate/method', '#calibrate/method/ks']) {
    await open(page, address);
    await expect(panel(page), address).toBeVisible();
  }
  await expect(page.getByRole('tab', { name: 'Compare', exact: true })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await open(page, '#calibrate/method/bandwidth');
  await page.reload();
  await expect(page.getByRole('region', { name: 'Bandwidth' })).toBeVisible();
});

test('the same question has the same answer again, after a reload too, and a comparison stores nothing @long', async ({
  page,
}) => {
  await openWithCamera(page, [...CLEAN, ...FOULED]);
  const before = await results(page);
  await openCalibrate(page, 'Compare', 'Compare two sets');
  // The reference beside the newest week is there from the start.
  await expect(setOf(page, 'Set B')).toContainText('12 scored pictures in this time.');
  await compare(page);
  const numbers = async () => [await shown(page, 'Distance'), await shown(page, 'p-value by pictures')];
  const first = await numbers();
  const pictured = await result(page).getByRole('img').getAttribute('aria-label');
  await compare(page);
  expect(await numbers()).toEqual(first);

  await page.reload();
  await expect(panel(page)).toBeVisible();
  await expect(result(page)).toHaveCount(0);
  expect(await results(page)).toEqual(before);
  await compare(page);
  expect(await numbers()).toEqual(first);
  await expect(result(page).getByRole('img')).toHaveAccessibleName(pictured ?? '');

  await result(page).getByText('Show as a table').click();
  await expect(result(page).locator('tbody tr').first()).toBeVisible();
  const counts = await result(page).locator('tbody td:last-child').allTextContents();
  expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(1000);
});

test('files are encoded for the comparison alone: a bad one is named, and one set twice is said to be that @long', async ({
  page,
}) => {
  await openWithCamera(page);
  await openCalibrate(page, 'Compare', 'Compare two sets');
  await expect(panel(page)).toContainText('Set B holds no picture');
  await expect(panel(page).getByRole('button', { name: 'Compare', exact: true })).toBeDisabled();
  const files = CLEAN.slice(0, 6).map((path) => made(basename(path), read(path)));
  await setOf(page, 'Set A').getByLabel('files chosen here').check();
  await setOf(page, 'Set B').getByLabel('files chosen here').check();
  await choose(page, 'Choose files for set A', [
    ...files,
    made('20260601-000000-DEMO.jpg', 'no picture'),
    made('notes.txt', 'wind from the east', 'text/plain'),
  ]);
  await choose(page, 'Choose files for set B', files);
  await expect(setOf(page, 'Set A')).toContainText('7 pictures chosen');
  await compare(page);
  await expect(setOf(page, 'Set A')).toContainText('6 pictures read.');
  await expect(setOf(page, 'Set A')).toContainText(
    '20260601-000000-DEMO.jpg: This file is not a picture we can read.',
  );
  await expect(setOf(page, 'Set A')).toContainText('notes.txt: skipped, not a picture.');
  await expect(result(page)).toContainText('No difference was found');
  await expect(result(page)).toContainText('Both sets hold the same pictures');
  expect(await shown(page, 'Distance')).toBeLessThan(0);
  expect(await results(page)).toEqual([]);

  // Three of the reference's own, and three others.
  await choose(page, 'Choose files for set B', [
    ...demo.reference.slice(0, 3).map((path, i) => made(`copy-${i}.jpg`, read(path))),
    ...files.slice(0, 3),
  ]);
  await setOf(page, 'Set A')
    .getByLabel(/the reference/)
    .check();
  await compare(page);
  await expect(result(page)).toContainText('3 pictures of set B are in set A too');
});

test('a set of one snapshot is refused with a sentence, and two of two can not differ @long', async ({
  page,
}) => {
  await openWithCamera(page, [...CLEAN.slice(0, 2), ...FOULED.slice(0, 2)]);
  await openCalibrate(page, 'Compare', 'Compare two sets');
  const button = panel(page).getByRole('button', { name: 'Compare', exact: true });
  await setOf(page, 'Set B')
    .getByLabel(/^From, UTC/)
    .fill('2026-05-09T10:15');
  await setOf(page, 'Set B')
    .getByLabel(/^To, UTC/)
    .fill('2026-05-09T10:15');
  await expect(panel(page)).toContainText('Set B holds 1 picture; a distance needs two at least');
  await expect(button).toBeDisabled();

  // A file shows only when it is read if it is a picture.
  await setOf(page, 'Set B').getByLabel('files chosen here').check();
  await choose(page, 'Choose files for set B', [
    made('good.jpg', read(CLEAN[0] ?? '')),
    made('bad.jpg', 'no picture'),
  ]);
  await button.click();
  await expect(panel(page)).toContainText('Set B holds 1 picture');
  await expect(panel(page)).toContainText('bad.jpg: This file is not a picture');
  await expect(result(page)).toHaveCount(0);

  await chooseDays(setOf(page, 'Set A'), '2026-05-09', '2026-05-09');
  await chooseDays(setOf(page, 'Set B'), '2026-05-16', '2026-05-19');
  await compare(page);
  await expect(result(page)).toContainText('each of the 24 orders of the same pictures was tried');
  await expect(result(page)).toContainText('p cannot fall below 0.33');
  await expect(result(page)).not.toContainText('The two sets differ');
});

test('of five thousand snapshots two thousand are compared, a long test is cancelled, and the page says both @long', async ({
  page,
}) => {
  await openWithCamera(page, [...CLEAN, ...FOULED]);
  await multiplyJobs(page, 209);
  await page.reload();
  await openCalibrate(page, 'Compare', 'Compare two sets');
  await chooseDays(setOf(page, 'Set B'), '2026-05-01', '2027-05-01');
  await expect(setOf(page, 'Set B')).toContainText('5,040 scored pictures in this time.');
  await expect(panel(page)).toContainText('A set of more than 2,000 is compared by 2,000 of its pictures');
  await compare(page);
  await expect(result(page)).toContainText('2,000 of 5,040 pictures (scored pictures');

  await chooseDays(setOf(page, 'Set A'), '2026-05-01', '2027-05-01');
  await expect(panel(page)).toContainText(/This takes about \d+ s; it can be cancelled/);
  await panel(page).getByRole('button', { name: 'Compare', exact: true }).click();
  await panel(page).getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(panel(page).getByRole('button', { name: 'Compare', exact: true })).toBeEnabled();
  await expect(result(page)).toContainText('The choice has changed since');
  await setOf(page, 'Set A')
    .getByLabel(/the reference/)
    .check();
  await compare(page);
  await expect(result(page)).not.toContainText('The choice has changed since');
});

test('files are not encoded beside a batch, and encoding them is cancelled without a trace @long', async ({
  page,
}) => {
  await openWithCamera(page);
  await openCalibrate(page, 'Compare', 'Compare two sets');
  await setOf(page, 'Set B').getByLabel('files chosen here').check();
  await choose(page, 'Choose files for set B', demo.snapshots);
  const button = panel(page).getByRole('button', { name: 'Compare', exact: true });
  const progress = page.getByRole('region', { name: 'Progress' });
  await button.click();
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await batchIsDone(page);
  await expect(button).toBeEnabled();
  await expect(result(page)).toHaveCount(0);
  await expect(page.getByRole('alert')).toHaveCount(0);

  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await choose(page, 'Check pictures', demo.snapshots);
  // The batch must not end before the panel is looked at.
  await progress.getByRole('button', { name: 'Pause' }).click();
  await openCalibrate(page, 'Compare', 'Compare two sets');
  await expect(panel(page)).toContainText('Porthole is working on something else');
  await expect(button).toBeDisabled();
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await progress.getByRole('button', { name: 'Resume' }).click();
  await openCalibrate(page, 'Compare', 'Compare two sets');
  await expect(button).toBeEnabled({ timeout: 60_000 });
  await compare(page);
  await expect(result(page)).toContainText(/83 pictures \(files/);
});

test('the panel passes axe in every theme, its targets are large, and a phone does not scroll sideways @long', async ({
  page,
}) => {
  await openWithCamera(page, [...CLEAN, ...FOULED]);
  await openCalibrate(page, 'Compare', 'Compare two sets');
  await setOf(page, 'Set A').getByLabel('files chosen here').check();
  await choose(page, 'Choose files for set A', CLEAN);
  await compare(page);
  await result(page).getByText('Show as a table').click();
  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    expect(await violations(page), theme).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await expect.poll(overflow).toBeLessThanOrEqual(0);
  const small = await panel(page).evaluate((section) =>
    [...section.querySelectorAll('button, select, summary, label:has(input), input[type=datetime-local]')]
      .filter((control) => control.getBoundingClientRect().height < 44)
      .map((control) => control.outerHTML.slice(0, 80)),
  );
  expect(small).toEqual([]);
});
