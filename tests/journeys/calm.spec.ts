import { expect, type Page } from '@playwright/test';
import { putFleet } from './fleet';
import { check, demo, foldedHints, open, openWithCamera, openWithDemo, test, violations } from './support';

/** A clear day, 24 pictures after which the demo's lens is still clean. */
const CLEAR = demo.snapshots
  .filter((path) => path.slice(-'YYYYMMDD-HHMMSS-DEMO.jpg'.length) < '20260514')
  .slice(-24);
const FOULED = demo.snapshots
  .filter((path) => path.slice(-'YYYYMMDD-HHMMSS-DEMO.jpg'.length) < '20260522-06')
  .slice(-20);
const AFTER = demo.snapshots.filter((path) => path > FOULED.at(-1)!);
const SIZE = { width: 1280, height: 800 };

const card = (page: Page) => page.getByRole('region', { name: 'Verdict' });
const look = (page: Page) => page.getByRole('region', { name: 'The lens' });
const swipe = (page: Page) => look(page).getByRole('slider', { name: /^Swipe from the newest/ });
const contour = (page: Page) => look(page).getByRole('img', { name: /^The covered glass, outlined/ });
const chart = (page: Page) => page.getByRole('slider', { name: 'Picture on the chart' });
const time = (page: Page) => page.getByRole('combobox', { name: 'Time shown' });

/** Words, numbers and controls that are seen below the header without scrolling. Words on axes don't count; a chart with its flags is one control. */
async function seen(page: Page) {
  await expect(chart(page)).toBeVisible();
  await page.mouse.move(0, 0);
  return page.evaluate((height) => {
    const main = document.querySelector('main')!;
    const isIn = ({ width, height: own, top, bottom }: DOMRect) =>
      width > 1 && own > 1 && top < height && bottom > 0;
    const isSeen = (element: Element) =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const tokens: string[] = [];
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement!;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      const isRead = !parent.closest('[data-layer="axes"], .visually-hidden, option') && isSeen(parent);
      if (isRead && [...range.getClientRects()].some(isIn))
        tokens.push(...range.toString().split(/\s+/).filter(Boolean));
    }
    const controls = [
      ...main.querySelectorAll(
        'a[href], button:not(.flag), input:not([type="file"]), select, summary, [role="slider"]',
      ),
    ].filter((each) => isSeen(each.parentElement!) && isIn(each.getBoundingClientRect()));
    return {
      words: tokens.filter((token) => /^\P{N}*\p{L}\P{N}*$/u.test(token)),
      numbers: tokens.filter((token) => /\p{N}/u.test(token)),
      controls: controls.map((each) => each.getAttribute('aria-label') ?? each.textContent.trim()),
    };
  }, SIZE.height);
}

async function isCalm(page: Page): Promise<void> {
  await page.setViewportSize(SIZE);
  await page.removeLocatorHandler(foldedHints(page));
  await expect(card(page)).toContainText('Nothing new is on the glass.');
  await expect(contour(page)).toHaveCount(0);
  const { words, numbers, controls } = await seen(page);
  expect(words.length, words.join(' ')).toBeGreaterThan(10);
  expect(words.length, words.join(' ')).toBeLessThanOrEqual(25);
  expect(numbers.length, numbers.join(' ')).toBeLessThanOrEqual(2);
  expect(controls.length, controls.join(', ')).toBeLessThanOrEqual(6);
  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((theme) => (document.documentElement.dataset['theme'] = theme), theme);
    expect(await violations(page), theme).toEqual([]);
  }
}

test('the demo’s normal day has 25 words, 2 numbers and 6 controls at most', async ({ page }) => {
  await openWithDemo(page);
  await isCalm(page);
  // The chart's words and controls come with the pointer, the focus, or a finger.
  const tools = time(page).locator('..');
  await expect(tools).toHaveCSS('opacity', '0');
  await chart(page).hover();
  await expect(tools).toHaveCSS('opacity', '1');
  const flag = page.getByRole('button', { name: 'Cleaned 22 May' });
  const { width, height } = (await flag.boundingBox())!;
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
  await page.mouse.move(0, 0);
  await expect(tools).toHaveCSS('opacity', '0');
  await chart(page).focus();
  await expect(tools).toHaveCSS('opacity', '1');
});

