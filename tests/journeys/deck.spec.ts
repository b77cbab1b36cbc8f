import { expect, type Page } from '@playwright/test';
import {
  openDetails,
  check,
  demo,
  inDatabase,
  open,
  results,
  setUpCamera,
  test,
  violations,
} from './support';
import { openPlace } from '../open-place';

/** The demo's snapshots are clean up to the fortieth or so, and with the one before this the window is in drift. */
const DRIFT = 53;

/** The notifications that the page has shown, as the wrapper below wrote them down. */
async function told(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as { told: string[] }).told);
}

test.beforeEach(async ({ context }) => {
  await context.grantPermissions(['notifications']);
  await context.addInitScript(() => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    const Native = Notification;
    globalThis.Notification = class extends Native {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        told.push(`${title} | ${options?.body ?? ''}`);
      }
    };
  });
});

test('a change of verdict is told by a notification, once, and fills the screen on deck @long', async ({
  page,
  context,
}) => {
  test.setTimeout(150_000);
  await open(page);
  await expect(page).toHaveTitle('Porthole');
  await setUpCamera(page);
  await openPlace(page, 'Settings');
  const tryIt = page.getByRole('button', { name: 'Try it' });
  await expect(tryIt).toBeDisabled();
  const choice = page.getByRole('checkbox', { name: 'Notification of this device' });
  await choice.check();
  expect(await violations(page)).toEqual([]);
  await tryIt.click();
  await expect(page.getByText('This is how an alert looks.')).toBeVisible();
  expect(await told(page)).toEqual(['Clean the lens | Reef. This is only a test.']);

  // The choice is stored as earlier versions stored it beside their other ways.
  await inDatabase(page, async (db) => {
    const tx = db.transaction('settings', 'readwrite');
    tx.objectStore('settings').put(
      { notification: true, sound: true, vibration: false, badge: true },
      'alerts',
    );
    await new Promise((resolve) => (tx.oncomplete = resolve));
  });

  // A new page tells nothing by itself, and the first verdict, that all is well, is no change.
  await page.reload();
  const icon = page.locator('link[rel="icon"]');
  await check(page, demo.snapshots.slice(0, 2));
  await expect(page).toHaveTitle('Clear – Reef – Porthole');
  await expect(icon).toHaveAttribute('href', /circle/);
  expect(await told(page)).toEqual([]);
  // A batch that ends in drift is told once, whatever it went through.
  await check(page, demo.snapshots.slice(DRIFT - 16, DRIFT));
  await expect(page).toHaveTitle('Clean the lens: growth – Reef – Porthole');
  await expect(icon).toHaveAttribute('href', /rect/);
  await expect(page.getByTestId('said')).toHaveText('Reef: Clean the lens');
  expect(await told(page)).toEqual([
    expect.stringMatching(/^Clean the lens \| Reef\. Growth covers \d+\s% of the glass, .* drift limit/),
  ]);
  // Late ones are not told.
  await check(page, demo.snapshots.slice(2, 4));
  expect(await told(page)).toHaveLength(1);

  const deckButton = page.getByRole('button', { name: 'Deck mode' });
  const deck = page.getByRole('dialog', { name: 'Deck mode: Reef' });
  await openDetails(page);
  await deckButton.click();
  await expect(deck.getByRole('heading', { name: 'Clean the lens' })).toBeVisible();
  await expect(deck.getByText(/^Clean the lens, since /)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(deck).toHaveCount(0);
  await expect(deckButton).toBeFocused();
  await page.keyboard.press('d');
  await deck.getByRole('button', { name: 'I cleaned the lens' }).click();
  await expect(deck.getByText(/^Cleaning logged at/)).toBeVisible();
  await expect(deck.getByRole('heading', { name: '12 pictures to go' })).toBeVisible();
  await deck.getByRole('button', { name: 'Night' }).click();
  expect(await violations(page), 'on deck at night').toEqual([]);

  // It is where the technician was after a reload, on a phone too, and the cleaning can be taken back.
  await page.reload();
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 844, height: 390 },
    { width: 320, height: 480 },
  ]) {
    await page.setViewportSize(viewport);
    const buttons = deck.getByRole('button');
    await expect(buttons.first()).toBeVisible();
    const heights = await buttons.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
    const least = Math.min(...heights);
    expect(least).toBeGreaterThanOrEqual(64);
    expect(await deck.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBe(0);
  }
  await deck.getByRole('button', { name: 'Undo' }).click();
  await expect(deck.getByRole('heading', { name: 'Clean the lens' })).toBeVisible();
  const [picker] = await Promise.all([
    page.waitForEvent('filechooser'),
    deck.getByRole('button', { name: 'Check pictures' }).click(),
  ]);
  await picker.setFiles(demo.snapshots.slice(DRIFT, DRIFT + 1));
  await expect.poll(async () => (await results(page)).length).toBe(21);
  await expect(deck).toBeVisible();
  await deck.getByRole('button', { name: 'Leave' }).click();
  // The night was deck mode's, and went with it, over the reload too.
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(deck).toHaveCount(0);

  // A withdrawn permission is reported next to its setting.
  await context.clearPermissions();
  await page.reload();
  await openPlace(page, 'Settings');
  await expect(page.getByText(/no longer lets this page show notifications/)).toBeVisible();
  await page.getByRole('checkbox', { name: 'The key D opens deck mode' }).uncheck();
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await page.keyboard.press('d');
  await page.locator('summary', { hasText: 'More' }).click();
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  await expect(page.getByRole('columnheader', { name: 'Captured (UTC)' })).toBeVisible();
  await expect(deck).toHaveCount(0);
});

test('a device without a keyboard is told of no key', async ({ page }) => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: true });
  await open(page, '#settings');
  await expect(page.getByRole('region', { name: 'Look and language' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  await expect(page.getByRole('checkbox', { name: 'The key D opens deck mode' })).toHaveCount(0);
});
