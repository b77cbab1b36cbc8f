import { expect, type Page } from '@playwright/test';
import {
  batchIsDone,
  choose,
  demo,
  open,
  openCalibrate,
  results,
  setUpCamera,
  storedIn,
  test,
  unfold,
} from './support';
import { openPlace } from '../open-place';

/** The faults that the init script reads at each write. */
interface Faults {
  /** of all writes, how many fail */
  share: number;
  /** how many did */
  hits: number;
  seed: number;
}

declare global {
  var faults: Faults;
}

const snapshots = demo.snapshots.slice(0, 40);
const WRITTEN = [
  'cameras',
  'references',
  'thumbnails',
  'events',
  'calibrations',
  'jobs',
  'embeddings',
] as const;

/** Writes fail at random: half of them are refused at once, the others take their transaction with them. */
async function withFailingStorage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    globalThis.faults = { share: 0, hits: 0, seed: 20261125 };
    // Park and Miller's generator: the same writes fail in each run.
    const random = () => {
      globalThis.faults.seed = (globalThis.faults.seed * 48_271) % 2_147_483_647;
      return globalThis.faults.seed / 2_147_483_647;
    };
    for (const name of ['add', 'put'] as const) {
      const write = Reflect.get(IDBObjectStore.prototype, name) as (
        ...args: unknown[]
      ) => IDBRequest<IDBValidKey>;
      IDBObjectStore.prototype[name] = function (this: IDBObjectStore, ...args: unknown[]) {
        if (globalThis.faults.share === 0 || random() >= globalThis.faults.share)
          return write.apply(this, args);
        globalThis.faults.hits += 1;
        if (random() < 0.5) throw new DOMException('the disk could not be written', 'UnknownError');
        const request = write.apply(this, args);
        queueMicrotask(() => {
          try {
            request.transaction?.abort();
          } catch {
            // Another write of it has failed before.
          }
        });
        return request;
      };
    }
  });
}

const fail = (page: Page, share: number) =>
  page.evaluate((share) => {
    globalThis.faults.share = share;
    globalThis.faults.hits = 0;
  }, share);

/** How many things are in each store. */
async function counts(page: Page): Promise<Record<string, number>> {
  const all = await Promise.all(WRITTEN.map((store) => storedIn(page, store)));
  return Object.fromEntries(WRITTEN.map((store, i) => [store, all[i]?.length ?? 0]));
}

test('writes that fail at random are told, leave nothing half stored, and going on ends as without them @long', async ({
  page,
  browser,
}, testInfo) => {
  test.slow();
  const calm = await browser.newPage();
  await open(calm);
  await setUpCamera(calm);
  await calm.getByRole('link', { name: 'Monitor', exact: true }).click();
  await choose(calm, 'Check pictures', snapshots);
  await batchIsDone(calm);
  const undisturbed = await results(calm);
  expect(undisturbed).toHaveLength(snapshots.length);
  await calm.close();

  await withFailingStorage(page);
  await page.addInitScript(() => {
    delete (globalThis as { showSaveFilePicker?: unknown }).showSaveFilePicker;
  });
  await open(page);
  const alert = page.getByRole('main').getByRole('alert').filter({ hasText: 'could not store the results' });

  // Setting up: a reference with its pictures is there whole or not at all.
  await page.getByRole('button', { name: 'Set up my camera' }).click();
  await page.getByLabel('Name of the camera').fill('Reef');
  await choose(page, 'choose files', demo.reference);
  const build = page.getByRole('button', { name: /^Learn th/ });
  await fail(page, 0.15);
  for (let round = 0; round < 2; round += 1) {
    await build.click();
    await expect(alert).toBeVisible();
    expect(await counts(page)).toEqual(Object.fromEntries(WRITTEN.map((store) => [store, 0])));
    await alert.getByRole('button', { name: 'Dismiss' }).click();
  }
  await fail(page, 0);
  await build.click();
  await expect(page.getByText('Version 1: 46 clean embeddings')).toBeVisible();
  const pictures = (await counts(page))['thumbnails'] ?? 0;

  // A batch: the same files are given again until all are there.
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await fail(page, 0.06);
  let failures = 0;
  for (let stored = 0; stored < snapshots.length;) {
    await choose(page, 'Check pictures', snapshots);
    const hasEnded = async () => {
      stored = (await storedIn(page, 'jobs')).length;
      return stored === snapshots.length || (await alert.count()) > 0;
    };
    await expect.poll(hasEnded, { intervals: [50] }).toBe(true);
    await batchIsDone(page);
    const { jobs, embeddings, thumbnails } = await counts(page);
    expect([embeddings, thumbnails]).toEqual([jobs, (jobs ?? 0) + pictures]);
    if ((await alert.count()) === 0) continue;
    failures += 1;
    await alert.getByRole('button', { name: 'Dismiss' }).click();
  }
  expect(failures).toBeGreaterThan(2);
  await fail(page, 0);
  expect(await results(page)).toEqual(undisturbed);

  // Calibration: a version of the settings and the camera that judges by it, both or neither.
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  await page.getByLabel('Window', { exact: true }).fill('4');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText(/^Saved\./)).toBeVisible();
  await openCalibrate(page);
  const accept = page.getByRole('button', { name: 'Use these limits' });
  await expect(accept).toBeEnabled();
  const before = [await storedIn(page, 'cameras'), await counts(page)];
  await fail(page, 1);
  await accept.click();
  await expect(alert).toBeVisible();
  expect([await storedIn(page, 'cameras'), await counts(page)]).toEqual(before);
  await fail(page, 0);
  await accept.click();
  await expect(page.getByText('In force: limits 1')).toBeVisible();
  expect((await counts(page))['calibrations']).toBe(1);
  const judgedAnew = await results(page);
  expect(judgedAnew).not.toEqual(undisturbed);

  // An export that is taken in: until it succeeds there is no camera that is not whole.
  await openPlace(page, 'Settings');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export everything' }).click();
  const zip = testInfo.outputPath('porthole.zip');
  await (await downloading).saveAs(zip);
  const exported = await counts(page);
  await unfold(page, 'Delete this camera');
  await page.getByRole('button', { name: 'Delete permanently' }).click();
  await expect.poll(async () => (await counts(page))['cameras']).toBe(0);
  expect(await counts(page)).toEqual(Object.fromEntries(WRITTEN.map((store) => [store, 0])));
  await fail(page, 0.05);
  const place = page.getByRole('region', { name: 'Export', exact: true });
  for (let round = 0; round < 2; round += 1) {
    await choose(page, 'Open an export', [zip]);
    await place.getByRole('button', { name: 'Add it' }).click();
    await expect(alert).toBeVisible();
    expect((await counts(page))['cameras']).toBe(0);
  }
  await fail(page, 0);
  await choose(page, 'Open an export', [zip]);
  await place.getByRole('button', { name: 'Add it' }).click();
  await expect(place).toContainText('added.');
  expect(await counts(page)).toEqual(exported);
  expect(await results(page)).toEqual(judgedAnew);
});
