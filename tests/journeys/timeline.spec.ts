import { expect, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import {
  batchIsDone,
  check,
  demo,
  jobsStored,
  open,
  openLog,
  openWithCamera,
  results,
  storedIn,
  test,
  violations,
} from './support';

const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline' });
const inside = (page: Page) => timeline(page).getByRole('slider', { name: 'Picture on the chart' });
const range = (page: Page) => timeline(page).getByRole('combobox', { name: 'Time shown' });
/** A choice under More. */
const more = async (page: Page, name: string) => {
  await timeline(page).locator('summary', { hasText: 'More' }).click();
  await timeline(page).getByRole('button', { name, exact: true }).click();
};
/** The part that the bar of all times marks as seen, in pixels. */
const seen = async (page: Page) => {
  const marked = page.getByTestId('overview').locator('.selection');
  const of = async (name: string) => Number(await marked.getAttribute(name));
  return { left: await of('x'), width: await of('width') };
};

async function download(page: Page, name: string) {
  const saved = page.waitForEvent('download');
  await more(page, name);
  const file = await saved;
  return { name: file.suggestedFilename(), content: readFileSync(await file.path()) };
}

test('ranges, wheel, drag and brush choose the time that is seen, and what is seen is saved @long', async ({
  page,
}) => {
  await openWithCamera(page, demo.snapshots);
  await batchIsDone(page);
  await expect(range(page).locator('option:checked')).toHaveText('Last 30 days');
  await more(page, 'All the time there is');
  await timeline(page).scrollIntoViewIfNeeded();
  const box = (await inside(page).boundingBox())!;
  const whole = await seen(page);

  await range(page).selectOption('7 days');
  await expect.poll(async () => (await seen(page)).width).toBeLessThan(whole.width / 2);
  const week = await seen(page);
  expect(week.left + week.width).toBeCloseTo(whole.width, 0);
  const csv = await download(page, 'Save as CSV');
  expect(csv.name).toMatch(/^Reef-distance-2026-05-2\d-2026-05-2\d\.csv$/);
  const all = await results(page);
  const newest = Math.max(...all.map(({ captured_at }) => Date.parse(captured_at)));
  const [head = '', ...rows] = csv.content.toString().trim().split(/\r?\n/);
  const at = head.split(',').indexOf('captured_at');
  const times = rows.map((row) => Date.parse(row.split(',')[at]!));
  expect(Math.max(...times)).toBe(newest);
  expect(Math.min(...times)).toBeGreaterThan(newest - 7 * 86_400_000);
  // All of them, as far as the margin beside the newest one leaves room.
  const most = all.filter(
    ({ captured_at, distance }) => distance !== null && Date.parse(captured_at) > newest - 6 * 86_400_000,
  );
  expect(rows.length).toBeGreaterThanOrEqual(most.length);
  expect(most.length).toBeGreaterThan(10);
  const png = await download(page, 'Save as PNG');
  expect(png.name).toMatch(/\.png$/);
  expect(png.content.readUInt32BE(16)).toBe(2400);
  expect(png.content.byteLength).toBeGreaterThan(20_000);

  // A drag to the right shows what was before; the range is no longer one of those.
  await page.mouse.move(box.x + box.width * 0.3, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + 60, { steps: 6 });
  await page.mouse.up();
  await expect.poll(async () => (await seen(page)).left).toBeLessThan(week.left - 10);
  await expect(range(page).locator('option:checked')).toHaveText('Another time');
  expect((await seen(page)).width).toBeCloseTo(week.width, 0);
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.mouse.wheel(0, 600);
  await expect.poll(async () => (await seen(page)).width).toBeGreaterThan(week.width * 1.2);

  // The bar's own end.
  await range(page).selectOption('All');
  await expect.poll(async () => (await seen(page)).width).toBeCloseTo(whole.width, 0);
  const bar = (await page.getByTestId('overview').boundingBox())!;
  await page.mouse.move(bar.x + 1, bar.y + 20);
  await page.mouse.down();
  await page.mouse.move(bar.x + bar.width / 2, bar.y + 20, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => (await seen(page)).left).toBeCloseTo(whole.width / 2, -1);
});

test('a wheel that scrolls the page goes on scrolling it over the chart @long', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 600 });
  await openWithCamera(page, demo.snapshots.slice(0, 40));
  await batchIsDone(page);
  await more(page, 'All the time there is');
  await timeline(page).scrollIntoViewIfNeeded();
  const whole = await seen(page);
  await page.evaluate(() => {
    scrollTo(0, 0);
  });
  await page.mouse.move(640, 400);
  for (let turn = 0; turn < 12; turn += 1) {
    await page.mouse.wheel(0, 150);
    await page.waitForTimeout(60);
  }
  expect(await page.evaluate(() => scrollY)).toBeGreaterThan(400);
  expect(await seen(page)).toEqual(whole);
});

