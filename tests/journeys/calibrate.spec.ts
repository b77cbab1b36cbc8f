import { expect, type Page } from '@playwright/test';
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
  openTab,
  openWithCamera,
  read,
  results,
  setUpCamera,
  test,
  unfold,
  violations,
} from './support';
import { openPlace } from '../open-place';

const panel = (page: Page) => page.getByRole('region', { name: 'Limits from clean days' });
const summary = (page: Page) => page.getByRole('region', { name: 'How good the limits are' });
/** the drop area for snapshots; seen only on demand */
const given = (page: Page) => page.locator('#given');
const acceptButton = (page: Page) => summary(page).getByRole('button', { name: /^Accept as limits/ });
const replay = (page: Page) => page.getByRole('region', { name: 'Replay the history' });
const verdict = (page: Page) => page.getByRole('region', { name: 'Verdict' });

const ofDays = (first: string, last: string) =>
  demo.snapshots.filter((path) => {
    const day = path.slice(-'YYYYMMDD-HHMMSS-DEMO.jpg'.length).slice(0, 8);
    return day >= first && day <= last;
  });
const CLEAN = ofDays('20260509', '20260514');
const DIRTY = ofDays('20260519', '20260521');

async function calibrate(page: Page): Promise<void> {
  await openCalibrate(page);
  await choose(page, 'Choose clean pictures', CLEAN);
  await expect(acceptButton(page)).toBeVisible({ timeout: 60_000 });
}

test('limits are measured on clean days, accepted as a version, and named beside every verdict from then on', async ({
  page,
}) => {
  await openWithCamera(page, CLEAN.slice(0, 1));
  await expect(await openNumbers(page)).toContainText('The limits are the published ones');
  await calibrate(page);
  await expect(given(page)).toContainText('25 pictures of 6 days.');
  await expect(panel(page)).toContainText('Tested on days left out in turn: no false alarm in');
  await expect(panel(page)).toContainText('If pictures were independent');
  await expect(panel(page)).toContainText('Fewer than seven days');

  await expect(panel(page)).toContainText('so the model’s limits stay');
  // Without the floor, clean days alone decide, and six days of four snapshots are too few.
  await panel(page).getByLabel('not below the limits that this model was judged with').uncheck();
  const accept = acceptButton(page);
  await expect(accept).toBeDisabled();
  await expect(summary(page)).toContainText('worth fewer than three independent ones');
  await openTab(page, 'Replay');
  const window = replay(page).getByRole('spinbutton', { name: 'Window' });
  await window.fill('4');
  await window.blur();
  await expect(accept).toBeEnabled();
  await openTab(page, 'Limits');
  await expect(panel(page)).toContainText('The fewer independent windows, the wider the safety margin.');
  await choose(page, 'Choose dirty pictures', DIRTY);
  await expect(panel(page)).toContainText(/“Clean the lens” comes by dirty picture \d+ of 12/);
  await expect(summary(page)).toContainText(/“Clean the lens” comes by dirty picture \d+ of 12/);
  const proposed = Number(
    /“Clean the lens” above ([\d.]+\d)/.exec((await summary(page).textContent()) ?? '')?.[1],
  );
  await accept.click();
  await expect(summary(page)).toContainText('Limits 1 are in force');
  await expect(panel(page)).toContainText('Versions of the settings (1)');

  await check(page, ofDays('20260515', '20260515'));
  await expect(await openNumbers(page)).toContainText('clean pictures of 6 days of this camera (settings 1)');
  await page.reload();
  await expect(await openNumbers(page)).toContainText('clean pictures of 6 days of this camera (settings 1)');
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  const kept = Number(await page.getByLabel('Clean the lens above').inputValue());
  expect(Math.abs(kept - proposed)).toBeLessThan(0.005);

  // A limit of one's own is not the calibrated one any more.
  await page.getByLabel('Clean the lens above').fill('0.5');
  await page.getByRole('button', { name: 'Save' }).click();
  await check(page, ofDays('20260516', '20260516'));
  await expect(await openNumbers(page)).toContainText('The limits were set by a person');
});

