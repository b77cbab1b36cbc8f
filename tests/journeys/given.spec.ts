import { expect, type Page } from '@playwright/test';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Job } from '../../src/core/domain/camera/job';
import {
  batchIsDone,
  check,
  demo,
  jobsStored,
  made,
  open,
  openWithCamera,
  passTime,
  results,
  setUpCamera,
  storedIn,
  test,
  unfold,
  violations,
  writeStored,
  writeToFolder,
} from './support';
import { openPlace } from '../open-place';

/** The pictures beside those of the reference; the last two are called dirty. */
const BESIDE = demo.snapshots.slice(0, 9);

const next = (page: Page) => page.getByRole('region', { name: 'What comes next' });
const limits = (page: Page) => page.getByRole('region', { name: 'Limits from clean days' });
/** Its address leads to it although nothing offers it yet. */
async function openLimits(page: Page): Promise<void> {
  await page.goto(`${page.url().split('#')[0]!}#calibrate`);
  await expect(limits(page)).toBeVisible();
}
/** A configuration that names the demo's clean snapshots, and two of the others as dirty. */
function config(): string {
  const list = (paths: readonly string[]) => JSON.stringify(paths.map((path) => basename(path)));
  return `
[transform]
resize = [216, 384]
mean = [0.0, 0.0, 0.0]
std = [1.0, 1.0, 1.0]
[camera_state]
clean = ${list(demo.reference)}
dirty = ${list(BESIDE.slice(7))}
`;
}

/** A picker that gives the folder obsea of the page's own storage, as there is none headless; it counts its openings. */
async function stubPicker(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.showDirectoryPicker = async () => {
      localStorage.setItem('picked', String(Number(localStorage.getItem('picked')) + 1));
      const root = await navigator.storage.getDirectory();
      return root.getDirectoryHandle(localStorage.getItem('picks') ?? 'obsea', { create: true });
    };
  });
}

const picked = (page: Page) => page.evaluate(() => Number(localStorage.getItem('picked')));

/** From now on, after a reload too, the browser asks before a folder is read, and the person answers with these in turn. */
async function askFirst(page: Page, answers: readonly ('granted' | 'denied')[]): Promise<void> {
  await page.addInitScript((answers) => {
    let asked = 0;
    let isGranted = false;
    Object.assign(FileSystemHandle.prototype, {
      async queryPermission() {
        return isGranted ? 'granted' : 'prompt';
      },
      async requestPermission() {
        isGranted ||= answers[asked++] === 'granted';
        return isGranted ? 'granted' : 'denied';
      },
    });
  }, answers);
}

/** Sets up a camera from the folder obsea with its config.toml. */
async function setUpFromFolder(page: Page): Promise<void> {
  await stubPicker(page);
  await open(page);
  await writeToFolder(page, 'obsea', [...demo.reference, ...BESIDE], { 'config.toml': config() });
  await passTime(page, BESIDE.slice(0, 7));
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await page.getByRole('button', { name: 'choose a folder' }).click();
  await expect(page.getByTestId('chosen')).toContainText(
    '52 clean pictures listed in config.toml, 2 listed as dirty, 7 not listed.',
  );
  await page.getByRole('button', { name: 'Learn these 46 pictures' }).click();
  await expect.poll(() => jobsStored(page), { timeout: 60_000 }).toBe(7);
  await batchIsDone(page);
}

async function reload(page: Page): Promise<void> {
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
}