test('a new camera’s normal day has 25 words, 2 numbers and 6 controls at most @long', async ({ page }) => {
  await openWithCamera(page, CLEAR);
  await page.reload();
  await isCalm(page);
  const covered = card(page).getByRole('button', { name: /%$/ });
  await covered.click();
  await expect(covered).toHaveAttribute('aria-pressed', 'true');
});

test('keyboard alone: check, alarm, Why, clean picture, Details, chart; then the diver’s reward @long', async ({
  page,
}) => {
  await openWithCamera(page, FOULED);
  await page.setViewportSize(SIZE);
  await expect(card(page).getByRole('heading')).toHaveText('Clean the lens');
  await expect(contour(page)).toBeVisible();
  const press = async (name: string | RegExp) => {
    await page.keyboard.press('Tab');
    const focused = () =>
      page.evaluate(() => {
        const of = document.activeElement!;
        return of.getAttribute('aria-label') ?? of.textContent.trim();
      });
    for (let left = 40; left > 0 && !new RegExp(name).test(await focused()); left -= 1)
      await page.keyboard.press('Tab');
    expect(await focused()).toMatch(name);
  };
  await page.locator('main').focus();
  await press(/^Why\?$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('20260521-174512-DEMO.jpg');
  await page.keyboard.press('Escape');
  await expect(card(page).getByRole('button', { name: 'Why?' })).toBeFocused();
  await press(/^Swipe from the newest/);
  const clean = look(page).getByRole('img', { name: /^Clean picture/ });
  await expect(look(page).getByText(/^Clean, /)).toHaveCount(0);
  await page.keyboard.press('End');
  await expect(swipe(page)).toHaveValue('100');
  await expect(look(page).getByText(/^Clean, \d+ May, \d\d:\d\d$/)).toBeVisible();
  await expect(clean).toBeVisible();
  await press(/^Details$/);
  await page.keyboard.press('Enter');
  await expect(look(page).getByRole('list', { name: 'What the verdict rests on' })).toBeVisible();
  // It has the whole width, below picture and verdict.
  const [inside, hero] = await Promise.all(
    ['.details .inside', '.hero'].map((part) => page.locator(part).boundingBox()),
  );
  expect(inside!.width).toBeGreaterThan(hero!.width - 100);
  await press(/^Time shown$/);
  await press(/^Picture on the chart$/);
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('pointed')).toBeVisible();
  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((theme) => (document.documentElement.dataset['theme'] = theme), theme);
    expect(await violations(page), theme).toEqual([]);
  }

  await card(page).getByRole('button', { name: 'I cleaned it' }).click();
  await page.getByLabel(/right after the newest/).check();
  await page.getByRole('button', { name: 'Log the cleaning' }).click();
  await expect(card(page).getByRole('heading')).toHaveText('12 pictures to go');
  await check(page, AFTER.slice(0, 14));
  await expect(look(page)).toContainText(/\d\d\s% → 2\.\d\s%\s*Clear again/);
  await expect(look(page).getByRole('slider', { name: 'Swipe between before and after' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('d');
  await expect(page.getByRole('dialog')).toContainText(/\d\d\s% → 2\.\d\s%, clear again/);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Leave' }).click();
  await look(page).getByRole('button', { name: 'Newest picture' }).click();
  await expect(swipe(page)).toBeVisible();
  await look(page).getByRole('button', { name: 'Before and after' }).click();
  await expect(swipe(page)).toHaveCount(0);
});

test('what is announced of one camera is not read on another one’s page @long', async ({ page }) => {
  await openWithCamera(page, CLEAR);
  await putFleet(page, [{ name: 'Bare', inFiles: 'BARE', age: 1, every: 1, jobs: 0, growth: 0 }]);
  await page.goto('about:blank');
  await open(page, '#monitor');
  const cameras = page.getByLabel('Camera', { exact: true });
  await cameras.selectOption({ label: 'Reef' });
  await check(page, FOULED);
  const said = page.getByTestId('said');
  await expect(said).toHaveText('Reef: Clean the lens');
  await cameras.selectOption({ label: 'Bare' });
  await expect(card(page)).toContainText('No picture');
  await expect(said).toBeEmpty();
});
