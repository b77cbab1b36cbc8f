/** Two periods compared: chosen by a press, by hand and by dragging, their facts, pictures and distance. */
import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { demo, open, openLog, openWithCamera, results, test, violations } from './support';

const checked = demo.snapshots.slice(0, 60);

async function toPeriods(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Science' }).click();
  await page.getByRole('tab', { name: 'Two periods' }).click();
  await expect(page.getByRole('heading', { name: 'Two periods' })).toBeVisible();
}

/** How many snapshots a period holds. */
async function held(page: Page, side: 'a' | 'b'): Promise<number> {
  return Number.parseInt(await page.getByTestId(`period-${side}`).innerText());
}

test('periods are chosen and compared: facts, pictures of the same hours, distance and both p-values', async ({
  page,
}) => {
  test.slow();
  await openWithCamera(page, checked);
  const all = await results(page);
  await toPeriods(page);
  await page.getByRole('button', { name: 'First and second half' }).click();
  expect((await held(page, 'a')) + (await held(page, 'b'))).toBe(all.length);
  await expect(page.getByRole('row', { name: /Brightness/ })).toContainText(/0\.\d+ .*0\.\d+ – 0\.\d+/);
  await expect(page.getByRole('row', { name: /Verdict “normal”/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Period A: snapshot of/ }).first()).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const apart = page.getByRole('region', { name: 'How far apart they are as a whole' });
  await expect(apart).toContainText('Distance (squared MMD)');
  await expect(apart).toContainText(/When whole days are regrouped\s*p = 0\.\d+/);
  await expect(apart).toContainText('too small: snapshots in a row look alike');
  const distance = Number(await apart.locator('data').getAttribute('value'));
  expect(distance).toBeGreaterThan(0);
  expect(await violations(page)).toEqual([]);

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'the comparison as JSON' }).click();
  const saved = JSON.parse(readFileSync(await (await downloading).path()).toString()) as {
    a: { snapshots: number; from: string };
    apart: { mmd2: number; p_by_day: number };
    made_by: { model: { sha256: string } };
  };
  expect(saved.made_by.model.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(saved.a.snapshots).toBe(await held(page, 'a'));
  expect(saved.apart.mmd2).toBe(distance);

  // Another choice takes the result away: it was of other periods.
  await page.getByRole('group', { name: 'Period A' }).getByLabel('To (UTC)').fill('2026-05-12T00:00');
  await page.getByRole('group', { name: 'Period A' }).getByLabel('To (UTC)').blur();
  await expect(apart.locator('data')).toHaveCount(0);
  const until = all.filter(({ captured_at }) => captured_at < '2026-05-12T00:00:00Z').length;
  await expect.poll(() => held(page, 'a')).toBe(until);

  // By dragging: from the first tenth to the middle of the strip.
  const strip = page.getByTestId('overview').last();
  const box = (await strip.boundingBox())!;
  const before = await held(page, 'b');
  await page.mouse.move(box.x + box.width * 0.1, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.45, box.y + 12, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => held(page, 'b')).not.toBe(before);

  // A picture opens with what is known of it.
  await page
    .getByRole('button', { name: /^Period B: snapshot of/ })
    .first()
    .click();
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('before and after a cleaning is offered once one is logged, and compared by the days on either side @long', async ({
  page,
}) => {
  await openWithCamera(page, checked);
  await openLog(page);
  const log = page.getByRole('region', { name: 'Cleanings and notes' });
  await log.getByRole('button', { name: 'I cleaned it' }).click();
  await log.getByLabel('Date and time in UTC').fill('2026-05-16T12:00');
  await log.getByRole('button', { name: 'Log the cleaning' }).click();
  await expect(log.getByText('16 May 2026, 12:00 UTC').first()).toBeVisible();
  await open(page, '#science/periods');
  const cleaning = page.getByRole('button', { name: 'Before and after the last cleaning' });
  await expect(cleaning).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('group', { name: 'Period A' }).getByLabel('To (UTC)')).toHaveValue(
    '2026-05-16T12:00',
  );
  await expect(page.getByRole('group', { name: 'Period B' }).getByLabel('From (UTC)')).toHaveValue(
    '2026-05-16T12:00',
  );
});
