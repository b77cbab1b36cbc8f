import { expect, type Page } from '@playwright/test';
import type { CompletedJob } from '../../src/core/domain/camera/job';
import { percentOrUnder, threeDigits } from '../../src/core/i18n/formatters';
import {
  check,
  closeDialog,
  demo,
  openChip,
  openDetails,
  openWithCamera,
  panned,
  storedIn,
  test,
  unfold,
} from './support';
import { openListed, openPlace } from '../open-place';

/** The demo's lens fouls from the 15th until the morning of the 22nd. */
const UNTIL_CLEANED = demo.snapshots.filter(
  (path) => path.slice(-'YYYYMMDD-HHMMSS-DEMO.jpg'.length) < '20260522-06',
);
const card = (page: Page) => page.getByRole('region', { name: 'Verdict' });
const dialog = (page: Page) => page.getByRole('dialog');
const number = (page: Page, name: string) =>
  dialog(page).locator('dt', { hasText: name }).first().locator('+ dd');

async function newestStored(page: Page): Promise<CompletedJob> {
  const jobs = await storedIn<CompletedJob>(page, 'jobs');
  return jobs.sort((a, b) => a.capturedAt - b.capturedAt).at(-1)!;
}

async function openJob(page: Page, name: string): Promise<void> {
  await openListed(page, name);
  await expect(dialog(page).locator('footer')).toContainText(name);
}

/** Answers to programs: the station, `npm run score`, and the exports. */
async function toldToPrograms(page: Page) {
  return page.evaluate(async () => {
    const { porthole } = globalThis;
    const station = await porthole.station();
    const standing = (await station.standings())[0]!;
    const { made: lines } = await station.linesSince(standing.name, 0);
    const csv = await station.results(standing.name, 'csv');
    const json = JSON.parse(await station.results(standing.name, 'json')) as {
      jobs: { cover: number; qartod_flag: number }[];
      summary: Record<string, unknown>;
    };
    return {
      standing,
      line: lines.at(-1)!,
      csv: csv.trim().split('\r\n').at(-1)!.split(','),
      header: csv.split('\r\n')[0]!.split(','),
      json: json.jobs.at(-1)!,
      sum: json.summary,
      summary: await porthole.summary(),
      report: await station.report(standing.name),
    };
  });
}

test('covered share, reference, window and alarms of one snapshot are the same numbers in every place and export @long', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await openWithCamera(page, UNTIL_CLEANED);
  const job = await newestStored(page);
  const cover = percentOrUnder(job.glass!.cover, 'en');
  await expect(card(page).locator('.sentence')).toContainText(`Growth covers ${cover} of the glass`);
  await expect((await openDetails(page)).getByRole('listitem').first()).toContainText(cover);
  await expect(await openChip(page, 'On the glass')).toContainText(`${cover} of the glass is covered`);
  await closeDialog(page);

  await openJob(page, job.imageName);
  await expect(dialog(page)).toContainText(`Growth covers ${cover} of the glass`);
  await expect(dialog(page)).toContainText(`${cover} of the glass is covered`);
  await unfold(page, 'How it was judged');
  await unfold(page, 'All numbers');
  await expect(number(page, 'Glass that is grown over')).toHaveText(percentOrUnder(job.glass!.cover, 'en'));
  await expect(number(page, 'Reference')).toHaveText('1');
  await expect(number(page, 'Distance of growth')).toHaveText(
    threeDigits(job.glass!.growth!.distance!, 'en'),
  );
  await expect(dialog(page)).not.toContainText(job.contentSha256);
  await expect(
    dialog(page).getByRole('region', { name: 'What weighs most in the window' }).getByRole('listitem'),
  ).toHaveCount(12);
  await closeDialog(page);

  const told = await toldToPrograms(page);
  const column = (name: string) => told.csv[told.header.indexOf(name)];
  expect(told.standing.latest!.cover).toBe(job.glass!.cover);
  expect(told.standing.told).toContain(`Growth covers ${cover} of the glass`);
  expect(told.line.cover).toBe(job.glass!.cover);
  expect(told.json.cover).toBe(job.glass!.cover);
  expect(Number(column('cover'))).toBe(job.glass!.cover);
  expect(told.report).toContain(`Growth covers ${cover} of the glass`);

  const alarms = told.summary.driftEpisodes;
  expect(alarms).toBe(1);
  expect(told.sum).toMatchObject({ drift_episodes: alarms });
  expect(told.report).toContain(`${String(alarms)} alarm, `);
});

test('the map of a window that begins with the reference shows the stored share @long', async ({ page }) => {
  // Of twelve snapshots in the window eight are the reference's: half of the glass may be covered in the other four alone.
  await openWithCamera(page, UNTIL_CLEANED.slice(-4));
  const job = await newestStored(page);
  await expect(await openChip(page, 'On the glass')).toContainText(
    `${percentOrUnder(job.glass!.cover, 'en')} of the glass is covered`,
  );
  await expect(dialog(page).getByRole('button', { name: /growth$/ })).toHaveCount(0);
});

test('a turned camera is told in a row of its own, is no dirt, is flagged until its view has a reference, and is offered one @long', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await openWithCamera(page, demo.snapshots.slice(0, 12));
  const pictures = await panned(page, 44, 11 / 192);
  const row = (await openDetails(page)).getByRole('listitem').filter({ hasText: 'Position' });
  await expect(row).toContainText('The camera has not moved.');
  await check(page, pictures.slice(0, 30));
  const sentence = /The camera is turned 5\.\d\s% to the left; the limit is 5\.0\s% of the picture’s width\./;
  await expect(row).toContainText(sentence);
  const [turned] = sentence.exec(await row.innerText())!;
  const newest = await newestStored(page);
  expect(newest.glass!.view).toMatchObject({ isAside: false, hasMoved: false });
  const told = await toldToPrograms(page);
  expect(told.json.qartod_flag).toBe(3);
  expect(told.line.verdict).toBe('warning');

  await openJob(page, newest.imageName);
  await unfold(page, 'How it was judged');
  await expect(dialog(page).getByRole('region', { name: 'Second opinion' })).toContainText(
    `${turned} That is no dirt.`,
  );
  await closeDialog(page);
  await openPlace(page, 'Camera');
  await expect(page.getByText('One view since the set-up.')).toContainText(turned);
  await page.getByRole('link', { name: 'Science', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Intervals' }).getByRole('row').nth(1)).toContainText(
    'changed',
  );

  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await page.getByRole('button', { name: /^Camera moved, or something in the scene/ }).click();
  await expect.poll(async () => (await storedIn(page, 'references')).length).toBe(2);
  await check(page, pictures.slice(30));
  await expect(row).toHaveCount(0);
  expect((await toldToPrograms(page)).json.qartod_flag).toBe(1);
});
