/** A place is a feature's folder and one line that names the feature. */
import { expect, test, type Page } from '@playwright/test';
import { BLANK } from '../addresses';

const draw = (page: Page) => page.evaluate(async () => import('/tests/page/extra-place.ts'));

test('a feature that is named once has a link behind the gear, an address and a heading', async ({
  page,
}) => {
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const rows = await import('/tests/storage/whole-rows.ts');
    const db = await openDatabase();
    await db.put('references', rows.wholeReference('reference', {}));
    await db.put('cameras', rows.wholeCamera('camera', { referenceId: 'reference' }));
    db.close();
  });
  await draw(page);
  const header = page.getByRole('banner');
  await expect(header.getByRole('navigation').getByRole('link')).toHaveText([
    'Monitor',
    'History',
    'Science',
  ]);
  await header.locator('summary').click();
  const links = header.getByRole('link');
  await expect(links.filter({ hasText: 'Tides' })).toBeVisible();
  await expect(links.last()).toHaveText('Tides');
  await links.last().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('High water at noon');
  await expect(links.filter({ hasText: 'Tides' })).toHaveCount(0);
  expect(new URL(page.url()).hash).toBe('#tides');
  await page.goBack();
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
});

test('its address leads to it, and so does one that it had, and an address of no place to the first one', async ({
  page,
}) => {
  await page.goto(`${BLANK}#tides/today`);
  await draw(page);
  for (const address of ['#tides/today', '#ebb']) {
    await page.goto(BLANK + address);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('High water at noon');
    expect(new URL(page.url()).hash).toMatch(/^#tides/);
    await page.goto(`${BLANK}#tide`);
    await expect(page.getByRole('button', { name: 'Try the demo camera' })).toBeVisible();
    expect(new URL(page.url()).hash).toBe('#monitor');
  }
  // Without a camera nothing leads to a place.
  await expect(page.getByRole('navigation')).toHaveCount(0);
});
