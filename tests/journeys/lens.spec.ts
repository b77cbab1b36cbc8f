import { expect, type Locator, type Page } from '@playwright/test';
import { basename } from 'node:path';
import { putFleet } from './fleet';
import {
  check,
  closeDialog,
  demo,
  foldedNotes,
  made,
  open,
  openChip,
  openDetails,
  openWithCamera,
  passTime,
  read,
  setUpCamera,
  storedIn,
  test,
  violations,
  writeToFolder,
} from './support';
import { LANGUAGES } from '../../src/core/i18n/languages.js';

/** The lens is clean, fouls from the 14th on, and is wiped on the 22nd at 06:05. */
const upTo = (time: string) =>
  demo.snapshots.filter((path) => path.slice(-'YYYYMMDD-HHMMSS-DEMO.jpg'.length) < time);
const fouled = upTo('20260522-06').slice(-20);
/** The demo's pictures, and what is kept of each. */
const WHOLE = 640;
const SMALL = 320;

const card = (page: Page) => page.getByRole('region', { name: 'Verdict' });
const look = (page: Page) => page.getByRole('region', { name: 'The lens' });
const own = (page: Page) => look(page).getByRole('img', { name: /^Picture / });
const clean = (page: Page) => look(page).getByRole('img', { name: /^Clean picture of the same hour/ });
const width = (picture: Locator) => picture.evaluate((image: HTMLImageElement) => image.naturalWidth);

test('one picture has three choices: the newest, the clean one of its hour, and what stays; the file itself where it is at hand @long', async ({
  page,
}) => {
  await open(page);
  await setUpCamera(page);
  await check(page, fouled);
  const newest = fouled.at(-1)!;
  await expect(own(page)).toHaveAccessibleName(`Picture ${basename(newest)}`);
  await expect.poll(() => width(own(page))).toBe(WHOLE);
  await expect(look(page)).not.toContainText('21 May');
  await expect(look(page).getByRole('img', { name: /^The covered glass, outlined: \d/ })).toBeVisible();

  // The name states 17:45 UTC; the reference has a picture of about each hour.
  await look(page).getByRole('slider').press('End');
  await expect(look(page)).toContainText(/21 May, \d\d:\d\d/);
  await expect(clean(page)).toBeVisible();
  expect(await width(clean(page))).toBe(WHOLE);
  const at = (name: string | null) => Number(/(\d\d):\d\d UTC$/.exec(name ?? '')?.[1]);
  const hour = Number(basename(newest).slice(9, 11));
  expect(Math.abs(at(await clean(page).getAttribute('alt')) - hour)).toBeLessThanOrEqual(1);
  await expect(look(page)).toContainText(/Clean, \d+ May, \d\d:\d\d/);
  await look(page).getByRole('button', { name: 'What stays' }).click();
  await expect(look(page).getByRole('slider')).toHaveCount(0);
  await expect(look(page).getByRole('img', { name: /^What stays in \d+ pictures up to/ })).toBeVisible();

  await page.reload();
  await expect(own(page)).toBeVisible();
  expect(await width(own(page))).toBe(SMALL);
  // Given again, it is recognised, and at hand.
  await check(page, [newest]);
  await expect.poll(() => width(own(page))).toBe(WHOLE);
});

test('a camera without snapshots shows no pictures of the camera before it, not even one that is read late @long', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const decode = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'decode')!
      .value as () => unknown;
    let begin: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (begin = resolve));
    const decoding: Promise<unknown>[] = [];
    HTMLImageElement.prototype.decode = async function () {
      const decoded = gate.then(() => decode.call(this));
      decoding.push(decoded);
      await decoded;
    };
    const endDecoding = () => {
      begin();
      return Promise.allSettled(decoding);
    };
    Object.assign(globalThis, { decoding, endDecoding });
  });
  await openWithCamera(page, fouled);
  await putFleet(page, [{ name: 'Bare', inFiles: 'BARE', age: 1, every: 1, jobs: 0, growth: 0 }]);
  await page.goto('about:blank');
  await open(page, '#monitor');
  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'Reef' });
  await check(page, fouled.slice(-1));
  await expect(own(page)).toBeVisible();
  await page.waitForFunction(() => (globalThis as unknown as { decoding: unknown[] }).decoding.length > 0);

  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'Bare' });
  await expect(card(page)).toContainText('No picture');
  await expect(look(page).getByRole('img')).toHaveCount(0);
  await page.evaluate(() => (globalThis as unknown as { endDecoding(): Promise<unknown> }).endDecoding());
  await expect(look(page).getByRole('img')).toHaveCount(0);
  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'Reef' });
  await expect(own(page)).toHaveAccessibleName(`Picture ${basename(fouled.at(-1)!)}`);
});

test('a file of the same name that shows something else is not taken for the snapshot @long', async ({
  page,
}) => {
  await openWithCamera(page, fouled);
  await page.reload();
  await expect(own(page)).toBeVisible();
  const name = basename(fouled.at(-1)!);
  // It is a snapshot of its own, of the same instant; their contents say which of the two comes first.
  await check(page, [made(name, read(demo.reference[0]!))]);
  await expect.poll(() => storedIn(page, 'jobs')).toHaveLength(fouled.length + 1);
  await expect(own(page)).toHaveAccessibleName(`Picture ${name}`);
  expect(await width(own(page))).toBe(SMALL);
});

