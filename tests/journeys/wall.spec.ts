import { expect, type Page } from '@playwright/test';
import { basename } from 'node:path';
import type { Camera, Job } from '../../src/core/domain/camera/job';
import { putFleet, TEN } from './fleet';
import {
  batchIsDone,
  choose,
  demo,
  made,
  open,
  openWithCamera,
  read,
  storedIn,
  test,
  violations,
} from './support';

const tiles = (page: Page) =>
  page.getByRole('list', { name: 'Cameras, the worst first' }).getByRole('listitem');
const tile = (page: Page, name: string) =>
  tiles(page).filter({ has: page.getByRole('link', { name, exact: true }) });
const names = (page: Page) => tiles(page).getByRole('heading').allInnerTexts();

/** Ten cameras: one whose snapshots are of May 2026, and nine that are made from it. */
async function openFleet(page: Page): Promise<void> {
  await openWithCamera(page, demo.snapshots.slice(0, 14));
  await putFleet(page, TEN);
  await page.goto('about:blank');
  await open(page);
}

/** The demo's snapshots as another camera would have named them. */
function named(camera: string, paths: readonly string[]) {
  return paths.map((path) =>
    // A comment at the end makes each a file of its own.
    made(basename(path).replace('DEMO', camera), Buffer.concat([read(path), Buffer.from(camera)])),
  );
}

/** Where each camera's snapshots stand now, by its name. */
async function countByCamera(page: Page): Promise<Record<string, number>> {
  const [cameras, jobs] = [await storedIn<Camera>(page, 'cameras'), await storedIn<Job>(page, 'jobs')];
  return Object.fromEntries(
    cameras.map(({ id, name }) => [name, jobs.filter(({ cameraId }) => cameraId === id).length]),
  );
}

