import { expect, type Page } from '@playwright/test';
import { basename } from 'node:path';
import type { CompletedJob, Reference } from '../../src/core/domain/camera/job';
import {
  anotherDevice,
  check,
  choose,
  demo,
  inDatabase,
  made,
  open,
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

/** What growth and loss say of each job, in capture order. */
async function facts(page: Page) {
  const jobs = await storedIn<CompletedJob>(page, 'jobs');
  return jobs.sort((a, b) => a.capturedAt - b.capturedAt).map(({ glass }) => glass);
}

test('growth and loss are the same to the last bit over reloads, in any order of files, and are exported', async ({
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

test('what was stored before growth was looked for gets it from kept pictures, and says so', async ({
  page,
}) => {
  await open(page);
  await setUpCamera(page);
  await check(page, stream.slice(0, 14));
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
    .poll(async () => (await facts(page)).filter((glass) => glass?.isAfterwards).length, { timeout: 60_000 })
    .toBe(14);
  const found = await facts(page);
  expect(found.every((glass) => glass?.growth?.driftStatus === 'normal')).toBe(true);
  const distances = (all: CompletedJob[]) => new Map(all.map(({ id, distance }) => [id, distance]));
  expect(distances(await storedIn(page, 'jobs'))).toEqual(distances(jobs));
  await expect(panel(page)).toBeVisible();
  // Where only the facts are left, as after an import, the windows do not begin anew.
  await writeStored(page, { sights: null });
  await page.reload();
  await expect.poll(async () => (await storedIn(page, 'sights')).length, { timeout: 60_000 }).toBe(14);
  expect(await facts(page)).toEqual(found);
  // The next snapshot goes on from there.
  await check(page, stream.slice(14, 16));
  expect((await facts(page)).slice(-2).map((glass) => glass?.growth?.driftStatus)).toEqual([
    'normal',
    'normal',
  ]);
});

test('a place that is not on the glass is chosen on the map, by keyboard too, kept over a reload, and taken back', async ({
  page,
}) => {
  await open(page);
  await setUpCamera(page);
  await check(page, stream.slice(0, 14));
  const left = async () => (await storedIn<Reference>(page, 'references')).at(-1)?.offGlass;
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
  await expect(panel(page)).toContainText('left out as not on the glass');
  expect(await left()).toEqual(cells);
  const now = await facts(page);
  expect(now.every((glass) => glass?.growth)).toBe(true);
});

test('a camera that looks elsewhere is no dirty one: it is told, gets a reference of its own, and finds the old one again', async ({
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
  await expect(card(page)).toContainText('The newest snapshot shows another view and does not count.');
  await check(page, elsewhere.slice(1, 4));
  await expect(card(page)).toHaveAttribute('data-verdict', 'warning');
  await expect(card(page)).toContainText('Look at the camera');
  await check(page, elsewhere.slice(4, 14));
  await expect(card(page)).toContainText('Camera has moved');
  await expect(page.getByText('From 40 on that agree with each other')).toBeVisible();
  expect((await results(page)).filter(({ verdict }) => verdict === 'drift')).toEqual([]);

  await check(page, elsewhere.slice(14, 40));
  await page.getByRole('button', { name: 'Make a reference of these 40 snapshots' }).click();
  await expect.poll(async () => (await storedIn<Reference>(page, 'references')).length).toBe(2);
  await check(page, elsewhere.slice(40, 44));
  await expect(card(page)).toContainText('warming up 4/12');
  await check(page, elsewhere.slice(44));
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  await expect(page.getByText('looks elsewhere')).toHaveCount(0);

  // It is turned back.
  const back = demo.reference.slice(12, 26).map((path, i) => {
    const name = `20260610-${String(i).padStart(2, '0')}0000-DEMO.jpg`;
    return made(name, Buffer.concat([read(path), Buffer.from(basename(path))]));
  });
  await choose(page, 'Check snapshots', back);
  await page.getByRole('button', { name: 'Use reference version 1' }).click();
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
    .toBe((await storedIn<Reference>(page, 'references')).find(({ version }) => version === 1)?.id);
});
