import { expect, type Page } from '@playwright/test';
import { basename } from 'node:path';
import type { Camera } from '../../src/core/domain/camera/camera';
import type { CameraEvent } from '../../src/core/domain/camera/event';
import type { Job } from '../../src/core/domain/camera/job';
import type { Reference } from '../../src/core/domain/camera/reference';
import { captureTimeFromName } from '../../src/core/domain/camera/time/capture-time';
import {
  batchIsDone,
  check,
  choose,
  demo,
  inDatabase,
  learn,
  made,
  open,
  openWithCamera,
  read,
  storedIn,
  test,
} from './support';
import { openPlace } from '../open-place';

test.use({ timezoneId: 'Europe/Madrid' });

const HOUR = 3_600_000;
const timeOf = (path: string) => captureTimeFromName(basename(path))!;
const question = (page: Page) => page.getByLabel(/The first picture says/);

async function build(page: Page) {
  await page.getByLabel('Name of the camera').fill('Reef');
  await learn(page);
  await expect(page.getByText(/^Version 1: \d+ clean embeddings/)).toBeVisible();
  await batchIsDone(page);
}

test('a set-up asks for the zone of names that state none, and the camera’s times go by the answer @long', async ({
  page,
}) => {
  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await choose(page, 'choose files', demo.reference);
  const first = new Date(timeOf(demo.reference[0]!)).toISOString().slice(11, 16);
  await expect(page.getByText(`The first picture says ${first}. Time zone`)).toBeVisible();
  await expect(question(page)).toHaveValue('UTC');
  await question(page).selectOption('Europe/Madrid');
  await build(page);
  const [camera] = await storedIn<Camera>(page, 'cameras');
  expect(camera?.timeZone).toBe('Europe/Madrid');
  const [reference] = await storedIn<Reference>(page, 'references');
  expect(reference?.capturedAt?.[0]).toBe(timeOf(reference?.names[0] ?? '') - 2 * HOUR);
  await check(page, demo.snapshots.slice(0, 1));
  const at = timeOf(demo.snapshots[0]!);
  expect(await storedIn<Job>(page, 'jobs')).toMatchObject([{ capturedAt: at - 2 * HOUR, wallClock: at }]);
  // Given again it is the same snapshot.
  await check(page, demo.snapshots.slice(0, 1));
  expect(await storedIn<Job>(page, 'jobs')).toHaveLength(1);
});

test('a set-up whose names state their zone asks nothing @long', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  const zoned = (path: string) => basename(path).replace(/^(\d{8})-(\d{6})/, '$1T$2Z');
  await choose(
    page,
    'choose files',
    demo.reference.map((path) => made(zoned(path), read(path))),
  );
  await expect(page.getByRole('table', { name: /Clean pictures by day and hour/ })).toBeVisible();
  await expect(question(page)).toHaveCount(0);
  await build(page);
  const [camera] = await storedIn<Camera>(page, 'cameras');
  expect(camera).not.toHaveProperty('timeZone');
});

test('times moved to another zone and back are stored as they were, over the night in which clocks are set @long', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await openWithCamera(page);
  const night = Date.UTC(2026, 2, 28, 22);
  const [camera] = await storedIn<Camera>(page, 'cameras');
  const cleaned: CameraEvent = {
    ...{ id: 'cleaned', cameraId: camera!.id, kind: 'cleaned', at: night + 7.25 * HOUR, note: '' },
  };
  const [wrong, right] = [Date.UTC(2099, 0, 1), night + 4.25 * HOUR];
  const corrected = {
    ...camera!,
    clockCorrections: [{ from: wrong, to: wrong, by: right - wrong, madeAt: night }],
  };
  await inDatabase(
    page,
    (db, { cleaned, corrected }) =>
      new Promise<void>((resolve) => {
        const tx = db.transaction(['cameras', 'events'], 'readwrite');
        tx.objectStore('cameras').put(corrected);
        tx.objectStore('events').put(cleaned);
        tx.oncomplete = () => resolve();
      }),
    { cleaned, corrected },
  );
  await page.reload();
  const nameAt = (at: number) =>
    new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const files = Array.from({ length: 20 }, (_, i) =>
    made(`${nameAt(night + (i * HOUR) / 2)}-DEMO.jpg`, read(demo.snapshots[i]!)),
  );
  await check(page, [...files, made('20990101-000000-DEMO.jpg', read(demo.snapshots[30]!))]);
  const before = await everything(page);
  const jobs = await storedIn<Job>(page, 'jobs');

  await openPlace(page, 'Settings');
  const times = page.getByRole('form', { name: 'This camera' });
  const move = async (zone: string) => {
    await times.getByLabel('Time zone').selectOption(zone);
    await times.getByRole('button', { name: 'Save' }).click();
    await expect(times).toContainText('Saved.');
  };
  await times.getByLabel('Time zone').selectOption('Europe/Madrid');
  await expect(times).toContainText(
    /20 pictures move: from 28 March.*, 22:00 UTC – 29 March.*, 07:30 UTC to 28 March.*, 21:00 UTC – 29 March.*, 05:30 UTC\./,
  );
  await move('Europe/Madrid');
  const moved = await storedIn<Job>(page, 'jobs');
  const of = (at: number) => (job: Job) => job.imageName.startsWith(nameAt(at));
  expect(moved.find(of(night))?.capturedAt).toBe(night - HOUR);
  expect(moved.find(of(night + 5.5 * HOUR))?.capturedAt).toBe(night + 3.5 * HOUR);
  expect(moved.find(of(wrong))?.capturedAt).toBe(right);
  expect(await storedIn<CameraEvent>(page, 'events')).toEqual([cleaned]);
  // The cleaning stays, so that other windows are short of snapshots.
  const short = (all: readonly Job[]) =>
    all
      .filter((job) => job.jobStatus === 'Completed' && job.distance === null)
      .map(({ imageName }) => imageName);
  expect(short(moved)).not.toEqual(short(jobs));
  await page.reload();
  await move('UTC');
  expect(await everything(page)).toBe(before);
});

/** Every row of every store, and its key. */
async function everything(page: Page): Promise<string> {
  return inDatabase(page, async (db) => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve) => (request.onsuccess = () => resolve(request.result)));
    const text = (_: string, value: unknown) =>
      value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value;
    const stores = [...db.objectStoreNames].map(async (name) => {
      const store = db.transaction(name).objectStore(name);
      return [name, await asked(store.getAllKeys()), await asked(store.getAll())];
    });
    return JSON.stringify(await Promise.all(stores), text);
  });
}