test('ten cameras stand beside each other, the worst first, and which is silent is told', async ({
  page,
}) => {
  await openFleet(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('2 of 10 need a diver, 1 is silent');
  const [first, second, ...others] = (await names(page)).map((name) => name.trim());
  expect([first, second]).toEqual(['Reef north', 'Mooring east']);
  expect(others.slice(0, 3)).toEqual(['Crane foot', 'Net pen 2', 'Harbour mouth']);

  await expect(tile(page, 'Reef north')).toHaveAttribute('data-verdict', 'drift');
  await expect(tile(page, 'Reef north')).toContainText(
    'Growth covers 14 % of the glass, thickest upper right',
  );
  await expect(tile(page, 'Reef north')).toContainText('2 hours ago');
  await expect(tile(page, 'Reef north')).toContainText('Cleaned 22 days ago, due now');
  await expect(tile(page, 'Reef north')).toContainText('3.10×');
  await expect(tile(page, 'Crane foot')).toContainText(/about \d days left/);
  await expect(tile(page, 'Harbour mouth')).toHaveAttribute('data-verdict', 'silent');
  await expect(tile(page, 'Harbour mouth')).toContainText('No news for 3 days');
  await expect(tile(page, 'Harbour mouth')).toContainText('usually one every 3 hours');
  await expect(tile(page, 'Wreck')).toHaveAttribute('data-verdict', 'normal');
  await expect(page.getByText('Harbour mouth: no snapshot for 3 days')).toBeAttached();

  for (const theme of ['light', 'dark', 'night']) {
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    expect(await violations(page), theme).toEqual([]);
  }
  for (const width of [390, 820, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});

test('a camera of the wall opens, silent in grey with what was said last, and its alarm is the wall’s', async ({
  page,
}) => {
  await openFleet(page);
  await tile(page, 'Harbour mouth').getByRole('link').click();
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await expect(verdict.getByRole('heading')).toHaveText('No news');
  await expect(verdict).toHaveAttribute('data-verdict', 'silent');
  await expect(verdict).toContainText(
    'the verdict was “Lens is clear” then. Usually one comes every 3 hours.',
  );
  await expect(page).toHaveTitle(/^Silent – Harbour mouth/);

  await page.getByRole('link', { name: 'Cameras', exact: true }).click();
  await tile(page, 'Reef north').getByRole('link').click();
  await expect(verdict.getByRole('heading')).toHaveText('Clean the lens');
  await expect(verdict).toContainText('Growth covers 14 % of the glass, thickest upper right');
  await expect(verdict).toContainText('2 hours ago');
});

test('a camera goes silent while the page is open, and is told once', async ({ page }) => {
  await openWithCamera(page, demo.snapshots.slice(0, 14));
  await putFleet(
    page,
    TEN.filter(({ name }) => name === 'Kelp line'),
  );
  await page.clock.install({ time: await page.evaluate(() => Date.now()) });
  await open(page);
  await expect(tile(page, 'Kelp line')).toHaveAttribute('data-verdict', 'normal');
  await page.clock.fastForward('02:00:00');
  await expect(tile(page, 'Kelp line')).toHaveAttribute('data-verdict', 'silent');
  const told = page.getByText(/^Kelp line: no snapshot for \d+/);
  await expect(told).toBeAttached();
  await page.reload();
  await expect(tile(page, 'Kelp line')).toBeVisible();
  await expect(told).toHaveCount(0);
});

test('the trip keeps its cameras and their order, and suggests what is due next', async ({ page }) => {
  await openFleet(page);
  await page.getByLabel('On the trip: Mooring east').check();
  await page.getByLabel('On the trip: Reef north').check();
  const trip = page.getByRole('region', { name: 'Your trip' });
  await expect(trip).toContainText(/Crane foot is due in about \d days/);
  await trip.getByRole('button', { name: 'Take it too' }).click();
  await trip.getByRole('button', { name: 'Take with you' }).click();
  const list = page.getByRole('dialog').getByRole('listitem');
  await expect(list).toHaveCount(3);
  await page.getByRole('button', { name: 'Earlier: Reef north' }).click();
  await expect(list.first()).toContainText('Reef north');
  await page.getByRole('button', { name: 'Off the list: Crane foot' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();

  await page.reload();
  await expect(trip.getByRole('listitem')).toHaveText(['Reef north', 'Mooring east']);
  await trip.getByRole('button', { name: 'Take with you' }).click();
  await page.getByRole('button', { name: 'Empty the list' }).click();
  await expect(trip).toHaveCount(0);
});

test('one drop of two cameras’ snapshots reaches both by the names in the files, and what no name fits is asked about', async ({
  page,
}) => {
  test.slow();
  await openWithCamera(page, demo.snapshots.slice(0, 14));
  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'New camera…' });
  await page.getByLabel('Name of the camera').fill('Reef south');
  await choose(page, 'choose files', named('SOUTH', demo.reference.slice(0, 16)));
  await expect(page.getByTestId('chosen')).toContainText('clean snapshots');
  await page.getByRole('button', { name: 'Build the reference' }).click();
  await expect(page.getByText(/^Version 1: \d+ clean embeddings/)).toBeVisible();
  await batchIsDone(page);

  await page.getByRole('link', { name: 'Cameras', exact: true }).click();
  const before = await countByCamera(page);
  const others = demo.snapshots.slice(14, 20);
  const drop = [
    ...others.map((path) => made(basename(path), read(path))),
    ...named('SOUTH', others.slice(0, 4)),
  ];
  await choose(page, 'choose files', [...drop, ...named('WEST', others.slice(0, 2))]);
  await expect(
    page.getByText('2 snapshots of “WEST” belong to none of these cameras by name.'),
  ).toBeVisible();
  await expect
    .poll(() => countByCamera(page))
    .toEqual({ Reef: (before['Reef'] ?? 0) + 6, 'Reef south': (before['Reef south'] ?? 0) + 4 });
  await batchIsDone(page);
  await expect(page.getByLabel('Camera', { exact: true })).toHaveText(/Reef south/);

  await page.getByLabel('Whose snapshots are they?').selectOption({ label: 'Reef' });
  await page.getByRole('button', { name: 'Check them' }).click();
  await expect.poll(async () => (await countByCamera(page))['Reef']).toBe((before['Reef'] ?? 0) + 8);
  await expect(page.getByText('belong to none of these cameras')).toHaveCount(0);

  // On the Monitor of one camera another's snapshots are never judged by its reference.
  await batchIsDone(page);
  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'Reef' });
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await choose(page, 'Check snapshots', named('SOUTH', demo.snapshots.slice(20, 23)));
  await expect
    .poll(async () => (await countByCamera(page))['Reef south'])
    .toBe((before['Reef south'] ?? 0) + 7);
  expect((await countByCamera(page))['Reef']).toBe((before['Reef'] ?? 0) + 8);
});

test('one camera has no wall: its Monitor opens', async ({ page }) => {
  await openWithCamera(page, demo.snapshots.slice(0, 14));
  await open(page, '#wall');
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Cameras', exact: true })).toHaveCount(0);
});
