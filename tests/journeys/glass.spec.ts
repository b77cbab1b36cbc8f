import { expect, type Page } from '@playwright/test';
import { basename } from 'node:path';
import { exportedParts, openExport, packed, withDownloads, edit } from './exports';
import type { CompletedJob } from '../../src/core/domain/camera/job';
import type { Reference } from '../../src/core/domain/camera/reference';
import {
  anotherDevice,
  canHoldGlassBacklog,
  check,
  choose,
  closeDialog,
  demo,
  holdGlassBacklog,
  inDatabase,
  made,
  open,
  openChip,
  openDetails,
  openLog,
  openWithCamera,
  passTime,
  read,
  results,
  setUpCamera,
  storedIn,
  test,
  turned,
  violations,
  writeStored,
} from './support';

const stream = demo.snapshots.filter((path) => !path.includes('20260525-12')).slice(0, 20);
const card = (page: Page) => page.getByRole('region', { name: 'Verdict' });
const panel = (page: Page) => page.getByRole('region', { name: 'On the glass' });

/** A stored job that growth and loss have looked at. */
type Written = Pick<CompletedJob, 'capturedAt'> & NonNullable<CompletedJob['glass']>;

/** Facts of growth and loss for each job, in capture order. */
async function facts(page: Page) {
  const jobs = await storedIn<CompletedJob>(page, 'jobs');
  return jobs.sort((a, b) => a.capturedAt - b.capturedAt).map(({ glass }) => glass);
}

/** Every bit of what one of the stores holds, by its keys. */
async function bits(page: Page, store: 'sights' | 'glassFits') {
  return inDatabase(
    page,
    async (db, store) => {
      const from = db.transaction(store).objectStore(store);
      const done = <T>(asking: IDBRequest<T>) =>
        new Promise<T>((resolve) => (asking.onsuccess = () => resolve(asking.result)));
      const [keys, rows] = await Promise.all([done(from.getAllKeys()), done<object[]>(from.getAll())]);
      const exact = (_: string, value: unknown) =>
        ArrayBuffer.isView(value)
          ? Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).join()
          : typeof value === 'number'
            ? Array.from(new Uint8Array(Float64Array.of(value).buffer)).join()
            : value;
      const sorted = (row: object) => Object.fromEntries(Object.entries(row).sort());
      return Object.fromEntries(
        keys.map((key, i) => [key as string, JSON.stringify(sorted(rows[i]!), exact)]),
      );
    },
    store,
  );
}

/** The place of the map, 16 to a row, where the snapshots show most that the reference has not. */
async function loudest(page: Page): Promise<string> {
  const cell = await inDatabase(
    page,
    (db) =>
      new Promise<number>((resolve) => {
        const asking: IDBRequest<{ excess: Float32Array }[]> = db
          .transaction('sights')
          .objectStore('sights')
          .getAll();
        asking.onsuccess = () => {
          const sums = asking.result[0]!.excess.map((_, cell) =>
            asking.result.reduce((sum, { excess }) => sum + excess[cell]!, 0),
          );
          resolve(sums.indexOf(Math.max(...sums)));
        };
      }),
  );
  return `${Math.floor(cell / 16) + 1}, ${(cell % 16) + 1}`;
}

/** Leaves a place of the map out as not on the glass. */
async function leaveOut(page: Page, place: string): Promise<void> {
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await openChip(page, 'On the glass');
  await panel(page).getByRole('button', { name: 'Mark what is not on the glass' }).click();
  await panel(page)
    .getByRole('button', { name: new RegExp(`^Place ${place}:`) })
    .click();
  await panel(page)
    .getByRole('button', { name: /^Leave .+ out$/ })
    .click();
  await expect(panel(page).getByRole('status')).toContainText('The history was judged again');
  await closeDialog(page);
}

