/** Verdicts that others changed: announced once, listed with what they were, and undone as a whole. */
import { expect, type Page } from '@playwright/test';
import type { Camera } from '../../src/core/domain/camera/camera';
import type { CompletedJob } from '../../src/core/domain/camera/job';
import { startStandIn, type StandIn } from '../stand-in/server';
import { exportedParts, openExport, packed, withDownloads } from './exports';
import { check, demo, inDatabase, openWithCamera, storedIn, test, violations, writeStored } from './support';
import { openPlace } from '../open-place';

/** A lens that fouls. */
const FIRST = demo.snapshots.slice(22, 52);
/** They come late. */
const LATE = FIRST.filter((_, i) => i > 11 && i < 21 && i % 2 === 0);
const FURTHER = FIRST.slice(9, 11);
const IN_ORDER = FIRST.filter((path) => ![...LATE, ...FURTHER].includes(path));

const notice = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
const jobs = (page: Page) => storedIn<CompletedJob>(page, 'jobs');

/** Every row of what a verdict rests on, and of what is said, as text. */
async function everything(page: Page): Promise<Record<string, string[]>> {
  return inDatabase(page, async (db) => {
    const text = (row: unknown) =>
      JSON.stringify(row, (_, value: unknown) =>
        value instanceof ArrayBuffer
          ? [...new Uint8Array(value)].join()
          : ArrayBuffer.isView(value)
            ? [...new Uint8Array(value.buffer.slice(0))].join()
            : value,
      );
    const all: Record<string, string[]> = {};
    const stores = [
      'cameras',
      'references',
      'events',
      'jobs',
      'embeddings',
      'thumbnails',
      'sights',
      'changes',
    ];
    for (const store of [...stores, 'formerRows', 'glassFits', 'calibrations']) {
      const rows = await new Promise<unknown[]>((resolve) => {
        const asking = db.transaction(store).objectStore(store).getAll();
        asking.onsuccess = () => resolve(asking.result);
      });
      all[store] = rows.map(text);
    }
    return all;
  });
}

test('late snapshots are announced once with the verdicts that they changed, and taken back as a whole @long', async ({
  page,
}) => {
  test.slow();
  await openWithCamera(page, IN_ORDER);
  const before = await jobs(page);
  await expect(notice(page, 'late picture')).toHaveCount(0);

  await check(page, LATE);
  const told = notice(page, 'late pictures');
  await expect(told).toHaveText(/5 late pictures \(.+\) changed \d+ verdicts?\./);
  const count = Number(/changed (\d+)/.exec(await told.innerText())?.[1]);
  await page.reload();
  await expect(told).toContainText(`changed ${String(count)} verdict`);

  await told.getByRole('button', { name: 'Show' }).click();
  const list = page.getByRole('dialog', { name: 'Changed verdicts' });
  await expect(list.getByRole('row')).toHaveCount(count + 1);
  await expect(list).toContainText('Some of these came late');
  expect(await violations(page)).toEqual([]);
  const row = list.getByRole('row').nth(1);
  const name = await row.getByRole('button').innerText();
  await row.getByRole('button').click();
  await expect(page.getByRole('dialog').last().locator('footer')).toContainText(name);
  await page.getByRole('dialog').last().getByRole('button', { name: 'Close' }).click();
  await list.getByRole('button', { name: 'Close' }).click();

  await check(page, FURTHER);
  await expect(told).toHaveCount(1);
  await expect(told).toContainText('7 late pictures');

  await told.getByRole('button', { name: 'Undo' }).click();
  await expect(told).toHaveCount(0);
  const byId = (all: readonly CompletedJob[]) => new Map(all.map((job) => [job.id, job]));
  expect(byId(await jobs(page))).toEqual(byId(before));
  await page.reload();
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  expect(await storedIn(page, 'changes')).toEqual([]);
  expect(await jobs(page)).toHaveLength(before.length);
});

test('an export that holds further snapshots of a camera says how many verdicts it changed @long', async ({
  page,
}, info) => {
  test.slow();
  await withDownloads(page);
  await openWithCamera(page, IN_ORDER);
  await check(page, LATE);
  const parts = await exportedParts(page, info.outputPath('export.zip'));
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  const late = notice(page, 'late pictures');
  await late.getByRole('button', { name: 'Undo' }).click();
  await expect(late).toHaveCount(0);

  const plan = await openExport(page, packed(parts));
  await plan.getByRole('button', { name: 'Add it' }).click();
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  const told = notice(page, /The export changed \d+ verdicts?\./);
  await expect(told).toBeVisible({ timeout: 60_000 });
  await expect(told.getByRole('button', { name: 'Undo' })).toHaveCount(0);
  await told.getByRole('button', { name: 'Dismiss' }).click();
  await expect(told).toHaveCount(0);
  expect(await storedIn(page, 'changes')).toEqual([]);
});