test('a snapshot draws the chart once, and nothing is drawn while nobody looks @long', async ({ page }) => {
  await page.addInitScript(() => {
    const html = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML')!;
    Object.defineProperty(Element.prototype, 'innerHTML', {
      ...html,
      set(this: HTMLElement, text: string) {
        this.dataset['draws'] = String(Number(this.dataset['draws'] ?? 0) + 1);
        html.set!.call(this, text);
      },
    });
    Object.defineProperty(Document.prototype, 'hidden', {
      get: () => sessionStorage.getItem('hidden') !== null,
    });
  });
  const look = (isLooking: boolean) =>
    page.evaluate((isLooking) => {
      if (isLooking) sessionStorage.removeItem('hidden');
      else sessionStorage.setItem('hidden', 'yes');
      document.dispatchEvent(new Event('visibilitychange'));
    }, isLooking);
  const drawing = timeline(page)
    .locator('[data-draws]')
    .filter({ has: page.locator('svg') });
  const draws = async () => Number(await drawing.last().getAttribute('data-draws'));
  const drawnWith = async (count: number) => {
    await expect(inside(page)).toHaveAttribute('aria-valuemax', String(count));
    // The chart follows in the next task.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  };

  // Clear before and after: a chart that gets bands has another width, for which it is drawn again.
  const given = demo.snapshots.slice(0, 30);
  await openWithCamera(page, given);
  await batchIsDone(page);
  const count = Number(await inside(page).getAttribute('aria-valuemax'));
  const [next, last] = demo.snapshots.slice(given.length) as [string, string];
  await drawnWith(count);
  const before = await draws();
  await check(page, [next]);
  await drawnWith(count + 1);
  expect(await draws()).toBe(before + 1);

  await look(false);
  await check(page, [last]);
  await expect.poll(() => jobsStored(page)).toBe(given.length + 2);
  expect(await draws()).toBe(before + 1);
  await look(true);
  await drawnWith(count + 2);
  expect(await draws()).toBe(before + 2);

  // Opened for a program, or in a tab behind others, the page has no place at all.
  await look(false);
  await open(page);
  await expect(page.locator('main :is(section, [data-draws])')).toHaveCount(0);
  await look(true);
  await drawnWith(count + 2);
});

test('with the keyboard alone one goes from snapshot to snapshot, sees its picture, zooms and opens it @long', async ({
  page,
}) => {
  await openWithCamera(page, demo.snapshots.slice(0, 30));
  await batchIsDone(page);
  const scored = (await results(page)).filter(({ distance }) => distance !== null).length;
  await more(page, 'All the time there is');
  await inside(page).focus();
  await expect(inside(page)).toHaveAttribute('aria-valuemax', String(scored));
  await page.keyboard.press('Home');
  await expect(inside(page)).toHaveAttribute('aria-valuenow', '1');
  await page.keyboard.press('ArrowRight');
  await expect(inside(page)).toHaveAttribute('aria-valuenow', '2');
  await expect(inside(page)).toHaveAttribute(
    'aria-valuetext',
    /^\d+ May( 2026)?, .+ UTC: .+ times the drift limit, clear$/,
  );
  const card = page.getByTestId('pointed');
  await expect(card.getByRole('img')).toHaveJSProperty('complete', true);
  await expect(card).toContainText(/× the limit/);
  const whole = await seen(page);
  await page.keyboard.press('+');
  await expect.poll(async () => (await seen(page)).width).toBeLessThan(whole.width);
  await page.keyboard.press('0');
  await expect.poll(async () => (await seen(page)).width).toBeCloseTo(whole.width, 0);
  const [, second] = (
    await storedIn<{ capturedAt: number; distance: number | null; imageName: string }>(page, 'jobs')
  )
    .filter(({ distance }) => distance !== null)
    .sort((a, b) => a.capturedAt - b.capturedAt);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText(second!.imageName);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
});

test('cleanings are flags, and no theme or width breaks the chart @long', async ({ page }) => {
  await openWithCamera(page, demo.snapshots.slice(0, 40));
  await batchIsDone(page);
  await openLog(page);
  const log = page.getByRole('region', { name: 'Cleanings and notes' });
  await log.getByRole('button', { name: 'I cleaned it' }).first().click();
  await log.getByLabel('Date and time in UTC').fill('2026-05-14T10:00');
  await log.getByRole('button', { name: 'Log the cleaning' }).click();
  await expect(timeline(page).getByText('Cleaned', { exact: true })).toBeVisible();
  await inside(page).focus();
  const flag = timeline(page).getByText('Cleaned 14 May');
  await expect(flag).toBeVisible();
  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    expect(await violations(page), theme).toEqual([]);
  }
  for (const width of [390, 820, 1920, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth), String(width))
      .toBeLessThanOrEqual(0);
    // A chart that is drawn again for its new width has no flag for a moment.
    await expect(async () => {
      const [box, panel] = [(await flag.boundingBox())!, (await timeline(page).boundingBox())!];
      expect(box.x, String(width)).toBeGreaterThan(panel.x);
      expect(box.x + box.width, String(width)).toBeLessThan(panel.x + panel.width);
    }).toPass({ timeout: 10_000 });
  }
});