test('growth and loss are the same to the last bit over reloads and in any order of files @long', async ({
  page,
  browser,
}) => {
  test.slow();
  await open(page);
  await setUpCamera(page);
  await check(page, stream);
  const whole = await facts(page);
  expect(whole.every((glass) => glass?.growth && glass.loss)).toBe(true);
  expect((await results(page)).map(({ conclusion }) => conclusion)).not.toContain('not-checked');

  const device = await anotherDevice(browser);
  const other = await device.newPage();
  await open(other);
  await setUpCamera(other);
  await check(other, stream.slice(0, 5));
  await other.reload();
  await other.waitForFunction(() => 'porthole' in globalThis);
  await check(other, stream.slice(5, 17).reverse());
  await other.reload();
  await other.waitForFunction(() => 'porthole' in globalThis);
  await check(other, stream.slice(17));
  expect(await facts(other)).toEqual(whole);
  await device.close();
});

test('an export brings what was seen and fitted in every bit: another laptop judges, and judges again, as the first one @long', async ({
  page,
  browser,
}, testInfo) => {
  test.slow();
  await withDownloads(page);
  await open(page);
  await setUpCamera(page);
  await check(page, stream.slice(0, 15));
  const [whole, sights, fits] = [
    await facts(page),
    await bits(page, 'sights'),
    await bits(page, 'glassFits'),
  ];
  expect(Object.keys(sights)).toHaveLength(15);
  const parts = await exportedParts(page, testInfo.outputPath('porthole.zip'));

  const device = await anotherDevice(browser);
  const other = await device.newPage();
  await open(other);
  await (await openExport(other, packed(parts))).getByRole('button', { name: 'Add it' }).click();
  await expect.poll(async () => (await facts(other)).length).toBe(15);
  await passTime(other, stream.slice(0, 15));
  await other.reload();
  await other.getByRole('link', { name: 'Monitor', exact: true }).click();
  await expect(card(other)).toHaveAttribute('data-verdict', 'normal');
  // Longer than the backlog rests before it would fill in what is missing.
  await other.waitForTimeout(2500);
  expect(await facts(other)).toEqual(whole);
  expect(await bits(other, 'sights')).toEqual(sights);
  expect(await bits(other, 'glassFits')).toEqual(fits);

  const place = await loudest(page);
  for (const each of [page, other]) {
    await leaveOut(each, place);
    await check(each, stream.slice(15));
  }
  const again = await facts(page);
  expect(again).not.toEqual([...whole, ...again.slice(15)]);
  expect(await facts(other)).toEqual(again);
  expect(Object.values(await bits(other, 'sights')).sort()).toEqual(
    Object.values(await bits(page, 'sights')).sort(),
  );
  await device.close();

  // An export of before, without them: the facts come, and what is judged next is seen again in the thumbnails.
  const kept = Object.entries(parts).filter(([path]) => !/sights|-glass\.npz$/.test(path));
  const before = Object.fromEntries(kept);
  edit<{ files: { path: string }[] }>(before, /^porthole\.json$/, (index) => ({
    ...index,
    files: index.files.filter(({ path }) => path in before),
  }));
  edit<{ references: object[] }>(before, /blobs\.json$/, (blobs) => ({
    ...blobs,
    sights: undefined,
    references: blobs.references.map((reference) => ({ ...reference, glass: undefined })),
  }));
  const third = await anotherDevice(browser);
  const old = await third.newPage();
  await open(old);
  await (await openExport(old, packed(before))).getByRole('button', { name: 'Add it' }).click();
  await expect
    .poll(async () => Object.keys(await bits(old, 'glassFits')).length, { timeout: 60_000 })
    .toBe(1);
  expect(await facts(old)).toEqual(whole);
  await check(old, stream.slice(15));
  expect((await facts(old)).slice(-5).map((glass) => glass?.growth?.driftStatus)).toEqual(
    Array.from({ length: 5 }, () => 'normal'),
  );
  await third.close();
});

