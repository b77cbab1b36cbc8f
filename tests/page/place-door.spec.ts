/** A place is a feature's folder and one line that names the feature. */
import { expect, test, type Page } from '@playwright/test';
import { placesOf, type Feature } from '../../src/core/page/feature';
import { BLANK } from '../addresses';

async function openAt(page: Page, address: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(BLANK + address);
  await page.evaluate(async () => import('/tests/page/extra-place.ts'));
}

test('a feature that is named once has a link at the header’s end, an address and a heading', async ({
  page,
}) => {
  await openAt(page, '');
  const links = page.getByRole('navigation').getByRole('link');
  await expect(links).toHaveText([
    ...['Monitor', 'Reference', 'Calibrate', 'Jobs', 'Science', 'DriftWatch', 'Settings'],
    'Tides',
  ]);
  await links.last().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('High water at noon');
  await expect(links.last()).toHaveAttribute('aria-current', 'page');
  expect(new URL(page.url()).hash).toBe('#tides');
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Try the demo camera' })).toBeVisible();
});

test('its address leads to it, and an address of no place to the first one', async ({ page }) => {
  await openAt(page, '#tides/today');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('High water at noon');
  for (const address of ['#tide', '#wall']) {
    await openAt(page, address);
    await expect(page.getByRole('button', { name: 'Try the demo camera' })).toBeVisible();
    expect(new URL(page.url()).hash).toBe('#monitor');
  }
});

test('places have the order of the header, and those that it does not name come last', () => {
  const [one, two, three] = ['one', 'two', 'three'].map((name): Feature => ({
    place: { name, title: () => name, open: () => Promise.reject(new Error(name)) },
  }));
  const places = placesOf([one!, {}, two!, three!], [three!, two!]);
  expect(places.map(({ name }) => name)).toEqual(['three', 'two', 'one']);
});
