import { expect, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GOLDEN_ROWS } from '../golden-rows';
import { exportedParts, openExport, packed, withDownloads } from './exports';
import { npy, npyHeader } from './hostile-files';
import {
  anotherDevice,
  choose,
  closeDialog,
  dropOnPage,
  learn,
  made,
  open,
  openDetails,
  results,
  test,
} from './support';

function array(rows: readonly number[][]): Uint8Array {
  return npy(
    npyHeader('<f4', false, `(${String(rows.length)}, ${String(rows[0]!.length)})`),
    Buffer.from(Float32Array.from(rows.flat()).buffer),
  );
}

const HOUR = 3_600_000;

/** Rows as an instrument's table, one each hour, with a line of units as ERDDAP writes it. */
function table(rows: readonly number[][], from: number): string {
  const names = rows[0]!.map((_, i) => `v${String(i)}`);
  const lines = rows.map((row, i) => [new Date(from + i * HOUR).toISOString(), ...row].join(','));
  return [['time', ...names].join(','), ['UTC', ...names.map(() => '1')].join(','), ...lines].join('\n');
}

function write(folder: string) {
  mkdirSync(folder, { recursive: true });
  const paths = {
    clean: join(folder, 'clean.csv'),
    fresh: join(folder, 'new.csv'),
    config: join(folder, 'config.toml'),
  };
  writeFileSync(paths.clean, table(GOLDEN_ROWS.reference, Date.UTC(2026, 4, 1)));
  writeFileSync(paths.fresh, table(GOLDEN_ROWS.stream, Date.UTC(2026, 5, 1)));
  const detector = `[detector]\nname = "mmd-streaming"\nwindow_size = ${String(GOLDEN_ROWS.window_size)}\nsigma = ${String(GOLDEN_ROWS.sigma)}\n`;
  writeFileSync(paths.config, detector);
  return paths;
}

async function check(page: Page, files: string[]): Promise<void> {
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  const picker = page.locator('input[type=file][aria-label="Check rows"]');
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  if ((await picker.count()) === 0) await openDetails(page);
  await choose(page, 'Check rows', files);
}

const distancesIn = async (page: Page) => (await results(page)).map(({ distance }) => distance);

async function setUpSensor(page: Page, { clean, config }: { clean: string; config: string }): Promise<void> {
  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await page.getByLabel('Name of the camera').fill('CTD');
  await choose(page, 'choose files', [clean, config]);
  await expect(page.getByTestId('chosen')).toContainText(
    '150 rows of numbers, for a sensor without pictures.',
  );
  await learn(page);
}

test('a table of a sensor is judged in the page and from a terminal by the same numbers, which are Frouros’ @long', async ({
  page,
}, testInfo) => {
  test.setTimeout(180_000);
  const paths = write(testInfo.outputPath('rows'));
  await setUpSensor(page, paths);
  await check(page, [paths.fresh]);
  await expect.poll(async () => (await results(page)).length).toBe(GOLDEN_ROWS.stream.length);
  const distances = await distancesIn(page);
  expect(distances).toHaveLength(GOLDEN_ROWS.stream.length);
  const far = distances.map((distance, i) => Math.abs(distance! - GOLDEN_ROWS.distances[i]!));
  expect(Math.max(...far)).toBeLessThan(1e-12);

  await expect(page.getByRole('heading', { name: 'Unlike the clean data' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'The lens' }).locator('img')).toHaveCount(0);

  await page.reload();
  await expect(page.getByRole('heading', { name: 'Unlike the clean data' })).toBeVisible();
  expect(await distancesIn(page)).toEqual(distances);
  await check(page, [paths.fresh]);
  await expect(page.getByRole('region', { name: 'Verdict' })).toContainText('62 files had been seen before');
  expect(await results(page), 'rows are known by their time and numbers').toHaveLength(
    GOLDEN_ROWS.stream.length,
  );

  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...['scripts/score.mjs', '--reference', paths.clean, '--snapshots', paths.fresh, '--format', 'jsonl'],
      ...[
        '--window',
        String(GOLDEN_ROWS.window_size),
        '--sigma',
        String(GOLDEN_ROWS.sigma),
        '--warm-up',
        'reference',
      ],
    ],
    { maxBuffer: 2 ** 24 },
  );
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { distance: number; image_name: string });
  expect(lines.map(({ distance }) => distance)).toEqual(distances);
  expect(lines[0]!.image_name).toBe('2026-06-01T00:00:00Z');
});

test('a sensor of an array goes through History, Reference, limits and an export without a picture or a model @long', async ({
  page,
  browser,
}, testInfo) => {
  test.setTimeout(180_000);
  await withDownloads(page);
  const { fresh } = write(testInfo.outputPath('rows'));
  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await page.getByLabel('Name of the camera').fill('CTD');
  await choose(page, 'choose files', [made('clean.npy', array(GOLDEN_ROWS.reference), '')]);
  await expect(page.getByTestId('chosen')).toContainText('150 embeddings of 64 numbers');
  await page.getByLabel('These are a sensor’s rows of numbers').check();
  await learn(page);
  await expect(page.getByText('A sensor has no pictures and no model')).toBeVisible();
  await check(page, [fresh]);
  await expect.poll(async () => (await results(page)).length).toBe(GOLDEN_ROWS.stream.length);
  const before = await results(page);
  expect(before.at(-1)).toMatchObject({ verdict: 'drift', growth: null, cover: null });

  await page.getByRole('link', { name: 'History', exact: true }).click();
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(16);
  await expect(page.getByRole('button', { name: 'pictures' })).toHaveCount(0);
  await page.getByRole('table').getByRole('row').nth(1).getByRole('button').first().click();
  await expect(page.getByRole('dialog')).toContainText('unlike clean');
  await expect(page.locator('main img, dialog img')).toHaveCount(0);
  await closeDialog(page);

  // Numbers have no witness beside the distance: a person gives the clean rows.
  await page.goto(`${page.url().split('#')[0]!}#calibrate`);
  // Before that the Monitor would take them.
  await expect(page.getByRole('heading', { name: 'Calibrate', level: 1 })).toBeVisible();
  await dropOnPage(page, [fresh]);
  await expect(page.getByText(/^62 pictures of \d+ days?\./)).toBeVisible();

  const parts = await exportedParts(page, testInfo.outputPath('export.zip'));
  const other = await (await anotherDevice(browser)).newPage();
  await open(other);
  const plan = await openExport(other, packed(parts));
  await expect(plan).toContainText('It adds 1 camera and 62 pictures.');
  await expect(plan).not.toContainText('model');
  await plan.getByRole('button', { name: 'Add it' }).click();
  await expect(other.getByText('1 camera and 62 pictures added.')).toBeVisible();
  expect(await results(other)).toEqual(before);
  await check(other, [fresh]);
  await expect(other.getByRole('region', { name: 'Verdict' })).toContainText('62 files had been seen before');
});