test('what was stored before growth was looked for gets it from kept pictures, as if it had been looked for @long', async ({
  page,
}) => {
  await open(page);
  await setUpCamera(page);
  await check(page, stream.slice(0, 14));
  const whole = await facts(page);
  const jobs = await storedIn<CompletedJob>(page, 'jobs');
  const references = await storedIn<Reference>(page, 'references');
  const before = ({ glass: _, ...job }: CompletedJob) => job;
  const frozen = ({ isOwnModel: _, ...reference }: Reference) => reference;
  await writeStored(page, {
    jobs: jobs.map(before),
    references: references.map(frozen),
    sights: null,
    glassFits: null,
  });
  await page.reload();
  await expect
    .poll(async () => (await facts(page)).filter((glass) => glass).length, { timeout: 60_000 })
    .toBe(14);
  const found = await facts(page);
  expect(found).toEqual(whole);
  const distances = (all: CompletedJob[]) => new Map(all.map(({ id, distance }) => [id, distance]));
  expect(distances(await storedIn(page, 'jobs'))).toEqual(distances(jobs));
  await expect((await openDetails(page)).getByRole('button', { name: 'On the glass' })).toBeVisible();
  // With the facts alone, as after an older export, the next snapshot goes on from there.
  await writeStored(page, { sights: null });
  await page.reload();
  await check(page, stream.slice(14, 16));
  expect(await storedIn(page, 'sights')).toHaveLength(16);
  expect((await facts(page)).slice(0, 14)).toEqual(found);
  expect((await facts(page)).slice(-2).map((glass) => glass?.growth?.driftStatus)).toEqual([
    'normal',
    'normal',
  ]);
});

test('on a camera that its model was not made for nothing is concluded before growth and loss have looked @long', async ({
  page,
}) => {
  await canHoldGlassBacklog(page);
  await openWithCamera(page);
  await check(page, stream.slice(0, 14));
  const alarmed = ({ glass: _, ...job }: CompletedJob) => ({ ...job, distance: 0.5, driftStatus: 'drift' });
  const jobs = await storedIn<CompletedJob>(page, 'jobs');
  const references = await storedIn<Reference>(page, 'references');
  await holdGlassBacklog(page, true);
  await writeStored(page, {
    jobs: jobs.map(alarmed),
    references: references.map((reference) => ({ ...reference, isOwnModel: false })),
    sights: null,
  });
  await page.reload();
  await expect(card(page)).toHaveAttribute('data-verdict', 'not-checked');
  await expect(card(page)).toContainText('Growth and loss have not looked at the newest picture yet');
  expect((await results(page)).map(({ conclusion }) => conclusion)).toEqual(jobs.map(() => 'awaiting'));
  expect((await storedIn<CompletedJob>(page, 'jobs')).some((job) => 'awaitsGlass' in job)).toBe(false);

  await holdGlassBacklog(page, false);
  await page.reload();
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  await expect(card(page)).not.toContainText('have not looked');
});

test('a long history is looked at once, in capture order, and says the same each time @long', async ({
  page,
}) => {
  test.slow();
  await page.addInitScript(() => {
    const put = Reflect.get(IDBObjectStore.prototype, 'put') as (
      ...all: unknown[]
    ) => IDBRequest<IDBValidKey>;
    const written: object[] = [];
    Object.assign(globalThis, { written });
    IDBObjectStore.prototype.put = function (...given) {
      const [{ capturedAt, glass }] = given as [{ capturedAt?: number; glass?: object }];
      if (capturedAt !== undefined && glass) written.push({ capturedAt, ...glass });
      return put.apply(this, given);
    };
  });
  await openWithCamera(page);
  await check(page, demo.snapshots.slice(0, 20));
  // The same pictures again and again, hours apart, before growth was looked for.
  const count = await inDatabase(page, async (db) => {
    const tx = db.transaction(['jobs', 'thumbnails', 'sights'], 'readwrite');
    const [jobs, thumbnails] = [tx.objectStore('jobs'), tx.objectStore('thumbnails')];
    tx.objectStore('sights').clear();
    const all: IDBRequest<(CompletedJob & { glass?: unknown })[]> = jobs.getAll();
    all.onsuccess = () => {
      for (const { glass: _, ...job } of all.result) {
        const picture: IDBRequest<ArrayBuffer> = thumbnails.get(job.id);
        picture.onsuccess = () => {
          for (let i = 0; i < 17; i++) {
            const id = i === 0 ? job.id : `${job.id} ${i}`;
            const capturedAt = job.capturedAt - i * 30 * 86_400_000;
            jobs.put({ ...job, id, capturedAt, contentSha256: `${job.contentSha256} ${i}` });
            thumbnails.put(picture.result, id);
          }
        };
      }
    };
    await new Promise((resolve) => (tx.oncomplete = resolve));
    return 20 * 17;
  });
  await page.reload();
  const isDone = async () => (await facts(page)).filter((glass) => glass).length === count;
  await expect.poll(isDone, { timeout: 120_000 }).toBe(true);
  const found = await facts(page);
  const written = await page.evaluate(() => (globalThis as unknown as { written: Written[] }).written);
  const times = written.map(({ capturedAt }) => capturedAt);
  expect(times).toHaveLength(count);
  expect(times).toEqual([...times].sort((a, b) => a - b));

  const jobs = await storedIn<CompletedJob>(page, 'jobs');
  jobs.sort((a, b) => a.capturedAt - b.capturedAt);
  await writeStored(page, {
    jobs: jobs.map(({ glass: _, ...job }, i) => (i === count - 1 ? { ...job, glass: null } : job)),
    sights: null,
  });
  await page.reload();
  const isDoneAgain = async () => (await facts(page)).filter((glass) => glass).length === count - 1;
  await expect.poll(isDoneAgain, { timeout: 120_000 }).toBe(true);
  expect((await facts(page)).slice(0, -1)).toEqual(found.slice(0, -1));
});

