import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Download, type Page } from '@playwright/test';
import { csvParse, dsvFormat } from 'd3-dsv';
import { choose, dropOnPage, made, openWithDemo, test, violations } from './support';

const HOUR = 3_600_000;
/** The demo's snapshots are of 9 to 28 May 2026; its lens is covered by growth until the 22nd at 06:05. */
const BEGIN = Date.UTC(2026, 4, 9);
const HOURS = 20 * 24;
const counted = (i: number) => (i * 7) % 23;

/** Hourly counts over the demo's weeks, as a program would write them. */
function hours(write: (at: Date, count: number) => string): string[] {
  return Array.from({ length: HOURS }, (_, i) => write(new Date(BEGIN + i * HOUR), counted(i)));
}

/** The demo camera after its weeks, on the tab for counts. */
async function openCounts(page: Page): Promise<void> {
  await openWithDemo(page);
  await page.getByRole('link', { name: 'Science', exact: true }).click();
  await page.getByRole('tab', { name: 'Counts' }).click();
}

async function saved(page: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: button, exact: true }).click();
  const download: Download = await downloading;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

const told = (page: Page) => page.getByTestId('told');
const field = (page: Page, label: string) => page.getByLabel(label);

test('counts of any program come back with flags, what was set aside is told, and nothing leaves', async ({
  page,
}, info) => {
  await openCounts(page);
  const iso = (at: Date) => at.toISOString().slice(0, 19).replace('T', ' ');
  const pandas = ['time,fish', ...hours((at, count) => `${iso(at)},${String(count)}`), ''].join('\n');
  await choose(page, 'Choose a table', [made('fish.csv', pandas, 'text/csv')]);

  // Nothing comes back before the person has said what the file does not.
  await expect(page.getByText('fish.csv, 11 kB: 480 rows of 2 columns.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save the table' })).toHaveCount(0);
  await expect(field(page, 'The clock of these times shows')).toHaveAttribute('aria-invalid', 'true');
  expect(await violations(page)).toEqual([]);
  await field(page, 'The clock of these times shows').selectOption('UTC');
  await field(page, 'Each row stands for').selectOption('after');
  await expect(field(page, 'Minutes')).toHaveValue('60');

  await expect(told(page)).toHaveText(/^\d+ of 480 hours and [\d,]+ of 5,286 counts were set aside: fouled/);
  expect(await violations(page)).toEqual([]);
  const first = await saved(page, 'Save the table');
  expect(first.name).toBe('fish-masked.csv');
  const text = first.bytes.toString();
  const lines = text.split('\n');
  for (const [i, line] of pandas.split('\n').entries()) expect(lines[i]!.slice(0, line.length)).toBe(line);
  const rows = csvParse(text);
  expect(rows.columns).toEqual([
    ...['time', 'fish', 'qartod_flag', 'porthole_usability', 'reason', 'usable_percent', 'fish_masked'],
  ]);
  const on = (time: string) => rows.find((row) => row['time'] === time)!;
  expect(on('2026-05-10 10:00:00')).toMatchObject({ qartod_flag: '1', reason: 'clear' });
  expect(on('2026-05-10 10:00:00')['fish_masked']).toBe(on('2026-05-10 10:00:00')['fish']);
  expect(on('2026-05-21 10:00:00')).toMatchObject({ qartod_flag: '4', reason: 'growth', fish_masked: '' });
  expect(on('2026-05-12 10:00:00')).toMatchObject({ porthole_usability: 'murky', fish_masked: '' });
  const aside = rows.filter((row) => row['fish_masked'] === '');
  const sum = aside.reduce((total, row) => total + Number(row['fish']), 0);
  const sentence = `${String(aside.length)} of 480 hours and ${sum.toLocaleString('en-GB')} of 5,286 counts`;
  await expect(told(page)).toContainText(sentence);

  const how = JSON.parse((await saved(page, 'Save how it was made')).bytes.toString()) as {
    made_by: { model: { sha256: string }; reference: { sha256: string } };
    totals: { rowsAside: number };
    answered: object;
  };
  expect(how.totals.rowsAside).toBe(aside.length);
  expect(how.answered).toEqual({ zone: 'UTC', stands: 'after:60' });
  expect(how.made_by.model.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(how.made_by.reference.sha256).toMatch(/^[0-9a-f]{64}$/);

  // The same as Excel in Spain saves it, dropped anywhere on the page: the same hours are set aside.
  const spain = (at: Date) => {
    const [date = '', clock = ''] = new Date(at.getTime() + 2 * HOUR).toISOString().split('T');
    return `${date.split('-').reverse().join('/')} ${clock.slice(0, 5)}`;
  };
  const excel = [
    'Fecha;Peces;Biomasa',
    ...hours((at, count) => `${spain(at)};${String(count)};${String(count)},5`),
  ];
  const folder = info.outputPath('given');
  mkdirSync(folder, { recursive: true });
  const bytes = Buffer.from(`${excel.join('\r\n')}\r\n`, 'latin1');
  writeFileSync(join(folder, 'peces.csv'), bytes);
  await dropOnPage(page, [join(folder, 'peces.csv')]);
  await expect(page.getByText('peces.csv, ')).toBeVisible();
  await field(page, 'The clock of these times shows').selectOption('Europe/Madrid');
  await page.getByLabel('Peces').check();
  await field(page, 'Each row stands for').selectOption('after');
  await expect(told(page)).toContainText(sentence);
  const second = await saved(page, 'Save the table');
  expect(second.name).toBe('peces-masked.csv');
  const masked = dsvFormat(';').parse(second.bytes.toString('latin1'));
  expect(masked.map((row) => row['Peces_masked'])).toEqual(rows.map((row) => row['fish_masked']));
  expect(second.bytes.toString('latin1')).toContain('\r\n');

  // What is said of it goes into the paragraph for a paper.
  await page.locator('summary').filter({ hasText: 'Cite it' }).click();
  await expect(page.getByText(/Of counts in 480 rows/)).toBeVisible();
  expect(await violations(page)).toEqual([]);

  // Another choice is another result; a camera of another time has none.
  await page.getByLabel('fouled').uncheck();
  await expect(told(page)).toHaveText(/set aside: murky/);
  // Where two lines may have the names it is asked, and hours with AM and PM beside them are the same hours.
  const halves = (at: Date, count: number) => {
    const [day, hour] = [at.toISOString().slice(0, 10), at.getUTCHours()];
    return `${day},${String(((hour + 11) % 12) + 1)},${hour < 12 ? 'AM' : 'PM'},${String(count)}`;
  };
  const units = ['date,hour,half,fish', 'UTC,h,-h,count', ...hours(halves)].join('\n');
  await choose(page, 'Choose another table', [made('units.csv', units, 'text/csv')]);
  await field(page, 'The names of the columns are in').selectOption('line 1: date · hour · half · fish');
  await field(page, 'The time of day is in').selectOption('hour');
  await field(page, 'The clock of these times shows').selectOption('UTC');
  await field(page, 'Each row stands for').selectOption('after');
  await expect(told(page)).toContainText(/^25 of 480 hours/);
  const late = ['time,fish', '2031-05-10T10:00:00Z,3', '2031-05-11T10:00:00Z,4'].join('\n');
  await choose(page, 'Choose another table', [made('later.csv', late, 'text/csv')]);
  await field(page, 'Each row stands for').selectOption('moment');
  await expect(page.getByText(/^No row is of a time that is known of Demo reef/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save the table' })).toHaveCount(0);
});