test('a run that the reference has seen gives a reference of its own from its first days @long', async ({
  page,
}) => {
  await openWithCamera(page, [...CLEAN, ...DIRTY]);
  const before = await results(page);
  await openCalibrate(page);
  await choose(page, 'Choose clean pictures', demo.reference);
  await expect(panel(page).getByLabel('a new reference from the first days of this run')).toBeChecked();
  await expect(panel(page)).toContainText('26 pictures of the first 4 days become the reference');
  await expect(summary(page)).toContainText(/Pictures in the reference: \d+ → 26\./);
  await acceptButton(page).click();
  await expect(page.getByText(/^Accepted\. 37 stored pictures/)).toBeVisible();
  await openTab(page, 'Replay');
  await expect(replay(page), 'the stored history is that of a replay').toContainText(
    'All 37 verdicts stay as they are.',
  );
  const after = await results(page);
  expect(after.map(({ cover }) => cover)).toEqual(before.map(({ cover }) => cover));
  expect(after.map(({ distance }) => distance)).not.toEqual(before.map(({ distance }) => distance));
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'drift');
  await page.reload();
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'drift');
  expect(await results(page)).toEqual(after);
  await openPlace(page, 'Camera');
  await expect(page.getByText('Version 2: 26 clean embeddings').first()).toBeVisible();
});

test('what can’t be read is named and the rest is used; a drop on this place adds clean snapshots @long', async ({
  page,
}) => {
  await openWithCamera(page);
  await openCalibrate(page);
  await expect(panel(page)).toBeVisible();
  await dropOnPage(page, CLEAN);
  await page.getByRole('button', { name: 'Give others' }).click();
  await expect(given(page)).toContainText('25 pictures of 6 days.');
  await choose(page, 'Choose clean pictures', [
    made('20260515-080000-DEMO.jpg', 'no picture'),
    { name: '20260515-090000-DEMO.jpg', mimeType: 'image/jpeg', buffer: read(CLEAN[0]!) },
  ]);
  await expect(given(page)).toContainText('This file is not a picture we can read.');
  // The same picture under another name is one snapshot.
  await expect(given(page)).toContainText('skipped, the same picture as 20260509-074512-DEMO.jpg.');
  await expect(given(page)).toContainText('25 pictures of 6 days.');
  await given(page).getByRole('button', { name: 'Start over' }).click();
  await expect(given(page)).toContainText('None yet.');
});

test('too short a run proposes nothing, and says what is missing @long', async ({ page }) => {
  await openWithCamera(page);
  await openCalibrate(page);
  await choose(page, 'Choose clean pictures', CLEAN.slice(0, 8));
  await expect(summary(page)).toContainText('two full windows need 13');
  await expect(summary(page).getByRole('button', { name: /^Accept/ })).toHaveCount(0);
});

test('days that were scored and confirmed as clean calibrate without their files @long', async ({ page }) => {
  await openWithCamera(page, [...CLEAN, ...DIRTY]);
  await openCalibrate(page);
  await page.getByRole('button', { name: 'Give pictures' }).click();
  await given(page).getByText('Or use days that are already scored').click();
  await given(page).getByLabel('To', { exact: true }).fill('2026-05-14');
  await given(page).getByLabel('To', { exact: true }).blur();
  await expect(given(page).getByRole('button', { name: 'Add them' })).toBeDisabled();
  await given(page).getByLabel('I confirm: the lens was clean in these 25 pictures').check();
  await given(page).getByRole('button', { name: 'Add them' }).click();
  await expect(acceptButton(page)).toBeVisible();
  await expect(given(page)).toContainText('25 pictures of 6 days.');
});