test('a place that is not on the glass is chosen on the map, by keyboard too, kept over a reload, and taken back @long', async ({
  page,
}) => {
  await open(page);
  await setUpCamera(page);
  await check(page, stream.slice(0, 14));
  const left = async () => (await storedIn<Reference>(page, 'references')).at(-1)?.offGlass;
  await openChip(page, 'On the glass');
  await panel(page).getByRole('button', { name: 'Mark what is not on the glass' }).click();
  await panel(page)
    .getByRole('button', { name: /^Place 3, 5:/ })
    .click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await expect(panel(page).getByRole('button', { name: 'Place 3, 6: not on the glass' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  expect(await violations(page)).toEqual([]);
  await panel(page)
    .getByRole('button', { name: /^Leave .+ out$/ })
    .click();
  await expect(panel(page).getByRole('status')).toContainText('The history was judged again');
  const cells = await left();
  expect(cells).toEqual(expect.arrayContaining([2 * 16 + 4, 2 * 16 + 5]));
  await page.reload();
  await openChip(page, 'On the glass');
  await expect(panel(page)).toContainText('left out as not on the glass');
  expect(await left()).toEqual(cells);
  const now = await facts(page);
  expect(now.every((glass) => glass?.growth)).toBe(true);
});

test('a camera that is moved while its lens is dirty has moved, and the page says that it has to be cleaned first @long', async ({
  page,
}) => {
  test.slow();
  await open(page);
  await setUpCamera(page);
  const fouled = demo.snapshots.filter(
    (path) => path.slice(-'YYYYMMDD-HHMMSS-DEMO.jpg'.length) < '20260522-06',
  );
  await check(page, fouled.slice(-14));
  await expect(card(page)).toHaveAttribute('data-verdict', 'drift');
  await check(page, await turned(page, 14));
  await expect(card(page)).toContainText('The camera looks elsewhere, or something stands before it.');
  await expect(card(page)).toContainText('Clean the lens first: then Porthole learns the new view.');
  expect((await results(page)).at(-1)).toMatchObject({ verdict: 'not-checked' });
});

test('a camera that looks elsewhere is no dirty one: it is asked about, gets a view of its own, and finds the old one again @long', async ({
  page,
}) => {
  test.slow();
  await open(page);
  await setUpCamera(page);
  await check(page, stream.slice(0, 14));
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  const elsewhere = await turned(page, 54);

  await check(page, elsewhere.slice(0, 1));
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  await expect(card(page)).toContainText('The newest picture is set aside: another view.');
  await check(page, elsewhere.slice(1, 4));
  await expect(card(page)).toHaveAttribute('data-verdict', 'warning');
  await expect(card(page)).toContainText('Look at the camera');
  await check(page, elsewhere.slice(4, 14));
  await expect(card(page)).toContainText('The camera looks elsewhere, or something stands before it.');
  expect((await results(page)).filter(({ verdict }) => verdict === 'drift')).toEqual([]);
  await card(page).getByRole('button', { name: 'Camera moved, or something in the scene' }).click();
  // A day of the camera's clock ends with 24 of them and with 48.
  await check(page, elsewhere.slice(14));
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  await expect(page.getByText('looks elsewhere')).toHaveCount(0);

  // It is turned back.
  const back = demo.reference.slice(12, 26).map((path, i) => {
    const name = `20260610-${String(i).padStart(2, '0')}0000-DEMO.jpg`;
    return made(name, Buffer.concat([read(path), Buffer.from(basename(path))]));
  });
  await choose(page, 'Check pictures', back);
  await page.getByRole('button', { name: 'Use reference 1' }).click();
  await expect
    .poll(() =>
      inDatabase(
        page,
        (db) =>
          new Promise<string | null>((resolve) => {
            const asking: IDBRequest<{ referenceId: string }[]> = db
              .transaction('cameras')
              .objectStore('cameras')
              .getAll();
            asking.onsuccess = () => resolve(asking.result[0]?.referenceId ?? null);
          }),
      ),
    )
    .toBe((await storedIn<Reference>(page, 'references')).find(({ beganAt }) => beganAt === undefined)?.id);
});

test.describe('hours of the day', () => {
  /** Until the lens is wiped; its last twelve are a window in drift. */
  const fouled = demo.snapshots
    .filter((path) => path.slice(-'YYYYMMDD-HHMMSS-DEMO.jpg'.length) < '20260522-06')
    .slice(-20);
  const hourOf = (path: string) => Number(/-(\d\d)\d{4}-DEMO/.exec(path)![1]);
  const SENTENCE = 'hours that the reference doesn’t show';
  const notice = (page: Page) => page.getByRole('status').filter({ hasText: SENTENCE });
  /** The text of a station's alert about the camera. */
  const alertOf = (page: Page) =>
    page.evaluate(async () => (await (await globalThis.porthole.station()).standings())[0]?.told);

  test('an alarm that rests on those which the reference does not show says so @long', async ({ page }) => {
    const afternoons = demo.reference.filter((path) => hourOf(path) >= 12);
    await open(page);
    await setUpCamera(page, 'Reef', afternoons);
    await expect(page.getByText('11–21 h UTC. Pictures of other hours are judged too')).toBeVisible();
    await check(page, fouled);
    await expect(card(page)).toContainText('Clean the lens');
    const unshown = fouled.slice(-12).filter((path) => hourOf(path) < 11).length;
    await expect(notice(page)).toContainText(`${unshown} of the 12 newest pictures were taken at hours`);
    expect(await alertOf(page)).toContain(SENTENCE);
    await notice(page).getByRole('link', { name: 'Open the reference' }).click();
    await expect(page).toHaveURL(/#reference$/);

    // Since a cleaning no alarm stands.
    await page.getByRole('link', { name: 'Monitor', exact: true }).click();
    await expect(notice(page)).toBeVisible();
    await openLog(page);
    await page.getByRole('button', { name: 'I cleaned it' }).first().click();
    await page.getByLabel(/right after the newest picture/).check();
    await page.getByRole('button', { name: 'Log the cleaning' }).click();
    await expect(card(page)).toHaveAttribute('data-verdict', 'warming-up');
    await expect(notice(page)).toHaveCount(0);
  });

  test('nothing is said of them where the reference has all @long', async ({ page }) => {
    await openWithCamera(page, fouled);
    await expect(card(page)).toContainText('Clean the lens');
    await expect(await openChip(page, 'On the glass')).toContainText('of the glass is covered');
    await closeDialog(page);
    await expect(notice(page)).toHaveCount(0);
    expect(await alertOf(page)).not.toContain(SENTENCE);
  });
});
