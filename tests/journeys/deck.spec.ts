import { expect, type Page } from '@playwright/test';
import { check, demo, open, results, setUpCamera, test, violations } from './support';

/** The demo's snapshots are clean up to the fortieth or so, and with the one before this the window is in drift. */
const DRIFT = 53;

/** What the page asked of the device, as the wrappers below wrote it down. */
interface Told {
  notifications: string[];
  tones: number;
  badges: (number | 'dot' | 'none')[];
}

async function told(page: Page): Promise<Told> {
  return page.evaluate(() => (globalThis as unknown as { told: Told }).told);
}

test.beforeEach(async ({ context }) => {
  await context.grantPermissions(['notifications']);
  await context.addInitScript(() => {
    const told: Told = { notifications: [], tones: 0, badges: [] };
    Object.assign(globalThis, { told });
    const Native = Notification;
    globalThis.Notification = class extends Native {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        told.notifications.push(`${title} | ${options?.body ?? ''}`);
      }
    };
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its node below
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (when) {
      told.tones += 1;
      start.call(this, when);
    };
    Navigator.prototype.setAppBadge = (count) => {
      told.badges.push(count ?? 'dot');
      return Promise.resolve();
    };
    Navigator.prototype.clearAppBadge = () => {
      told.badges.push('none');
      return Promise.resolve();
    };
  });
});

test('a change of verdict is told in the chosen ways, once, and fills the screen on deck @long', async ({
  page,
  context,
}) => {
  test.setTimeout(150_000);
  await open(page);
  await expect(page).toHaveTitle('Porthole');
  await setUpCamera(page);
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  const tryIt = page.getByRole('button', { name: 'Try it' });
  await tryIt.click();
  await expect(page.getByText('Choose at least one way first.')).toBeVisible();
  for (const way of ['Notification of this device', 'Sound', 'Mark on the icon']) {
    await page.getByRole('checkbox', { name: way }).check();
  }
  expect(await violations(page)).toEqual([]);
  await tryIt.click();
  await expect(page.getByText('This is how a drift alert looks or sounds.')).toBeVisible();
  expect(await told(page)).toMatchObject({
    notifications: ['Drift: clean the lens | Reef. This is only a test.'],
    tones: 3,
  });

  // A new page tells nothing by itself, and the first verdict, that all is well, is no change.
  await page.reload();
  const icon = page.locator('link[rel="icon"]');
  await check(page, demo.snapshots.slice(0, 2));
  await expect(page).toHaveTitle('Normal: lens is clear – Reef – Porthole');
  await expect(icon).toHaveAttribute('href', /circle/);
  expect((await told(page)).notifications).toEqual([]);
  // A batch that ends in drift is told once, whatever it went through.
  await check(page, demo.snapshots.slice(DRIFT - 16, DRIFT));
  await expect(page).toHaveTitle('Drift: growth: clean the lens – Reef – Porthole');
  await expect(icon).toHaveAttribute('href', /rect/);
  await expect(page.getByTestId('said')).toHaveText('Reef: Drift: clean the lens');
  const after = await told(page);
  expect(after.notifications).toEqual([
    expect.stringMatching(
      /^Drift: clean the lens \| Reef\. Growth covers \d+\s% of the glass, .* drift limit/,
    ),
  ]);
  expect(after.tones).toBe(3);
  expect(after.badges.at(-1)).toBe(1);
  // Late ones are not told, and a touch has seen the mark.
  await check(page, demo.snapshots.slice(2, 4));
  expect((await told(page)).notifications).toHaveLength(1);
  expect((await told(page)).badges.at(-1)).toBe('none');

  const deckButton = page.getByRole('button', { name: 'Deck mode' });
  const deck = page.getByRole('dialog', { name: 'Deck mode: Reef' });
  await deckButton.click();
  await expect(deck.getByRole('heading', { name: 'Clean the lens' })).toBeVisible();
  await expect(deck.getByText(/^Drift since /)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(deck).toHaveCount(0);
  await expect(deckButton).toBeFocused();
  await page.keyboard.press('d');
  await deck.getByRole('button', { name: 'I cleaned the lens' }).click();
  await expect(deck.getByText(/^Cleaning logged at/)).toBeVisible();
  await expect(deck.getByRole('heading', { name: 'Warming up' })).toBeVisible();
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
    deck.getByRole('button', { name: 'Check snapshots' }).click(),
  ]);
  await picker.setFiles(demo.snapshots.slice(DRIFT, DRIFT + 1));
  await expect.poll(async () => (await results(page)).length).toBe(21);
  await expect(deck).toBeVisible();
  await deck.getByRole('button', { name: 'Leave' }).click();
  // The night was deck mode's, and went with it, over the reload too.
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(deck).toHaveCount(0);

  // What the browser no longer permits is said where it was chosen.
  await context.clearPermissions();
  await page.reload();
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await expect(page.getByText(/no longer lets this page show notifications/)).toBeVisible();
  await page.getByRole('checkbox', { name: 'The key D opens it, too' }).uncheck();
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await page.keyboard.press('d');
  await page.getByText('Show as a table').click();
  await expect(page.getByRole('columnheader', { name: 'Captured (UTC)' })).toBeVisible();
  await expect(deck).toHaveCount(0);
});
