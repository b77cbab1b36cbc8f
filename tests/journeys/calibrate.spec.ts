import { expect, type Page } from '@playwright/test';
import type { Camera } from '../../src/core/domain/camera/camera';
import {
  check,
  choose,
  demo,
  dropOnPage,
  learn,
  made,
  open,
  openCalibrate,
  openNumbers,
  read,
  results,
  setUpCamera,
  storedIn,
  test,
  unfold,
  violations,
} from './support';
import { openPlace } from '../open-place';

const panel = (page: Page) => page.getByRole('region', { name: 'Limits from clean days' });
const use = (page: Page) => panel(page).getByRole('button', { name: 'Use these limits' });

const ofDays = (first: string, last: string) =>
  demo.snapshots.filter((path) => {
    const day = path.slice(-'YYYYMMDD-HHMMSS-DEMO.jpg'.length).slice(0, 8);
    return day >= first && day <= last;
  });
/** The first four days are the reference's; the next four and these are clean too. */
const [REFERENCE, LATER] = [demo.reference.slice(0, 26), demo.reference.slice(26)];
const CLEAN = [...LATER, ...ofDays('20260509', '20260514')];
const DIRTY = ofDays('20260519', '20260521');

/** A camera that has been judged on ten clean days, by windows of four: the demo has four pictures a day. */
async function openJudged(page: Page): Promise<void> {
  await open(page);
  await setUpCamera(page, 'Reef', REFERENCE);
  await check(page, CLEAN);
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  await page.getByLabel('Window', { exact: true }).fill('4');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText(/^Saved\./)).toBeVisible();
}

test('limits are measured on the clean days that were judged, used as a version, named beside every verdict, and taken back @long', async ({
  page,
}) => {
  await openJudged(page);
  const before = await results(page);
  // Addresses of earlier tabs lead here.
  for (const tab of ['compare', 'replay', 'method/bandwidth']) {
    await page.goto(`${page.url().split('#')[0]!}#calibrate/${tab}`);
    await expect(panel(page)).toContainText('51 pictures of 10 days.');
    await openPlace(page, 'Monitor');
  }
  await openCalibrate(page);
  await expect(panel(page)).toContainText('not measured on this camera');
  await expect(panel(page).getByLabel('From (UTC day)')).toHaveValue('2026-05-05');
  await expect(panel(page).getByLabel('To', { exact: true })).toHaveValue('2026-05-14');
  await expect(panel(page)).toContainText('51 pictures of 10 days.');
  await expect(panel(page)).toHaveAttribute('data-stand', 'measured');
  await expect(panel(page)).toContainText(/Checked on \d+ days, each held out in turn: no false alarm\./);
  await expect(panel(page)).toContainText(
    /48 windows of clean pictures overlap and are worth about [\d.]+ ind/,
  );
  await expect(panel(page).getByRole('img', { name: /^Histogram of the distances of 48/ })).toBeVisible();

  await choose(page, 'Choose dirty pictures', DIRTY);
  await expect(panel(page)).toContainText(/larms at (dirty )?picture \d+/);
  const proposed = Number(
    /“Clean the lens” above ([\d.]+\d)/.exec((await panel(page).locator('.limits').textContent()) ?? '')?.[1],
  );
  await use(page).click();
  await expect(page.getByText(/^Accepted\. 51 stored pictures were judged again\./)).toBeVisible();
  await expect(panel(page)).toHaveAttribute('data-stand', 'in-force');
  await expect(panel(page)).toContainText('In force: limits 1, measured on this camera.');
  await expect(use(page)).toHaveCount(0);

  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(panel(page)).toHaveAttribute('data-stand', 'measured');
  expect(await results(page), 'undone, all is as it was').toEqual(before);
  await use(page).click();
  await expect(panel(page)).toContainText('In force: limits 2, measured on this camera.');
  await expect(panel(page)).toContainText('Earlier limits (2)');

  await check(page, ofDays('20260515', '20260515'));
  await expect(await openNumbers(page)).toContainText(
    'clean pictures of 10 days of this camera (settings 2)',
  );
  await page.reload();
  await expect(await openNumbers(page)).toContainText(
    'clean pictures of 10 days of this camera (settings 2)',
  );
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  const kept = Number(await page.getByLabel('Clean the lens above').inputValue());
  expect(Math.abs(kept - proposed)).toBeLessThan(0.005);

  // A limit of one's own is not the calibrated one any more.
  await page.getByLabel('Clean the lens above').fill('0.5');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await check(page, ofDays('20260516', '20260516'));
  await expect(await openNumbers(page)).toContainText('The limits were set by a person');
});