test('settings, persistence and calibration travel in config.toml to another camera @long', async ({
  page,
}) => {
  await openWithCamera(page);
  await calibrate(page);
  await openTab(page, 'Replay');
  const raise = replay(page).getByRole('spinbutton', { name: 'Raise after' });
  await raise.fill('2');
  await raise.blur();
  await acceptButton(page).click();
  await expect(summary(page)).toContainText('Limits 1 are in force');
  await openPlace(page, 'Camera');
  await unfold(page, 'Export the reference');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export config.toml' }).click();
  const config = read(await (await downloading).path());
  expect(config.toString()).toContain('raise_after = 2');

  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'New camera…' });
  await choose(page, 'choose files', [
    { name: 'config.toml', mimeType: 'application/toml', buffer: config },
    ...demo.reference.map((path) => ({
      name: path.split('/').at(-1)!,
      mimeType: 'image/jpeg',
      buffer: read(path),
    })),
  ]);
  await page.getByLabel('Name of the camera').fill('Twin');
  await learn(page);
  await expect(page.getByText(/^Version 1: \d+ clean embeddings/)).toBeVisible();
  await check(page, ofDays('20260515', '20260515'));
  await expect(await openNumbers(page)).toContainText('according to its config.toml (not on this device)');
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  await expect(page.getByLabel('Raise after')).toHaveValue('2');

  // Limits that were edited in the file are not those that were measured.
  const edited = config.toString().replace('drift = 0.1', 'drift = 0.9');
  expect(edited).not.toBe(config.toString());
  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'New camera…' });
  await choose(page, 'choose files', [
    { name: 'config.toml', mimeType: 'application/toml', buffer: Buffer.from(edited) },
    ...demo.reference.map((path) => ({
      name: path.split('/').at(-1)!,
      mimeType: 'image/jpeg',
      buffer: read(path),
    })),
  ]);
  await page.getByLabel('Name of the camera').fill('Edited');
  await learn(page);
  await expect(page.getByText(/^Version 1: \d+ clean embeddings/)).toBeVisible();
  await check(page, ofDays('20260515', '20260515'));
  await expect(await openNumbers(page)).toContainText('not calibrated for this camera');
});

test('the summary says how good the limits are, in a word, a paragraph and a picture, before and after they are accepted @long', async ({
  page,
}) => {
  await openWithCamera(page, [...CLEAN, ...DIRTY]);
  await openCalibrate(page);
  await expect(summary(page)).toHaveAttribute('data-stand', 'none');
  await expect(summary(page)).toContainText('Nothing was measured on this camera yet.');
  await expect(summary(page)).toContainText('Any of the 37 pictures that were scored already');
  await expect(summary(page).getByRole('button', { name: 'Choose clean pictures' })).toBeVisible();

  await choose(page, 'Choose clean pictures', CLEAN);
  await expect(summary(page)).toHaveAttribute('data-stand', 'confirmed');
  await expect(summary(page)).toContainText('Dirt was not tried.');
  await choose(page, 'Choose dirty pictures', DIRTY);
  await expect(summary(page)).toContainText(/“Clean the lens” comes by dirty picture \d+ of 12\./);
  await expect(summary(page).getByRole('img')).toHaveAccessibleName(
    /^14 windows of clean pictures, the highest at [\d.]+ times the drift limit, 12 of dirty ones/,
  );
  await expect(summary(page)).toContainText('Rests on 25 clean pictures of 6 days');
  await expect(summary(page)).toContainText('The 37 pictures judged so far are judged again at once');
  await acceptButton(page).click();
  await expect(page.getByText(/^Accepted\. 37 stored pictures were judged again/)).toBeVisible();
  await expect(summary(page)).toHaveAttribute('data-stand', 'in-force');
  await expect(acceptButton(page)).toHaveCount(0);

  // The snapshots are gone after a reload; what was measured on them is not.
  await page.reload();
  await expect(summary(page)).toContainText('Limits 1 are in force');
  await expect(summary(page)).toContainText('Rests on 25 clean pictures of 6 days, accepted');
  await expect(summary(page).getByRole('img')).toHaveAccessibleName(/^14 windows of clean pictures/);
  await summary(page).getByRole('button', { name: 'Measure again' }).click();
  await expect(given(page)).toBeVisible();
});