test('a folder with its config.toml leads to the verdict on its other pictures in three clicks, given once @long', async ({
  page,
}) => {
  await page.addInitScript(() => {
    addEventListener(
      'click',
      () => sessionStorage.setItem('clicks', String(Number(sessionStorage.getItem('clicks')) + 1)),
      {
        capture: true,
      },
    );
  });
  await setUpFromFolder(page);
  // The folder's name is the camera's, until it gets another.
  await expect(page.locator('header select option:checked')).toHaveText('obsea');
  await expect(page.getByRole('region', { name: 'Verdict' })).toHaveAttribute('data-verdict', 'normal');
  expect(await page.evaluate(() => Number(sessionStorage.getItem('clicks')))).toBe(3);
  // Those that the configuration calls dirty are kept for a test.
  const names = (await results(page)).map(({ image_name }) => image_name);
  expect(names).toEqual(BESIDE.slice(0, 7).map((path) => basename(path)));

  // The next step is to watch the folder; the reference's snapshots are not checked.
  await expect(next(page)).toContainText('New pictures in obsea/ can be checked as they arrive');
  expect(await violations(page)).toEqual([]);
  await passTime(page, demo.snapshots.slice(0, 10));
  await next(page).getByRole('button', { name: 'Watch obsea/' }).click();
  await expect(next(page).getByRole('button', { name: 'Watch obsea/' })).toHaveCount(0);
  await writeToFolder(page, 'obsea', demo.snapshots.slice(9, 10));
  // A watched folder has those too that are called dirty, and the six clean ones that the reference did not need.
  await expect.poll(() => jobsStored(page), { timeout: 60_000 }).toBe(16);

  // Its clean days are too few for limits: nothing leads to them.
  await expect(next(page)).toHaveCount(0);
  await page.getByRole('banner').locator('summary').click();
  await expect(page.getByRole('link', { name: 'DriftWatch', exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Calibrate', exact: true })).toHaveCount(0);
  expect(await picked(page)).toBe(1);
  await openPlace(page, 'Monitor');
  await expect(next(page)).toHaveCount(0);
});

test('after a reload the clean pictures are still offered, and one click with the browser’s question reads them @long', async ({
  page,
}) => {
  await setUpFromFolder(page);
  await askFirst(page, ['denied', 'granted']);
  await reload(page);
  await openLimits(page);
  const use = limits(page).getByRole('button', { name: 'Use the 52 clean pictures of obsea/' });
  await use.click();
  await expect(limits(page).getByRole('alert')).toContainText('did not let the page read obsea/');
  expect(await violations(page)).toEqual([]);
  await use.click();
  await expect(limits(page)).toContainText('13 pictures of 3 days.', { timeout: 60_000 });
  expect(await picked(page)).toBe(1);
});

test('a folder that is gone is named and can be chosen again; one that has changed is told and used as it is @long', async ({
  page,
}) => {
  await setUpFromFolder(page);
  await openLimits(page);
  const use = limits(page).getByRole('button', { name: 'Use the 2 dirty pictures of obsea/' });
  const empty = async () => {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry('obsea', { recursive: true });
  };
  await page.evaluate(empty);
  await use.click();
  await expect(limits(page).getByRole('alert')).toContainText('can be found in obsea/');
  // Another folder is not taken for it.
  await writeToFolder(page, 'elsewhere', demo.snapshots.slice(20, 24));
  await page.evaluate(() => localStorage.setItem('picks', 'elsewhere'));
  await limits(page).getByRole('button', { name: 'Choose obsea/ again' }).click();
  await expect(limits(page).getByRole('alert')).toContainText('can be found in obsea/');

  // One of the two came back, and another is new.
  await writeToFolder(page, 'obsea', [...demo.reference, ...BESIDE.slice(0, 8), demo.snapshots[9]!]);
  await page.evaluate(() => localStorage.setItem('picks', 'obsea'));
  await limits(page).getByRole('button', { name: 'Choose obsea/ again' }).click();
  await expect(limits(page)).toContainText('1 of those pictures is no longer there, 1 picture is new');
});

test('without handles the files of the set-up are at hand until a reload, then it is said which must be chosen again @long', async ({
  page,
}) => {
  const folder = join(test.info().outputPath(), 'obsea');
  mkdirSync(folder, { recursive: true });
  for (const path of [...demo.reference, ...BESIDE]) cpSync(path, join(folder, basename(path)));
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'showDirectoryPicker');
  });
  await open(page);
  await passTime(page, BESIDE);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await page
    .locator('input[type=file][aria-label="choose files"]')
    .first()
    .setInputFiles([made('config.toml', config(), 'application/toml')]);
  await expect(page.getByTestId('chosen')).toContainText('add the folder');
  await page.locator('input[type=file][aria-label="choose a folder"]').first().setInputFiles(folder);
  await expect(page.getByTestId('chosen')).toContainText('52 clean pictures');
  await page.getByRole('button', { name: 'Learn these 46 pictures' }).click();
  await expect.poll(() => jobsStored(page), { timeout: 60_000 }).toBe(7);
  await batchIsDone(page);
  await openLimits(page);
  await expect(
    limits(page).getByRole('button', { name: 'Use the 52 clean pictures of obsea/ that you gave' }),
  ).toBeVisible();

  await reload(page);
  await expect(page.getByText('This browser can’t open obsea/ again by itself').first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await limits(page).locator('input[type=file][webkitdirectory]').first().setInputFiles(folder);
  await expect(limits(page)).toContainText('13 pictures of 3 days.', { timeout: 60_000 });
  rmSync(dirname(folder), { recursive: true, force: true });
});

test('what is put off is not offered again after a reload, and a camera that is deleted leaves no note of its folder @long', async ({
  page,
}) => {
  await setUpFromFolder(page);
  await openPlace(page, 'Monitor');
  await expect(next(page).getByRole('button', { name: 'Watch obsea/' })).toBeVisible();
  await next(page).getByRole('button', { name: 'Not now' }).click();
  await expect(next(page)).toHaveCount(0);
  await reload(page);
  // Here the page shows that it has read what was given; an offer would stand in the Monitor then.
  await openPlace(page, 'Camera');
  await unfold(page, 'Build a new version');
  await expect(page.getByRole('button', { name: 'Use the 52 clean pictures of obsea/' })).toBeVisible();
  await openPlace(page, 'Monitor');
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  await expect(next(page)).toHaveCount(0);
  expect(await storedIn<unknown[]>(page, 'handles')).toHaveLength(1);
  await openPlace(page, 'Settings');
  await unfold(page, 'Delete this camera');
  await page.getByRole('button', { name: 'Delete permanently' }).click();
  await expect(page.locator('header select[aria-label="Camera"]')).toHaveCount(0);
  expect(await storedIn<unknown[]>(page, 'handles')).toEqual([]);
  expect(JSON.stringify(await storedIn<object>(page, 'settings'))).not.toContain(
    basename(demo.reference[0]!),
  );
});

test('a next reference starts from the clean snapshots that were given @long', async ({ page }) => {
  const use = 'Use the 52 clean pictures that you gave';
  await open(page);
  await setUpCamera(page);
  await unfold(page, 'Build a new version');
  await page.getByRole('region', { name: 'Build a new version' }).getByRole('button', { name: use }).click();
  await expect(page.getByTestId('chosen')).toContainText('52 clean pictures.');
});

test('snapshots of the reference that are checked are named, and a camera says what of it was sent @long', async ({
  page,
}) => {
  await openWithCamera(page);
  await check(page, [...demo.reference.slice(0, 5), ...demo.snapshots.slice(0, 2)]);
  const [first, second, third] = demo.reference.map((path) => basename(path));
  await expect(page.getByText('7 pictures checked.')).toContainText(
    `5 of them are in the reference itself (${first!}, ${second!}, ${third!} and 2 more), so their windows are nearer`,
  );
  // Given again they are no news.
  await check(page, demo.reference.slice(0, 5));
  await expect(page.getByText('5 files had been seen before and were not counted again.')).not.toContainText(
    'reference',
  );

  await openPlace(page, 'Settings');
  const sentBefore = page.getByTestId('sent');
  const change = async () => {
    await unfold(page, 'Method');
    await page.getByLabel('Soon above').fill('0.04');
    await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeEnabled();
  };
  await change();
  await expect(sentBefore).toHaveCount(0);
  const [job] = await storedIn<Job>(page, 'jobs');
  const { id: jobId, cameraId, capturedAt } = job!;
  const sent = { lane: 'a lane', jobId, cameraId, capturedAt, state: 'sent', notBefore: 0 };
  await writeStored(page, { deliveries: [sent] });
  await openPlace(page, 'Monitor');
  await openPlace(page, 'Settings');
  await change();
  await expect(sentBefore).toContainText(
    'One result of this camera was sent to DriftWatch. What was sent is not sent again',
  );
  expect(await violations(page)).toEqual([]);
});