test('the button that fits is in reach without scrolling: on a laptop, enlarged to twice its size, on a phone @long', async ({
  page,
}) => {
  const sizes = [
    { width: 1280, height: 800 },
    { width: 640, height: 400 },
    { width: 390, height: 844 },
  ];
  const inReach = async (name: string) => {
    await expect(card(page)).toBeVisible();
    for (const size of sizes) {
      await page.setViewportSize(size);
      await page.evaluate(() => scrollTo(0, 0));
      const box = await card(page).getByRole('button', { name }).boundingBox();
      expect(box!.y + box!.height, `${name} at ${size.width}`).toBeLessThanOrEqual(size.height);
      expect(box!.height).toBeGreaterThanOrEqual(44);
      await expect(card(page).locator('.actions button').first()).toHaveText(name);
    }
  };
  await openWithCamera(page, fouled);
  await expect(card(page)).toHaveAttribute('data-verdict', 'drift');
  await inReach('I cleaned it');
  // The conclusion is read before the picture, also where that stands at its left.
  const isFirst = await card(page).evaluate(
    (card) =>
      (card.compareDocumentPosition(document.querySelector('.look')!) & Node.DOCUMENT_POSITION_FOLLOWING) > 0,
  );
  expect(isFirst).toBe(true);
  await card(page).getByRole('button', { name: 'I cleaned it' }).click();
  await page.getByRole('button', { name: 'Log the cleaning' }).click();
  await expect(card(page)).toHaveAttribute('data-verdict', 'warming-up');
  await inReach('Check pictures');
});

test('a line each says what the verdict rests on and how the camera stands, with every number behind them', async ({
  page,
}) => {
  await openWithCamera(page, upTo('20260522-06'));
  const details = await openDetails(page);
  const lines = details.getByRole('list', { name: 'What the verdict rests on' }).getByRole('listitem');
  await expect(lines).toHaveText([
    /Glass\s+Growth covers \d\d\s%\./,
    /Film/,
    /Water/,
    /Position\s+The camera is turned 3\.\d\s% to the right/,
    /Model/,
  ]);
  await expect(lines.nth(0)).toHaveAttribute('data-verdict', 'drift');
  await expect(lines.nth(0).getByRole('img')).toHaveAccessibleName(/^\d+\s% of the limit$/);
  await details.getByText('All numbers').click();
  for (const name of ['Brightness', 'Contrast', 'Sharpness', 'Haze', 'Learned distance']) {
    await expect(details.getByText(name, { exact: true })).toBeVisible();
  }
});

test('several notes are one line with a count, and details hold what is needed now and then @long', async ({
  page,
}) => {
  await openWithCamera(page, fouled);
  await page.removeLocatorHandler(foldedNotes(page));
  await check(page, [
    made('20260521-180000-DEMO.jpg', 'no picture'),
    made('notes.txt', 'dive at nine', 'text/plain'),
  ]);
  const notes = page.getByRole('button', { name: /^\d notices$/ });
  const failed = page.getByRole('status').filter({ hasText: 'A file could not be checked. 20260521-180000' });
  await expect(failed).toBeHidden();
  await notes.click();
  await expect(failed).toContainText('This file is not a picture');
  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((theme) => (document.documentElement.dataset['theme'] = theme), theme);
    expect(await violations(page), theme).toEqual([]);
  }
  await failed.getByRole('button', { name: 'Dismiss' }).click();
  await expect(failed).toHaveCount(0);
  await expect(notes).toHaveCount(0);

  await expect(await openChip(page, 'Report')).toContainText('Save the report');
  await closeDialog(page);
  const details = await openDetails(page);
  await expect(details.getByRole('button', { name: 'Report' })).toBeFocused();
  expect(await violations(page)).toEqual([]);
  const watch = await openChip(page, 'Watch a folder');
  await expect(watch).toContainText('are checked as they arrive');
  await closeDialog(page);
  await expect(await openChip(page, 'On the glass')).toContainText('of the glass is covered');
  await closeDialog(page);
  // Nothing of this camera goes to DriftWatch.
  await expect(details.getByRole('button', { name: /^DriftWatch/ })).toHaveCount(0);
});

test('the demo’s Monitor is no higher than 1,400 pixels, and nothing scrolls sideways in any language @long', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openWithCamera(page, fouled);
  const heightAndOverflow = () =>
    page.evaluate(() => {
      const { scrollHeight, scrollWidth } = document.documentElement;
      return { height: scrollHeight, overflow: scrollWidth - innerWidth };
    });
  for (const language of Object.keys(LANGUAGES)) {
    await page.evaluate((language) => localStorage.setItem('porthole-language', language), language);
    await page.reload();
    await expect(page.locator('.look img').first()).toBeVisible();
    for (const width of [390, 820, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      // The chart follows a new width a moment later.
      const overflow = async () => (await heightAndOverflow()).overflow;
      await expect.poll(overflow, { message: `${language} at ${width}` }).toBeLessThanOrEqual(0);
      const height = async () => (await heightAndOverflow()).height;
      if (width === 1280) await expect.poll(height, { message: language }).toBeLessThanOrEqual(1400);
    }
  }
});

test('after a reload a watched folder gives its files at full size again @long', async ({ page }) => {
  // The page's own storage stands in for a folder of the computer.
  await page.addInitScript(() => {
    window.showDirectoryPicker = async () => {
      const root = await navigator.storage.getDirectory();
      return root.getDirectoryHandle('cam1', { create: true });
    };
  });
  await openWithCamera(page, fouled.slice(0, 3));
  await writeToFolder(page, 'cam1/2026-05-21', fouled.slice(-1));
  await passTime(page, fouled);
  const dialog = await openChip(page, 'Watch a folder');
  await dialog.getByRole('button', { name: 'Watch a folder' }).click();
  await closeDialog(page);
  await expect((await openDetails(page)).getByRole('button', { name: 'Watching cam1' })).toBeVisible();
  await expect(own(page)).toHaveAccessibleName(`Picture ${basename(fouled.at(-1)!)}`);
  await page.reload();
  await expect(own(page)).toBeVisible();
  await expect.poll(() => width(own(page))).toBe(WHOLE);
});
