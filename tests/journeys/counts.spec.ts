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

test('a table of counts comes back with flags, its counts are masked, and nothing leaves @long', async ({
  page,
}, info) => {
  await openCounts(page);
  const iso = (at: Date) => at.toISOString().slice(0, 19).replace('T', ' ');
  const pandas = ['time,fish', ...hours((at, count) => `${iso(at)},${String(count)}`), ''].join('\n');
  await choose(page, 'Choose a table', [made('fish.csv', pandas, 'text/csv')]);

  // The guess is shown with the first rows as they are read.
  await expect(page.getByRole('heading', { name: 'fish.csv' })).toBeVisible();
  await expect(field(page, 'Column with the time')).toHaveValue('0');
  await expect(field(page, 'Format')).toHaveValue('ISO 8601');
  await expect(field(page, 'Time zone')).toHaveValue('UTC');
  await expect(page.getByRole('rowheader').first()).toHaveText(/^9 May( 2026)?, 00:00 UTC$/);
  expect(await violations(page)).toEqual([]);
  await field(page, 'Minutes').fill('60');
  await field(page, 'Minutes').press('Tab');

  await expect(told(page)).toHaveText(
    /^\d+ of 480 rows are masked\.\s+suspect: \d+, fouled: \d+, murky water: \d+/,
  );
  expect(await violations(page)).toEqual([]);
  const first = await saved(page, 'Save the table');
  expect(first.name).toBe('fish-masked.csv');
  const text = first.bytes.toString();
  const lines = text.split('\n');
  for (const [i, line] of pandas.split('\n').entries()) expect(lines[i]!.slice(0, line.length)).toBe(line);
  const rows = csvParse(text);
  expect(rows.columns).toEqual([
    ...[
      'time',
      'fish',
      'qartod_flag',
      'porthole_usability',
      'reason',
      'usable_percent',
      'fish_masked',
      'oceansites_qc',
    ],
  ]);
  const on = (time: string) => rows.find((row) => row['time'] === time)!;
  expect(on('2026-05-10 10:00:00')).toMatchObject({ qartod_flag: '1', reason: 'clear' });
  expect(on('2026-05-10 10:00:00')['fish_masked']).toBe(on('2026-05-10 10:00:00')['fish']);
  expect(on('2026-05-21 10:00:00')).toMatchObject({ qartod_flag: '4', reason: 'growth', fish_masked: '' });
  expect(on('2026-05-12 10:00:00')).toMatchObject({ porthole_usability: 'murky', fish_masked: '' });
  const masked = rows.filter((row) => row['fish_masked'] === '').length;
  await expect(told(page)).toContainText(`${String(masked)} of 480 rows`);

  // The same as Excel in Spain saves it, dropped anywhere on the page: the same hours are masked.
  const spain = (at: Date) => {
    const [date = '', clock = ''] = new Date(at.getTime() + 2 * HOUR).toISOString().split('T');
    return `${date.split('-').reverse().join('/')} ${clock.slice(0, 5)}`;
  };
  const excel = [
    'Fecha;Peces;Biomasa (Nº)',
    ...hours((at, count) => `${spain(at)};${String(count)};${String(count)},5`),
    'ayer;1;1',
  ];
  const folder = info.outputPath('given');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'peces.csv'), Buffer.from(`${excel.join('\r\n')}\r\n`, 'latin1'));
  await dropOnPage(page, [join(folder, 'peces.csv')]);
  await expect(page.getByRole('heading', { name: 'peces.csv' })).toBeVisible();
  await expect(field(page, 'Format')).toHaveValue('%d/%m/%Y %H:%M');
  await expect(page.getByText(/^1 line could not be read: 482\./)).toBeVisible();
  await field(page, 'Time zone').selectOption('Europe/Madrid');
  await field(page, 'Minutes').fill('60');
  await field(page, 'Minutes').press('Tab');
  await expect(told(page)).toContainText(`${String(masked + 1)} of 481 rows`);
  const second = await saved(page, 'Save the table');
  expect(second.name).toBe('peces-masked.csv');
  const theirs = dsvFormat(';').parse(second.bytes.toString());
  expect(theirs.slice(0, 480).map((row) => row['Peces_masked'])).toEqual(
    rows.map((row) => row['fish_masked']),
  );
  expect(theirs.columns).toContain('Biomasa (Nº)_masked');

  // The counts' source goes into the paragraph for a paper.
  await page.locator('summary').filter({ hasText: 'Cite it' }).click();
  await expect(page.getByText(/Of 481 rows of counts/)).toBeVisible();
  expect(await violations(page)).toEqual([]);

  // Days that may be months are asked about, and a camera of another time has no result.
  const doubtful = ['time,fish', '05/06/2031,3', '07/06/2031,4'].join('\n');
  await choose(page, 'Choose another table', [made('later.csv', doubtful, 'text/csv')]);
  await expect(page.getByText(/^These times fit more than one format/)).toBeVisible();
  await field(page, 'Format').fill('%d/%m/%Y');
  await field(page, 'Format').press('Tab');
  await expect(page.getByRole('rowheader').first()).toHaveText('5 June 2031, 00:00 UTC');
  await expect(page.getByText(/^No row is in the time that is known of Demo reef/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save the table' })).toHaveCount(0);
  await choose(page, 'Choose another table', [made('no.csv', 'hello', 'text/csv')]);
  await expect(page.getByText(/^This file has no table/)).toBeVisible();
});
