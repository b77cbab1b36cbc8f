import type { Page } from '@playwright/test';

/** Goes to a place by its link, in the header or behind its gear. */
export async function openPlace(page: Page, name: string): Promise<void> {
  const link = page.getByRole('banner').getByRole('link', { name, exact: true });
  if (!(await link.isVisible())) await page.getByRole('banner').locator('summary').click();
  await link.click();
}
