import { expect, type Page } from '@playwright/test';

/** Goes to a place by its link, in the header or behind its gear. */
export async function openPlace(page: Page, name: string): Promise<void> {
  const link = page.getByRole('banner').getByRole('link', { name, exact: true });
  if (!(await link.isVisible())) await page.getByRole('banner').locator('summary').click();
  await link.click();
}

/** Goes to the list of all pictures. */
export async function openList(page: Page): Promise<void> {
  await openPlace(page, 'History');
  await page.getByRole('button', { name: 'List', exact: true }).click();
  await expect(page.getByRole('table')).toBeVisible();
}

/** Opens a picture's card from the list, on whichever of its pages it stands. */
export async function openListed(page: Page, name: string): Promise<void> {
  await openList(page);
  const listed = page.getByRole('table').getByRole('button', { name, exact: true });
  while (!(await listed.isVisible())) await page.getByRole('button', { name: 'Next page' }).click();
  await listed.click();
}
