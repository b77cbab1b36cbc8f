import { expect, type Locator, type Page } from '@playwright/test';
import { csvParse } from 'd3-dsv';
import { strFromU8, unzipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { edit, exportedParts, openExport, packed, withDownloads } from './exports';
import { anotherDevice, open, openWithDemo, results, storedIn, test, violations } from './support';
import { LANGUAGES } from '../../src/core/i18n/languages.js';
import { usableProblems } from '../usable-schema';

/** Opens the Science place at a tab. */
async function openScience(page: Page, tab: string): Promise<Locator> {
  await page.getByRole('link', { name: 'Science', exact: true }).click();
  await page.getByRole('tab', { name: tab, exact: true }).click();
  const panel = page.getByRole('tabpanel', { name: tab });
  await expect(panel).toBeVisible();
  return panel;
}

/** Rows of the intervals, the newest first. */
async function intervals(panel: Locator): Promise<string[]> {
  const table = panel.getByRole('region', { name: 'Intervals' }).getByRole('table');
  const rows = table.locator('tbody tr');
  await expect(rows.first()).toBeVisible();
  return (await rows.allInnerTexts()).map((row) => row.replace(/\s+/g, ' '));
}

/** The content of a file that the list of formats saves. */
async function savedBytes(page: Page, panel: Locator, button: string): Promise<Uint8Array> {
  const saves = panel.getByRole('region', { name: 'Save' });
  const save = saves.getByRole('button', { name: button });
  if (!(await save.isVisible())) await saves.locator('summary').click();
  const downloading = page.waitForEvent('download');
  await save.click();
  return readFileSync(await (await downloading).path());
}

const saved = async (page: Page, panel: Locator, button: string) =>
  strFromU8(await savedBytes(page, panel, button));

test('usable time: intervals with their onset, corrected by a person, kept beside what was found, and saved @long', async ({
  page,
  context,
  browser,
}, testInfo) => {
  await withDownloads(page);
  await openWithDemo(page);
  const panel = await openScience(page, 'Usable time');

  // A storm on the 12th, animals from the 14th on, a diver on the 22nd; the file cut off on the 25th splits nothing.
  const found = ['usable', 'fouled', 'suspect', 'usable', 'murky', 'usable', 'murky', 'usable'];
  const rows = await intervals(panel);
  expect(rows.map((row) => found.find((name) => row.includes(` ${name} `)))).toEqual(found);
  expect(rows[1]).toMatch(/22 May( 2026)?, 06:05/);
  await expect(panel).toContainText(
    /It began about 1[78] May( 2026)? \(estimate: 1\d May to 1[89] May\); the alarm came on 19 May/,
  );
  await expect(panel.getByText(/\d+\sh of \d+\sh that were seen can be used/)).toBeVisible();
  await expect(panel.getByRole('img', { name: /^Each day of the months shown/ })).toBeVisible();
  await expect(panel.getByRole('img', { name: /^Hours seen of each day, 20 bars/ })).toBeVisible();
  expect(await violations(page)).toEqual([]);

  // A person saw on the whole pictures that the time of the file that was cut off was fine, and for longer.
  const second = await context.newPage();
  await open(second, '#science');
  await panel.getByRole('button', { name: /^Change: usable, from 22 May/ }).click();
  const form = page.getByRole('form', { name: 'Say what a time was' });
  await form.getByLabel('What it was').selectOption('murky');
  await form.getByLabel('From (UTC)').fill('2026-05-25T10:00');
  await form.getByLabel('To (UTC)').fill('2026-05-25T09:00');
  await form.getByLabel('Why').fill('=a ship stirred the ground');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByRole('alert')).toHaveText('The end must come after the beginning.');
  await form.getByLabel('To (UTC)').fill('2026-05-25T16:00');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toHaveCount(0);
  await expect(panel.getByText(/^Saved: murky water from 25 May( 2026)?, 10:00 UTC/)).toBeVisible();
  const isCorrected = async (of: Locator) => {
    // Corrections come from storage, and may follow the intervals that were found.
    await expect
      .poll(async () => (await intervals(of))[1])
      .toMatch(
        /25 May( 2026)?, 10:00 murky water 25 May( 2026)?, 16:00.* said by a person found: usable, “=a ship stirred the ground”/,
      );
    await expect(of.getByText(/^As found: usable 6(\.0)?\sh\.$/)).toBeVisible();
  };
  await isCorrected(panel);
  // Another tab, which only looks on, follows.
  const onlooker = second.getByRole('tabpanel', { name: 'Usable time' });
  await expect(onlooker.getByText('As found:')).toBeVisible();
  await expect(onlooker.getByRole('button', { name: 'Take back' })).toBeDisabled();
  await second.close();
  await page.reload();
  await expect(panel.getByText('As found:')).toBeVisible();
  await isCorrected(panel);

  const spans = csvParse(await saved(page, panel, 'Intervals (CSV)'));
  const corrected = spans.find((row) => row['reason'] === 'by-hand')!;
  expect(corrected).toMatchObject({
    begin: '2026-05-25T10:00:00Z',
    end: '2026-05-25T16:00:00Z',
    usability: 'murky',
    found: 'usable',
    note: "'=a ship stirred the ground",
  });
  const hours = csvParse(await saved(page, panel, 'Hours by day (CSV)'));
  const sum = (rows: typeof hours, column: string) => rows.reduce((all, row) => all + Number(row[column]), 0);
  expect(hours).toHaveLength(20);
  expect(sum(hours, 'effort_hours')).toBeCloseTo(sum(spans, 'effort_hours'), 0);
  const text = await saved(page, panel, 'All of it (JSON)');
  expect(usableProblems(text)).toBe('');
  const json = JSON.parse(text) as {
    made_by: { model: { sha256: string } };
    spans: { usability: string }[];
    found: { usability: string }[];
    onsets: { suspect_since: string; drift_at: string }[];
  };
  expect(json.made_by.model.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(json.found.map(({ usability }) => usability)).toEqual([...found].reverse());
  expect(json.spans.map(({ usability }) => usability)).toEqual([...[...found].reverse(), 'murky', 'usable']);
  const camtrap = unzipSync(await savedBytes(page, panel, 'Camtrap DP (zip)'));
  const failures = csvParse(strFromU8(camtrap['failures.csv']!));
  expect(failures.map((row) => row['failureReason'])).toEqual([
    ...['murky', 'murky', 'suspect: changed', 'fouled: growth', 'murky: by-hand'],
  ]);

  // Flags go back to the onset beside those of then, and forth again.
  const onset = json.onsets[0]!;
  const flags = async () => {
    const rows = (await results(page)) as unknown as Record<string, string | number | null>[];
    return rows.map(
      (row) => [row['captured_at'], row['qartod_flag'], row['qartod_flag_since_onset']] as const,
    );
  };
  expect(new Set((await flags()).map(([, , since]) => since))).toEqual(new Set([null]));
  await panel.getByRole('button', { name: 'Set flags back to the onset' }).click();
  await expect(panel.getByText('is suspect there')).toBeVisible();
  const since = await flags();
  const isBetween = (at: unknown) => String(at) >= onset.suspect_since && String(at) < onset.drift_at;
  expect(since.filter(([, then, now]) => then !== now).length).toBeGreaterThan(1);
  for (const [at, then, now] of since) expect(now, String(at)).toBe(isBetween(at) && then === 1 ? 3 : then);

  // A copy takes both along to another device.
  const parts = await exportedParts(page, testInfo.outputPath('all.zip'));
  const csv = Object.keys(parts).find((path) => path.endsWith('jobs.csv'))!;
  const flagged = csvParse(strFromU8(parts[csv]!)).map((row) => Number(row['qartod_flag_since_onset']));
  expect(flagged).toEqual(since.map(([, , now]) => now));
  const elsewhere = await anotherDevice(browser);
  const other = await elsewhere.newPage();
  await withDownloads(other);
  await open(other);
  const plan = await openExport(other, packed(parts));
  await plan.getByRole('button', { name: 'Add it' }).click();
  await expect(other.getByText(/1 camera and \d+ pictures added/)).toBeVisible();
  expect(await storedIn(other, 'spansByHand')).toMatchObject([{ usability: 'murky' }]);
  await isCorrected(await openScience(other, 'Usable time'));
  await expect(other.getByRole('button', { name: 'Use only the flags of then' })).toBeVisible();
  // So does one of before there was such a thing, without it.
  const older = Object.fromEntries(
    Object.entries(parts).filter(([path]) => !path.endsWith('/spansByHand.jsonl')),
  );
  edit<{ files: { path: string }[] }>(older, /^porthole\.json$/, (index) => ({
    ...index,
    files: index.files.filter(({ path }) => !path.endsWith('/spansByHand.jsonl')),
  }));
  await expect(await openExport(other, packed(older))).not.toContainText('damaged');
  await elsewhere.close();

  await openScience(page, 'Usable time');
  await panel.getByRole('button', { name: 'Use only the flags of then' }).click();
  await expect(panel.getByText('as they were when each picture was judged')).toBeVisible();
  expect(new Set((await flags()).map(([, , now]) => now))).toEqual(new Set([null]));
  await panel.getByRole('button', { name: 'Take back: murky' }).click();
  await expect(panel.getByText(/^Taken back: murky/)).toBeVisible();
  expect(await storedIn(page, 'spansByHand')).toEqual([]);
  await expect.poll(async () => (await intervals(panel))[1]).toContain('fouled');
});

test('files for other software hold what the camera’s deployment says, and say what they need of it @long', async ({
  page,
}) => {
  await openWithDemo(page);
  let panel = await openScience(page, 'Usable time');
  const saves = panel.getByRole('region', { name: 'Save' });
  await saves.locator('summary').click();
  for (const name of ['iFDO', 'EMSO']) await expect(saves.getByRole('button', { name })).toBeDisabled();
  expect(Object.keys(unzipSync(await savedBytes(page, panel, 'Camtrap DP')))).toEqual(['failures.csv']);
  expect(await violations(page)).toEqual([]);

  await saves.getByRole('link', { name: 'Settings' }).first().click();
  const camera = page.getByRole('form', { name: 'This camera' });
  await camera.getByLabel('Position').fill('41.182, 1.753');
  await camera.getByLabel('Depth in metres').fill('20');
  await camera.getByRole('button', { name: 'Save' }).click();
  await expect(camera.getByRole('status')).toHaveText('Saved.');
  panel = await openScience(page, 'Usable time');
  const ifdo = JSON.parse(await saved(page, panel, 'iFDO')) as {
    'image-set-header': object;
    'image-set-items': Record<string, { 'image-hash-sha256': string }>;
  };
  expect(ifdo['image-set-header']).toMatchObject({ 'image-latitude': 41.182, 'image-altitude-meters': -20 });
  const json = await saved(page, panel, 'All of it (JSON)');
  expect(usableProblems(json)).toBe('');
  const deployment = { latitude: 41.182, longitude: 1.753, depth: 20 };
  expect(JSON.parse(json)).toMatchObject({ made_by: { deployment } });
  const erddap = csvParse(await saved(page, panel, 'ERDDAP')).slice(1);
  expect(Object.keys(ifdo['image-set-items'])).toEqual(erddap.map((row) => row['image_name']));
  const emso = unzipSync(await savedBytes(page, panel, 'EMSO'));
  expect(Object.keys(emso)).toEqual(['lens-cover.csv', 'meta.yaml']);
  expect(csvParse(strFromU8(emso['lens-cover.csv']!)).map((row) => row['LENS_COVER_QC'])).toEqual(
    erddap.map((row) => (row['lens_cover'] === '' ? '9' : row['oceansites_qc'])),
  );
  const camtrap = unzipSync(await savedBytes(page, panel, 'Camtrap DP'));
  const [part] = csvParse(strFromU8(camtrap['deployments.csv']!));
  expect(part).toMatchObject({ latitude: '41.182', longitude: '1.753', cameraDepth: '20' });
});

test('tables of a tablet and of a phone fit their place in every language @long', async ({ page }) => {
  await openWithDemo(page);
  for (const language of Object.keys(LANGUAGES)) {
    await page.evaluate((language) => localStorage.setItem('porthole-language', language), language);
    await page.setViewportSize({ width: 820, height: 900 });
    await page.goto('about:blank');
    await open(page, '#science');
    const intervals = page.locator('.scroll', { has: page.locator('th[scope=row]') }).last();
    await expect(intervals).toBeVisible();
    const beyond = () => intervals.evaluate((place) => place.scrollWidth - place.clientWidth);
    await expect.poll(beyond, { message: `intervals, ${language}` }).toBeLessThanOrEqual(0);

    await page.setViewportSize({ width: 390, height: 900 });
    await page.evaluate(() => (location.hash = 'history'));
    await page.locator('.views button').last().click();
    const cells = page.locator('table :is(th, td):visible');
    await expect(cells.first()).toBeVisible();
    const cut = () =>
      cells.evaluateAll((all) => all.filter((cell) => cell.scrollWidth > cell.clientWidth).length);
    await expect.poll(cut, { message: `jobs, ${language}` }).toBe(0);
  }
});
