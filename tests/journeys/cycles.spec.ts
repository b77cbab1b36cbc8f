import { expect } from '@playwright/test';
import { openPlace } from '../open-place';
import { openWithDemo, storedIn, test, unfold, violations } from './support';
import type { Camera } from '../../src/core/domain/camera/camera';
import type { Reference } from '../../src/core/domain/camera/reference';

test('the Camera page tells how cycles went, and one reference stays where a person wants it so @long', async ({
  page,
}) => {
  await openWithDemo(page);
  await openPlace(page, 'Camera');
  const cycles = page.getByRole('region', { name: 'Cycles' }).getByRole('listitem');
  await expect(cycles).toHaveText([
    /^22 May( 2026)? 25 pictures of 22 May( 2026)? to 27 May( 2026)?\s+clear for \d days Goes on/,
    /46 pictures of .* dirt after \d+ days Cleaned 22 May( 2026)?/,
  ]);
  await expect(cycles.first().locator('img[src]')).toHaveCount(8);
  expect(await violations(page)).toEqual([]);

  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  await page.getByLabel('A new clean view after each cleaning').uncheck();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('The stored pictures were judged again')).toBeVisible();
  const [reference, ...others] = await storedIn<Reference>(page, 'references');
  expect(others).toEqual([]);
  expect(await storedIn<Camera>(page, 'cameras')).toMatchObject([
    { renewsReference: false, referenceId: reference!.id },
  ]);
  await openPlace(page, 'Camera');
  await expect(page.getByText(/^Version 1: 46 clean embeddings/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Cycles' })).toHaveCount(0);
});
