import { expect } from '@playwright/test';
import type { CameraEvent } from '../../src/core/domain/camera/event';
import { putFleet } from './fleet';
import { demo, open, openLog, openWithCamera, results, storedIn, test, violations } from './support';

/** The demo's lens is fouled at the end of these. */
const FOULED = demo.snapshots.slice(37, 53);

test('an alarm that somebody has seen stays one, and says who comes on the Monitor, on deck and among the cameras @long', async ({
  page,
}) => {
  await openWithCamera(page, FOULED);
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await expect(verdict).toHaveAttribute('data-verdict', 'drift');
  const before = await results(page);
  const button = verdict.getByRole('button', { name: 'Diver booked, or remind me' });
  await button.click();
  const form = verdict.getByRole('form', { name: 'Diver booked, or remind me' });
  await expect(form.getByLabel(/^Who comes/)).toBeFocused();
  await expect(form).toContainText('The verdict stays. Porthole is quiet until that day, then asks again.');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(button).toBeFocused();

  await button.click();
  await form.getByLabel(/^Who comes/).fill('Dive team');
  await form.getByLabel('When?').fill('2099-06-09');
  await form.getByLabel('Note').fill('Bring a soft brush');
  await form.getByRole('button', { name: 'Save' }).click();
  const said = 'Diver booked for Tue 9 June 2099: Dive team. Bring a soft brush';
  await expect(verdict.getByText(said)).toBeVisible();
  await expect(button).toBeFocused();
  await expect(verdict).toHaveAttribute('data-verdict', 'drift');
  expect(await results(page)).toEqual(before);
  expect(await storedIn<CameraEvent>(page, 'events')).toMatchObject([
    { kind: 'seen', who: 'Dive team', until: Date.UTC(2099, 5, 9), note: 'Bring a soft brush' },
  ]);

  await page.reload();
  await expect(verdict.getByText(said)).toBeVisible();
  await page.keyboard.press('d');
  const deck = page.getByRole('dialog', { name: 'Deck mode: Reef' });
  await expect(deck.getByText(said)).toBeVisible();
  await deck.getByRole('button', { name: 'Leave' }).click();

  await putFleet(page, [{ name: 'Wreck', inFiles: 'WRECK', age: 1, every: 2, jobs: 60, growth: 0.01 }]);
  await page.goto('about:blank');
  await open(page, '#wall');
  const tile = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('button', { name: 'Reef', exact: true }) });
  await expect(tile).toHaveAttribute('data-verdict', 'drift');
  await expect(tile).toContainText('Diver booked 9 June 2099');
  await expect(tile.getByRole('img', { name: /^The covered glass, outlined: \d+ %/ })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('No lens needs a diver');
  await tile.getByRole('button').click();

  await openLog(page);
  const log = page.getByRole('region', { name: 'Cleanings and notes' });
  await expect(log.getByRole('listitem')).toContainText(said);
  await log.getByRole('button', { name: /: Seen/ }).click();
  await expect(verdict.getByText(said)).toHaveCount(0);
});
