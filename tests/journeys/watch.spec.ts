import { expect, type Page } from '@playwright/test';
import { basename } from 'node:path';
import type { Camera } from '../../src/core/domain/camera/camera';
import type { CompletedJob, Job } from '../../src/core/domain/camera/job';
import type { Reference } from '../../src/core/domain/camera/reference';
import {
  batchIsDone,
  closeDialog,
  demo,
  inDatabase,
  open,
  onceStored,
  openChip,
  openDetails,
  openWithCamera,
  passTime,
  storedIn,
  test,
  violations,
  writeToFolder,
} from './support';
import { openPlace } from '../open-place';

/** The demo's snapshots after those that the camera Reef has. */
const NEXT = demo.snapshots.slice(14);

const chosen = (page: Page) => page.locator('header').getByRole('combobox');
const panel = (page: Page) => page.getByRole('region', { name: 'Watch a folder' });

/** Three cameras, and a picker that gives the folder `picks` of the page's own storage, as there is none headless. */
async function openTwins(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.showDirectoryPicker = async () => {
      const root = await navigator.storage.getDirectory();
      return root.getDirectoryHandle(localStorage.getItem('picks') ?? '', { create: true });
    };
  });
  await openWithCamera(page, demo.snapshots.slice(0, 14));
  await inDatabase(page, copyCamera, ['North', 'South']);
  await page.goto('about:blank');
  await open(page, '#monitor');
}

/** Stores cameras that are in all like the one that is there, so that the same snapshots get the same results. */
async function copyCamera(db: IDBDatabase, names: readonly string[]): Promise<void> {
  const stores = ['cameras', 'references', 'glassFits', 'jobs', 'embeddings', 'sights'];
  const tx = db.transaction(stores, 'readwrite');
  const answer = <T>(asking: IDBRequest) =>
    new Promise<T>((resolve) => (asking.onsuccess = () => resolve(asking.result as T)));
  const all = <T>(store: string) => answer<T[]>(tx.objectStore(store).getAll());
  const [camera] = await all<Camera>('cameras');
  const [reference] = await all<Reference>('references');
  const jobs = await all<Job>('jobs');
  for (const name of names) {
    const own = (id: string) => `${name} ${id}`;
    const copy = async (store: string, id: string) => {
      const row = await answer<unknown>(tx.objectStore(store).get(id));
      if (row !== undefined) tx.objectStore(store).put(row, own(id));
    };
    const referenceId = own(reference!.id);
    const cameraId = own(camera!.id);
    tx.objectStore('cameras').put({ ...camera, id: cameraId, name, referenceId });
    tx.objectStore('references').put({ ...reference, id: referenceId, cameraId });
    await copy('glassFits', reference!.id);
    for (const job of jobs) {
      tx.objectStore('jobs').put({ ...job, id: own(job.id), cameraId, referenceId });
      await copy('embeddings', job.id);
      await copy('sights', job.id);
    }
  }
  await new Promise((resolve) => (tx.oncomplete = resolve));
}

async function show(page: Page, camera: string): Promise<void> {
  await chosen(page).selectOption(camera);
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
}

async function watchFolder(page: Page, camera: string, folder: string): Promise<void> {
  await show(page, camera);
  await page.evaluate((folder) => localStorage.setItem('picks', folder), folder);
  await openChip(page, 'Watch a folder');
  await panel(page).getByRole('button', { name: 'Watch a folder' }).click();
  await expect(panel(page)).toContainText(`Watching ${folder}/: 0 new since`);
  await closeDialog(page);
}

async function write(page: Page, folder: string, paths: readonly string[]): Promise<void> {
  await passTime(page, paths);
  await writeToFolder(page, folder, paths);
}

/** Collects what is said of a camera from now on; others are silent by then, which is said too. */
async function heard(page: Page, camera: string): Promise<() => Promise<string[]>> {
  const heard = await page.getByTestId('said').evaluateHandle((said) => {
    const heard: string[] = [];
    new MutationObserver(() => heard.push(said.textContent)).observe(said, {
      ...{ childList: true, characterData: true, subtree: true },
    });
    return heard;
  });
  return async () => (await heard.jsonValue()).filter((text) => text.startsWith(camera));
}

/** Those of the demo's snapshots that a camera has checked, in capture order. */
async function checkedBy(page: Page, name: string): Promise<CompletedJob[]> {
  const camera = (await storedIn<Camera>(page, 'cameras')).find((camera) => camera.name === name);
  return (await storedIn<Job>(page, 'jobs'))
    .filter((job): job is CompletedJob => job.cameraId === camera?.id && job.jobStatus === 'Completed')
    .filter(({ imageName }) => NEXT.some((path) => basename(path) === imageName))
    .sort((a, b) => a.capturedAt - b.capturedAt);
}

/** How many of the demo's later snapshots each camera has. */
async function counts(page: Page, ...names: string[]): Promise<number[]> {
  return Promise.all(names.map(async (name) => (await checkedBy(page, name)).length));
}

