import { expect, type Page } from '@playwright/test';
import type { CameraEvent } from '../../src/core/domain/camera/event';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { captureTimeFromName } from '../../src/core/domain/camera/time/capture-time';
import { check, demo, made, openLog, openWithCamera, results, storedIn, test, violations } from './support';

const verdict = (page: Page) => page.getByRole('region', { name: 'Verdict' });
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Is the lens clean?' });
/** The demo's lens fouls: four pictures a day, the last of 21 May. */
const FOULED = demo.snapshots.slice(37, 53);
const DAY = 86_400_000;

/** The same pictures as other files of a later time. */
function later(paths: readonly string[], by: number) {
  return paths.map((path) => {
    const at = new Date(captureTimeFromName(basename(path))! + by).toISOString();
    const name = `${at.slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-DEMO.jpg`;
    return made(name, Buffer.concat([readFileSync(path), Buffer.from(name)]));
  });
}

test('a lens that a person calls clean is clear on the next screen and after a reload, until that is undone', async ({
  page,
}) => {
  await openWithCamera(page, FOULED);
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'drift');
  const before = await results(page);
  await verdict(page).getByRole('button', { name: 'It is clean' }).click();
  for (const name of [/^Newest/, /^Clean,/, /^What stays/])
    await expect(dialog(page).getByText(name)).toBeVisible();
  await expect(dialog(page).getByRole('radio')).toHaveCount(3);
  await dialog(page)
    .getByRole('radio', { name: /^The last three days/ })
    .check();
  await expect(dialog(page).getByRole('status')).toContainText('12 more pictures are needed: 24 in all.');
  expect(await violations(page)).toEqual([]);
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'normal');
  await expect(verdict(page).getByRole('heading', { level: 1 })).toBeFocused();
  await expect(verdict(page)).toContainText('Learning the clean view: 12 of 24.');
  // Neither the distance from the view before nor its covered glass is told of a lens that is clear.
  await expect(verdict(page)).not.toContainText(/above|covered/);
  const until = Date.UTC(2026, 4, 21, 17, 45, 12);
  expect(await storedIn<CameraEvent>(page, 'events')).toMatchObject([
    { kind: 'clean', at: Date.UTC(2026, 4, 19), until },
  ]);

  await page.reload();
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'normal');
  await openLog(page);
  const log = page.getByRole('region', { name: 'Cleanings and notes' });
  await expect(log.getByRole('listitem')).toContainText('count as clean');
  await log.getByRole('button', { name: /: Called clean/ }).click();
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'drift');
  expect(await results(page)).toEqual(before);
});

test('called clean for the day the window fills, with 24 pictures the next ones have a view of their own, and Undo stands in the card @long', async ({
  page,
}) => {
  await openWithCamera(page, FOULED);
  const call = async (since: RegExp) => {
    await verdict(page).getByRole('button', { name: 'It is clean' }).click();
    await dialog(page).getByRole('radio', { name: since }).check();
    await dialog(page).getByRole('button', { name: 'Save' }).click();
  };
  await call(/^This day/);
  await expect(verdict(page).getByRole('heading', { level: 1 })).toHaveText('8 pictures to go');
  await verdict(page).getByRole('button', { name: 'Undo' }).click();
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'drift');

  await check(page, demo.snapshots.slice(29, 37));
  await call(/^Since /);
  await expect(verdict(page)).toContainText('Learning the clean view: 24 of 24.');
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'normal');
  await check(page, demo.snapshots.slice(53, 54));
  await expect(verdict(page)).not.toContainText('Learning');
  const references = await storedIn<{ beganAt?: number }>(page, 'references');
  expect(references).toHaveLength(2);
  expect(references.filter(({ beganAt }) => beganAt !== undefined)).toHaveLength(1);
});

test('after a cleaning that did not help both ways out are there, and after one that did the view is learned @long', async ({
  page,
}) => {
  await openWithCamera(page, FOULED.slice(0, 14));
  const clean = async () => {
    await openLog(page);
    const log = page.getByRole('region', { name: 'Cleanings and notes' });
    await log.getByRole('button', { name: 'I cleaned it' }).click();
    await log.getByLabel(/right after the newest picture/).check();
    await log.getByRole('button', { name: 'Log the cleaning' }).click();
  };
  await clean();
  await expect(verdict(page).getByRole('heading', { level: 1 })).toHaveText('12 pictures to go');
  await check(page, later(FOULED.slice(-12), 4 * DAY));
  await expect(verdict(page).getByRole('heading', { level: 1 })).toHaveText('Not clean everywhere');
  await expect(verdict(page).getByRole('button', { name: 'Clean it again' })).toBeVisible();
  await expect(verdict(page).getByRole('button', { name: 'It is clean' })).toBeVisible();
});
