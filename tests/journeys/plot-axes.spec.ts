import { expect, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { check, demo, made, multiplyJobs, openWithCamera, test, violations } from './support';
import { openList } from '../open-place';

const FEW = [...demo.snapshots.slice(0, 6), ...demo.snapshots.slice(47, 53)];

const plot = (page: Page) => page.getByRole('img', { name: /^Scatter plot/ });
const table = (page: Page) => page.getByRole('table');

async function openJobs(page: Page): Promise<void> {
  await openList(page);
  await page.locator('summary').filter({ hasText: 'Plot' }).click();
}

async function checkFew(page: Page): Promise<void> {
  await openWithCamera(page);
  await check(page, [...FEW.map((path) => made(path, readFileSync(path))), made('broken.jpg', 'no picture')]);
  await openJobs(page);
}

test('jobs are plotted along what was measured of them, and the choice outlives a look elsewhere @long', async ({
  page,
}) => {
  await checkFew(page);
  await expect(plot(page)).toHaveAccessibleName(
    /^Scatter plot of distance over capture time \(UTC\), 12 points/,
  );
  await expect(page.getByText('13 pictures. 1 picture has no number on these axes.')).toBeVisible();
  const measured = ['brightness', 'contrast', 'sharpness', 'blue minus red', 'green cast', 'distance'];
  const offered = async (axis: string) => page.getByLabel(axis).getByRole('option').allTextContents();
  expect(await offered('Y axis')).toEqual(expect.arrayContaining(measured));
  expect(await offered('Y axis')).not.toContain('capture time (UTC)');
  expect(await offered('X axis')).toEqual(expect.arrayContaining([...measured, 'capture time (UTC)']));

  await page.getByLabel('Y axis').selectOption('brightness');
  await page.getByLabel('X axis').selectOption('blue minus red');
  await expect(plot(page)).toHaveAccessibleName(/^Scatter plot of brightness over blue minus red, 12 points/);
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await openJobs(page);
  await expect(plot(page)).toHaveAccessibleName(/^Scatter plot of brightness over blue minus red/);
});

test('the list’s filter holds for the plot; without a point it says why @long', async ({ page }) => {
  await checkFew(page);
  await expect(plot(page)).toBeVisible();
  await page.getByLabel('Show').selectOption('drift');
  const count = (await table(page).getByRole('row').count()) - 1;
  expect(count).toBeGreaterThan(0);
  await expect(plot(page)).toHaveAccessibleName(new RegExp(`, ${count} points?\\.`));
  await page.getByLabel('Show').selectOption('not-checked');
  await expect(page.getByText('Nothing to plot: no picture here has a number on both axes.')).toBeVisible();
  await expect(plot(page)).toHaveCount(0);
  await page.getByLabel('Show').selectOption('');
  await expect(plot(page)).toBeVisible();
});

test('a click on a point opens its job, and the plot is saved as a picture @long', async ({ page }) => {
  await checkFew(page);
  await expect(page.getByRole('button', { name: 'Save as PNG' })).toBeEnabled();
  await plot(page).scrollIntoViewIfNeeded();
  const box = (await plot(page).boundingBox())!;
  const dialog = page.getByRole('dialog');
  await expect(async () => {
    const found = await pointIn(page);
    await page.mouse.click(box.x + found.x, box.y + found.y);
    await expect(dialog).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(dialog).toContainText('Brightness');
  await page.keyboard.press('Escape');

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as PNG' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('Reef-distance-over-capturedAt.png');
  const picture = readFileSync(await file.path());
  expect(picture.subarray(1, 4).toString()).toBe('PNG');
  expect(picture.length).toBeGreaterThan(3000);
});

test('twelve thousand jobs are plotted with few enough points, and the page says so @long', async ({
  page,
}) => {
  await checkFew(page);
  await multiplyJobs(page, 1000);
  await page.reload();
  await openJobs(page);
  await expect(plot(page)).toHaveAccessibleName(/, 12012 points\./);
  await expect(page.getByText(/^12,013 pictures.* \d+ points are drawn/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save as PNG' })).toBeEnabled();
  await page.getByLabel('Y axis').selectOption('contrast');
  await expect(plot(page)).toHaveAccessibleName(/^Scatter plot of contrast/);
});

test('History passes axe in every theme, and does not scroll sideways on a phone @long', async ({ page }) => {
  await checkFew(page);
  await expect(page.getByRole('button', { name: 'Save as PNG' })).toBeEnabled();
  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    expect(await violations(page), theme).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await expect.poll(overflow).toBeLessThanOrEqual(0);
  for (const control of [page.getByLabel('Y axis'), page.getByRole('button', { name: 'Save as PNG' })]) {
    expect((await control.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  }
});

/** Position of a drift's colour on the canvas, in CSS pixels. */
async function pointIn(page: Page): Promise<{ x: number; y: number }> {
  return plot(page)
    .locator('canvas')
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const context = canvas.getContext('2d')!;
      const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
      const probe = document.createElement('canvas').getContext('2d')!;
      probe.fillStyle = getComputedStyle(canvas).getPropertyValue('--drift').trim();
      probe.fillRect(0, 0, 1, 1);
      const wanted = probe.getImageData(0, 0, 1, 1).data;
      const isDrift = (x: number, y: number) =>
        [0, 1, 2].every((channel) => data[(y * width + x) * 4 + channel] === wanted[channel]);
      // A square of the colour, not the dashes of the limit nor its name.
      for (let y = 0; y < height - 6; y += 1) {
        for (let x = 0; x < width - 6; x += 1) {
          if ([0, 3, 6].every((by) => isDrift(x + by, y) && isDrift(x + by, y + 6))) {
            const scale = canvas.clientWidth / width;
            return { x: (x + 3) * scale, y: (y + 3) * scale };
          }
        }
      }
      throw new Error('no drift is drawn');
    });
}