test('two cameras’ folders are watched while a third is looked at, and one click goes on with all after a restart @long', async ({
  page,
}) => {
  await openTwins(page);
  await watchFolder(page, 'North', 'north');
  await watchFolder(page, 'South', 'south');
  await show(page, 'Reef');
  await expect(page.getByRole('button', { name: 'Watch a folder' })).toBeVisible();
  await write(page, 'north', NEXT.slice(0, 1));
  await write(page, 'south', NEXT.slice(0, 2));
  await expect.poll(() => counts(page, 'North', 'South', 'Reef')).toEqual([1, 2, 0]);
  await expect(chosen(page).locator('option:checked')).toHaveText('Reef');
  await show(page, 'South');
  await openChip(page, 'Watching south');
  await expect(panel(page)).toContainText('Watching south/: 2 new since');
  await closeDialog(page);

  // As where the browser asks again with every visit.
  await page.addInitScript(() => {
    const granted = new Set<string>();
    Object.assign(FileSystemHandle.prototype, {
      async queryPermission(this: FileSystemHandle) {
        return granted.has(this.name) ? 'granted' : 'prompt';
      },
      async requestPermission(this: FileSystemHandle) {
        // The person says no to one, the first time.
        if (this.name === 'south' && !granted.has('asked')) granted.add('asked');
        else granted.add(this.name);
        return granted.has(this.name) ? 'granted' : 'denied';
      },
    });
  });
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  await openPlace(page, 'Settings');
  const notice = page.getByRole('status').filter({ hasText: 'folder' });
  await expect(notice).toContainText('2 folders are not being watched: north (North), south (South).');
  expect(await violations(page)).toEqual([]);
  await notice.getByRole('button', { name: 'Watch 2 folders again' }).click();
  await expect(notice).toContainText('did not let the page read south (South). Nothing is watched there.');
  await notice.getByRole('button', { name: 'Watch the folder again' }).click();
  await expect(notice).toHaveCount(0);
  await write(page, 'north', NEXT.slice(1, 3));
  await write(page, 'south', NEXT.slice(2, 3));
  await expect.poll(() => counts(page, 'North', 'South', 'Reef')).toEqual([3, 3, 0]);
  await expect(chosen(page).locator('option:checked')).toHaveText('South');
});

test('what a person does goes before the folder of a camera that is not looked at, whose results are the same @long', async ({
  page,
}) => {
  test.slow();
  await openTwins(page);
  // So many that a slow machine is still at them when the person comes; one of the demo's is damaged.
  const paths = NEXT.filter((path) => !path.includes('20260525-124512'));
  await watchFolder(page, 'North', 'north');
  await watchFolder(page, 'South', 'south');
  await write(page, 'south', paths);
  await expect.poll(() => counts(page, 'South'), { timeout: 60_000 }).toEqual([paths.length]);
  await batchIsDone(page);

  await show(page, 'Reef');
  const chosenSouth = onceStored(page, (await storedIn<Job>(page, 'jobs')).length + 1, 'South');
  await write(page, 'north', paths);
  await chosenSouth;
  await expect(chosen(page).locator('option:checked')).toHaveText('South');
  // It has stopped by then, and leaves the person alone for a while.
  const before = await counts(page, 'North');
  expect(before[0]).toBeLessThan(paths.length);
  await page.waitForTimeout(1_000);
  expect(await counts(page, 'North')).toEqual(before);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  await expect.poll(() => counts(page, 'North'), { timeout: 60_000 }).toEqual([paths.length]);

  const facts = (jobs: readonly CompletedJob[]) =>
    jobs.map(({ imageName, distance, windowFill, driftStatus, glass }) => ({
      ...{ imageName, distance, windowFill, driftStatus, glass },
    }));
  expect(facts(await checkedBy(page, 'North'))).toEqual(facts(await checkedBy(page, 'South')));
});

test('an alarm of a camera that is not shown is told while another is looked at @long', async ({ page }) => {
  test.slow();
  await openTwins(page);
  await watchFolder(page, 'North', 'north');
  await show(page, 'Reef');
  // The page's time passes before the snapshots come, so that silence may be told meanwhile.
  const VERDICT = /^North: Clean the lens( soon)?$/;
  const ofNorth = await heard(page, 'North');
  const fouling = NEXT.filter((path) => basename(path) < '20260520');
  await write(page, 'north', fouling.slice(0, 4));
  await expect.poll(() => counts(page, 'North'), { timeout: 60_000 }).toEqual([4]);
  expect((await ofNorth()).filter((said) => VERDICT.test(said))).toEqual([]);
  await write(page, 'north', fouling.slice(4));
  // A look at the folder may come between two files, and a question then keeps the alarm waiting for a minute.
  await expect.poll(ofNorth, { timeout: 120_000 }).toContainEqual(expect.stringMatching(VERDICT));
  await expect(chosen(page).locator('option:checked')).toHaveText('Reef');
  await expect(page.getByRole('region', { name: 'Verdict' })).toHaveAttribute(
    'data-verdict',
    /normal|silent/,
  );
});

test('a half file is told and not stored as failed, and is checked once it is whole, without a reload @long', async ({
  page,
}) => {
  await openTwins(page);
  const [first, second] = NEXT as [string, string];
  await watchFolder(page, 'North', 'north');
  await writeToFolder(page, 'north/11-20', [], { [basename(second)]: 'half of a picture' });
  await write(page, 'north', [first]);
  const dialog = await openChip(page, '1 failed file in north');
  await expect(dialog).toContainText(`: 11-20/${basename(second)}. It is tried again every few minutes.`);
  expect(await violations(page)).toEqual([]);
  await closeDialog(page);
  await expect.poll(() => counts(page, 'North')).toEqual([1]);
  const failed = (await storedIn<Job>(page, 'jobs')).filter(({ jobStatus }) => jobStatus === 'Failed');
  expect(failed).toEqual([]);
  await write(page, 'north/11-20', [second]);
  await expect.poll(() => counts(page, 'North')).toEqual([2]);
  await expect((await openDetails(page)).getByRole('button', { name: 'Watching north' })).toBeVisible();
});