test('a person names other days and gives files; what can’t be read is named; too few pictures say what is missing @long', async ({
  page,
}) => {
  await openJudged(page);
  await openCalibrate(page);
  await expect(panel(page)).toContainText('51 pictures of 10 days.');
  await panel(page).getByLabel('To', { exact: true }).fill('2026-05-05');
  await expect(panel(page)).toContainText('7 pictures of 1 day.');
  await expect(panel(page)).toHaveAttribute('data-stand', 'refused');
  await panel(page).getByLabel('From (UTC day)').fill('2026-05-06');
  await expect(panel(page)).toContainText('0 pictures of 0 days.');
  await expect(panel(page)).toContainText('Two full windows need 5 pictures');
  const scored = (await results(page)).length;
  // They are still being read when another place is opened.
  await page.evaluate(() => {
    addEventListener('drop', () => (location.hash = 'history'), { once: true });
  });
  await dropOnPage(page, ofDays('20260515', '20260516'));
  await expect(page.getByRole('heading', { name: 'History', level: 1 })).toBeVisible();
  await page.evaluate(() => (location.hash = 'calibrate'));
  await expect(panel(page)).toContainText('8 pictures of 2 days.');
  expect(await results(page)).toHaveLength(scored);
  await choose(page, 'Choose clean pictures', [
    made('20260515-080000-DEMO.jpg', 'no picture'),
    {
      name: '20260515-090000-DEMO.jpg',
      mimeType: 'image/jpeg',
      buffer: read(ofDays('20260515', '20260515')[0]!),
    },
  ]);
  await expect(panel(page)).toContainText('This file is not a picture we can read.');
  // The same picture under another name is one snapshot.
  await expect(panel(page)).toContainText(/skipped, the same picture as 20260515-/);
  await expect(panel(page)).toContainText('8 pictures of 2 days.');
});

test('settings, persistence and calibration travel in config.toml to another camera @long', async ({
  page,
}) => {
  await openJudged(page);
  await page.getByLabel('Raise after').fill('2');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await openCalibrate(page);
  await use(page).click();
  await expect(panel(page)).toContainText('In force: limits 1');
  await openPlace(page, 'Camera');
  await unfold(page, 'Export the reference');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export config.toml' }).click();
  const config = read(await (await downloading).path());
  expect(config.toString()).toContain('raise_after = 2');

  const setUp = async (name: string, toml: Buffer) => {
    await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'New camera…' });
    await choose(page, 'choose files', [
      { name: 'config.toml', mimeType: 'application/toml', buffer: toml },
      ...REFERENCE.map((path) => ({
        name: path.split('/').at(-1)!,
        mimeType: 'image/jpeg',
        buffer: read(path),
      })),
    ]);
    await page.getByLabel('Name of the camera').fill(name);
    await learn(page);
    await expect(page.getByText(/^Version 1: \d+ clean embeddings/)).toBeVisible();
    await check(page, ofDays('20260515', '20260515'));
  };
  await setUp('Twin', config);
  // Its limits were measured by windows that began empty.
  const cameras = await storedIn<Camera>(page, 'cameras');
  expect(cameras.find(({ name }) => name === 'Twin')?.warmUp).toBe('none');
  await expect(await openNumbers(page)).toContainText('according to its config.toml (not on this device)');
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  await expect(page.getByLabel('Raise after')).toHaveValue('2');
  await page.goto(`${page.url().split('#')[0]!}#calibrate`);
  await expect(panel(page)).toContainText('In force: limits 1, from a configuration file.');

  // Limits that were edited in the file are not those that were measured.
  const edited = config.toString().replace(/^drift = .*$/m, 'drift = 0.9');
  expect(edited).not.toBe(config.toString());
  await setUp('Edited', Buffer.from(edited));
  await expect(await openNumbers(page)).toContainText('not calibrated for this camera');
});

test('axe finds nothing on the Calibrate place in any theme, and nothing scrolls sideways @long', async ({
  page,
}) => {
  await openJudged(page);
  await openCalibrate(page);
  await choose(page, 'Choose dirty pictures', DIRTY);
  await expect(panel(page)).toContainText(/larms at (dirty )?picture \d+/);
  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((theme) => (document.documentElement.dataset['theme'] = theme), theme);
    expect(await violations(page), theme).toEqual([]);
  }
  for (const width of [390, 820, 1920]) {
    await page.setViewportSize({ width, height: 844 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(over, String(width)).toBeLessThanOrEqual(0);
  }
});
