/** Snapshots that are deleted one by one, and stored rows that can't be used: the page goes on with the rest. */
import { expect, type Page } from '@playwright/test';
import { strFromU8 } from 'fflate';
import { readFileSync } from 'node:fs';
import { exportedParts, openExport, withDownloads } from './exports';
import {
  anotherDevice,
  check,
  demo,
  open,
  openWithCamera,
  results,
  storedIn,
  test,
  violations,
  writeStored,
} from './support';
import { openList, openPlace } from '../open-place';

const first = demo.snapshots.slice(0, 16);
const next = demo.snapshots.slice(16, 17);
const nameOf = (path: string) => path.split('/').at(-1)!;

test('a deleted snapshot is gone with what belongs to it, the others say what they would without it, and all comes back with it @long', async ({
  page,
  context,
}) => {
  test.slow();
  await openWithCamera(page, first);
  await queueRecords(page);
  await reload(page);
  const before = await results(page);

  // From its dialog: one in the window of the next snapshot.
  await toJobs(page);
  await page.getByRole('button', { name: nameOf(first[12]!) }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Delete…' }).click();
  const question = dialog.getByRole('group', { name: 'Delete this picture?' });
  await expect(question).toContainText('Its result, embedding and small picture are deleted.');
  await expect(question).toContainText('Pictures whose window contained it are judged again');
  await expect(question.getByRole('group', { name: '1 record of it is in DriftWatch:' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await question.getByRole('button', { name: 'Keep' }).click();
  await expect(question).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Delete…' }).click();
  await question.getByRole('button', { name: 'Delete it' }).click();
  await expect(dialog).toHaveCount(0);
  const notice = page.getByRole('status').filter({ hasText: '1 picture deleted.' });
  await expect(notice).toContainText('1 record is being removed from DriftWatch.');
  const without = await results(page);
  expect(without.slice(0, 12)).toEqual(before.slice(0, 12));
  expect(without.slice(12).map(({ image_name }) => image_name)).toEqual(first.slice(13).map(nameOf));
  expect(without.slice(12)).not.toEqual(before.slice(13));
  expect(await recordStates(page)).toEqual(['confirmed', 'withdrawing']);

  // Undone, all is as it was; its record is looked up before it is sent again.
  await notice.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('1 picture put back as it was.')).toBeVisible();
  expect(await results(page)).toEqual(before);
  expect(await recordStates(page)).toEqual(['confirmed', 'unknown']);

  // From History: two, and the record of one stays where it is.
  await page.getByText('More', { exact: true }).click();
  await page.getByRole('button', { name: 'Select to delete…' }).click();
  await page.getByLabel(`Select ${nameOf(first[12]!)}`).check();
  await page.getByLabel(`Select ${nameOf(first[13]!)}`).check();
  await page.getByRole('button', { name: 'Delete 2 pictures…' }).click();
  const both = page.getByRole('group', { name: 'Delete 2 pictures?' });
  await both.getByLabel('leave there').check();
  await both.getByRole('button', { name: 'Delete 2', exact: true }).click();
  await expect(page.getByText('2 pictures deleted.')).toBeVisible();
  expect(await storedIn(page, 'jobs')).toHaveLength(14);
  expect(await storedIn(page, 'embeddings')).toHaveLength(14);
  expect(await recordStates(page)).toEqual(['confirmed', 'withdrawing']);
  const left = await results(page);
  expect(left.slice(0, 12)).toEqual(before.slice(0, 12));
  expect(left.slice(12).map(({ image_name }) => image_name)).toEqual(first.slice(14).map(nameOf));

  // The next snapshot, with and without a reload in between: the same to the last bit.
  const device = await context.storageState({ indexedDB: true });
  await check(page, next);
  const here = (await results(page)).at(-1);
  expect(here?.distance).not.toBeNull();
  const other = await anotherDevice(context.browser()!, { storageState: device });
  const there = await other.newPage();
  await open(there, '#monitor');
  await check(there, next);
  expect((await results(there)).at(-1)).toEqual(here);
  await other.close();

  // The same files are scored again, late, one by one: all is as if they had never gone.
  await check(page, first.slice(13, 14));
  await check(page, first.slice(12, 13));
  const again = await results(page);
  expect(again).toHaveLength(17);
  expect(again.slice(0, 16)).toEqual(before);
});

test('stored rows that can’t be used are left out and exported apart, and nothing else is lost with them @long', async ({
  page,
}) => {
  await withDownloads(page);
  await openWithCamera(page, first);
  const before = await results(page);
  await spoil(page);
  await reload(page);

  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  const notice = page.getByRole('alert').filter({ hasText: '5 stored rows can’t be used and are left out.' });
  await expect(notice).toBeVisible();
  expect(await results(page)).toEqual(before);
  await toJobs(page);
  await expect(page.getByText('1 to 15 of 16')).toBeVisible();
  await openPlace(page, 'DriftWatch');
  await expect(page.getByRole('heading', { name: 'DriftWatch', level: 1 })).toBeVisible();
  await expect(page.getByRole('main')).not.toContainText('Opening');

  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await notice.getByRole('link', { name: 'Open Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Storage', exact: true })).toBeVisible();
  expect(await violations(page)).toEqual([]);

  // The export holds them in a file of their own, with what is wrong, and opens without them.
  const path = test.info().outputPath('export.zip');
  const parts = await exportedParts(page, path);
  await expect(page.getByText('5 stored rows that can’t be used are in its broken-rows.json.')).toBeVisible();
  const saved = JSON.parse(strFromU8(parts['broken-rows.json']!)) as Broken[];
  expect(saved.map(({ store, key, fault }) => `${store} ${key} ${fault}`)).toEqual([
    'cameras nameless name',
    'jobs late capturedAt',
    'jobs named imageName',
    'jobs nan distance',
    'events never at',
  ]);
  expect(saved[3]!.row).toMatchObject({ id: 'nan', distance: 'NaN', jobStatus: 'Completed' });
  const other = await anotherDevice(page.context().browser()!);
  const there = await other.newPage();
  await open(there);
  await expect(await openExport(there, readFileSync(path))).toContainText(
    'It adds 1 camera and 16 pictures.',
  );
  await expect(there.getByText('can’t be used')).toHaveCount(0);
  await other.close();

  // They stay as they are, and the sentence can be put away.
  await notice.getByRole('button', { name: 'Dismiss' }).click();
  await expect(notice).toHaveCount(0);
  expect(await storedIn(page, 'cameras')).toHaveLength(2);
  expect(await results(page)).toEqual(before);
});

test('where embeddings are lost the page says so, and gives no verdict until the window is full again @long', async ({
  page,
}) => {
  await openWithCamera(page, first);
  const before = await results(page);
  // In the small pictures growth and loss would be seen again, and would speak.
  await writeStored(page, { embeddings: null, sights: null, thumbnails: null });
  await reload(page);
  const notice = page.getByRole('alert').filter({
    hasText: 'The embeddings of 12 of the newest pictures are missing from storage.',
  });
  await expect(notice).toBeVisible();
  expect((await results(page)).map(({ distance }) => distance)).toEqual(
    before.map(({ distance }) => distance),
  );
  await check(page, next);
  const [newest] = (await results(page)).slice(-1);
  // With the clean snapshots of the warm-up in their place it would be normal.
  expect([newest?.distance, newest?.verdict]).toEqual([null, 'warming-up']);
  await expect(page.getByRole('region', { name: 'Verdict' })).toContainText('fills with 11 more pictures');
  // Why a snapshot was judged so can still be looked at.
  await toJobs(page);
  await page.getByRole('button', { name: nameOf(first[15]!) }).click();
  await expect(page.getByRole('dialog').locator('footer')).toContainText(nameOf(first[15]!));
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await reload(page);
  await check(page, demo.snapshots.slice(17, 18));
  await expect(page.getByRole('region', { name: 'Verdict' })).toContainText('fills with 10 more pictures');
});

async function reload(page: Page) {
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
}

async function toJobs(page: Page) {
  await openList(page);
}

async function recordStates(page: Page) {
  const records = await storedIn<{ state: string }>(page, 'deliveries');
  return records.map(({ state }) => state).sort();
}

/** As if the thirteenth and the fourteenth snapshot had been sent; no service can be reached. */
async function queueRecords(page: Page) {
  const jobs = await storedIn<{ id: string; cameraId: string; imageName: string; capturedAt: number }>(
    page,
    'jobs',
  );
  const inOrder = jobs.sort((a, b) => a.capturedAt - b.capturedAt).slice(12, 14);
  await writeStored(page, {
    deliveries: inOrder.map(({ id, cameraId, imageName, capturedAt }) => ({
      lane: 'https://drift.example#experiment',
      jobId: id,
      cameraId,
      imageName,
      capturedAt,
      body: '{}',
      state: 'confirmed',
      attempts: 0,
      notBefore: 0,
      sentAt: 1,
      remoteId: 'remote',
      failure: null,
    })),
    destinations: [
      {
        cameraId: inOrder[0]!.cameraId,
        target: 'driftwatch',
        baseUrl: 'https://drift.example',
        experimentId: 'experiment',
        experimentName: 'Reef',
        tags: [],
        model: 'model',
        since: 0,
      },
    ],
  });
}

/** A row of an export's `broken-rows.json`. */
interface Broken {
  readonly store: string;
  readonly key: string;
  readonly fault: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** Rows as no page would write them. */
async function spoil(page: Page) {
  const [job] = await storedIn<object & { cameraId: string }>(page, 'jobs');
  const [camera] = await storedIn<object>(page, 'cameras');
  await writeStored(page, {
    jobs: [
      { ...job, id: 'late', capturedAt: 1e300 },
      { ...job, id: 'nan', distance: NaN },
      { ...job, id: 'named', imageName: 42 },
    ],
    events: [{ id: 'never', cameraId: job!.cameraId, kind: 'cleaned', at: 1e300, note: '' }],
    cameras: [{ ...camera, id: 'nameless', name: null }],
  });
}