test('each tab is found by its address and by the arrow keys, keeps what was set in it, and none is higher than 1,860 pixels @long', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await openWithCamera(page, [...CLEAN, ...DIRTY]);
  await openCalibrate(page);
  await choose(page, 'Choose clean pictures', CLEAN.slice(0, 13));
  await choose(page, 'Choose dirty pictures', DIRTY);
  await expect(acceptButton(page)).toBeVisible();
  await expect(page.getByText('13 clean pictures, 12 dirty.')).toBeVisible();
  const tab = (name: string) => page.getByRole('tab', { name, exact: true });
  const size = () =>
    page.evaluate(() => {
      const { scrollHeight, scrollWidth } = document.documentElement;
      return { height: scrollHeight, over: scrollWidth - innerWidth };
    });
  const isLow = async (what: string) => {
    const { height, over } = await size();
    expect(height, what).toBeLessThanOrEqual(1860);
    expect(over, what).toBeLessThanOrEqual(0);
  };
  await expect(tab('Limits')).toHaveAttribute('aria-selected', 'true');
  await isLow('Limits');
  await tab('Limits').press('ArrowRight');
  await expect(tab('Replay')).toBeFocused();
  expect(new URL(page.url()).hash).toBe('#calibrate/replay');
  await expect(panel(page)).toHaveCount(0);
  const drift = replay(page).getByRole('spinbutton', { name: 'Clean the lens above' });
  await drift.fill('0.2');
  await expect(replay(page)).toContainText(/verdicts? (of|stay)/);
  await isLow('Replay');

  await tab('Replay').press('End');
  await expect(tab('Compare')).toBeFocused();
  await tab('Compare').press('ArrowRight');
  await expect(tab('Limits')).toBeFocused();
  await tab('Limits').press('ArrowLeft');
  for (const tool of ['Bandwidth', 'Compare two sets']) {
    await page.getByRole('button', { name: tool, exact: true }).click();
    await expect(page.getByRole('tabpanel').getByRole('heading', { name: tool })).toBeVisible();
    if (tool === 'Compare two sets') {
      await page.getByRole('button', { name: 'Compare', exact: true }).click();
      await expect(page.getByRole('region', { name: 'Result' })).toBeVisible();
    }
    await isLow(tool);
  }
  await openTab(page, 'Replay');
  await expect(drift).toHaveValue('0.2');
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await page.goBack();
  await expect(tab('Replay')).toHaveAttribute('aria-selected', 'true');
  await page.reload();
  await expect(replay(page)).toBeVisible();
  for (const width of [390, 820, 1920]) {
    await page.setViewportSize({ width, height: 844 });
    for (const name of ['Limits', 'Replay', 'Compare'] as const) {
      await openTab(page, name);
      expect((await size()).over, `${name} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
});

test('axe finds nothing on the Calibrate place in any theme @long', async ({ page }) => {
  await openWithCamera(page, [...CLEAN, ...DIRTY]);
  await calibrate(page);
  await choose(page, 'Choose dirty pictures', DIRTY);
  await expect(summary(page)).toContainText('comes by dirty picture');
  await page.getByRole('button', { name: 'Give others' }).click();
  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((theme) => (document.documentElement.dataset['theme'] = theme), theme);
    for (const tab of ['Limits', 'Replay', 'Compare'] as const) {
      await openTab(page, tab);
      if (tab === 'Replay') await expect(replay(page)).toContainText(/verdicts? (of|stay)/);
      expect(await violations(page), `${tab}, ${theme}`).toEqual([]);
    }
  }
});