test.describe('with DriftWatch', () => {
  let standIn: StandIn;
  test.beforeEach(async () => {
    standIn = await startStandIn({ cors: true, rateLimit: null });
  });
  test.afterEach(async () => {
    await standIn.close();
  });

  test('a history of an earlier version is judged again only when a person says so, and back to the last byte @long', async ({
    page,
  }) => {
    test.slow();
    await openWithCamera(page, IN_ORDER);
    await leaveAsEarlier(page);
    await sendResults(page, standIn);
    const corrected: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PUT') corrected.push(request.url());
    });
    await page.goto(page.url().replace(/#.*/, '#monitor'));
    await page.reload();
    const offer = notice(page, 'Earlier versions judged late files differently.');
    await expect(offer).toContainText(/Judging all 28 pictures again would change \d+ verdicts?\./, {
      timeout: 60_000,
    });
    const title = await page.title();
    const before = await everything(page);
    expect(corrected).toEqual([]);
    const count = Number(/would change (\d+)/.exec(await offer.innerText())?.[1]);
    await offer.getByRole('button', { name: 'Show' }).click();
    const list = page.getByRole('dialog', { name: 'Verdicts that would change' });
    await expect(list.getByRole('row')).toHaveCount(count + 1);
    await list.getByRole('button', { name: 'Close' }).click();
    expect(await page.title()).toBe(title);

    await offer.getByRole('button', { name: 'Judge again' }).click();
    const told = notice(page, 'The history was judged again');
    await expect(told).toContainText(`${String(count)} verdict`);
    await expect(offer).toHaveCount(0);
    expect((await everything(page))['jobs']).not.toEqual(before['jobs']);
    await page.reload();

    await told.getByRole('button', { name: 'Undo' }).click();
    await expect(told).toHaveCount(0);
    expect(await everything(page)).toEqual(before);
    await expect(offer).toBeVisible({ timeout: 60_000 });
    await offer.getByRole('button', { name: 'Leave as it is' }).click();
    await expect(offer).toHaveCount(0);
    const [camera] = await storedIn<Camera>(page, 'cameras');
    expect(camera?.judgedInOrder).toBe(false);
    expect((await everything(page))['jobs']).toEqual(before['jobs']);
  });
});

/** Snapshots that came late changed none of those after them; some were seen by the method of before. */
async function leaveAsEarlier(page: Page): Promise<void> {
  const before = await jobs(page);
  await check(page, LATE);
  await expect(notice(page, 'late pictures')).toBeVisible();
  const cameras = await storedIn<Camera>(page, 'cameras');
  await writeStored(page, {
    jobs: before,
    cameras: cameras.map(({ judgedInOrder: _, ...camera }) => camera),
    changes: null,
    formerRows: null,
  });
  await inDatabase(
    page,
    async (db, ids) => {
      const tx = db.transaction('sights', 'readwrite');
      const sights = tx.objectStore('sights');
      for (const id of ids) {
        const asking = sights.get(id);
        asking.onsuccess = () => {
          const { losses: _, places: __, ...earlier } = asking.result as Record<string, unknown>;
          sights.put(earlier, id);
        };
      }
      await new Promise((resolve) => (tx.oncomplete = resolve));
    },
    before.slice(0, 6).map(({ id }) => id),
  );
}

async function sendResults(page: Page, standIn: StandIn): Promise<void> {
  await openPlace(page, 'DriftWatch');
  await page.getByLabel('Address of DriftWatch').fill(standIn.driftwatch.origin);
  const more = page.getByRole('group').filter({ hasText: 'mytoken server' });
  if (!(await page.getByLabel('mytoken server').isVisible())) await more.getByText('More').click();
  await page.getByLabel('mytoken server').fill(standIn.mytoken.url);
  await page.getByRole('button', { name: 'Save and test' }).click();
  await page.getByLabel('mytoken', { exact: true }).fill(standIn.newMytoken({ isRegistered: true }).mytoken);
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByLabel('Experiment').selectOption('new');
  await page.getByLabel('Name', { exact: true }).fill('Reef');
  await page.getByRole('button', { name: 'Send there' }).click();
  await expect(page.getByTestId('outbox-status')).toContainText('28 sent');
}
