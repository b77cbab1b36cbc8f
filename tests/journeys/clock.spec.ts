import { expect, type Page } from '@playwright/test';
import { basename } from 'node:path';
import type { Camera } from '../../src/core/domain/camera/camera';
import type { Job } from '../../src/core/domain/camera/job';
import {
  batchIsDone,
  check,
  demo,
  inDatabase,
  made,
  openLog,
  openWithCamera,
  read,
  results,
  storedIn,
  test,
  violations,
} from './support';
import { openListed } from '../open-place';

const clean = demo.snapshots.slice(0, 14);
/** The lens fouls in it. */
const drifting = demo.snapshots.slice(34, 50);
const WRONG = '20990101-000000-DEMO.jpg';
const RIGHT = '2026-05-12T11:30:12';

test('a snapshot from the future is set aside, and what drifts after it is said; once its clock is set right it counts @long', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await openWithCamera(page, clean);
  const wrong = made(WRONG, read(demo.snapshots[14]!));
  await check(page, [wrong]);
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  await check(page, drifting);
  await expect(page.getByText('Reef: Clean the lens').first()).toBeAttached();
  const drifts = async () => {
    await expect(card(page)).toHaveAttribute('data-verdict', 'drift');
    await expect(card(page)).toContainText('Clean the lens');
    await expect(page).toHaveTitle(/clean the lens/i);
    await expect(card(page)).not.toContainText(WRONG);
    await expect(notice(page)).toContainText('1 picture states a time that has not come yet, 1 January 2099');
    await expect(notice(page)).toContainText(WRONG);
  };
  await drifts();
  await page.reload();
  await drifts();
  expect(await violations(page)).toEqual([]);
  const before = await results(page);
  expect(before.filter(({ verdict }) => verdict === 'not-checked')).toMatchObject([{ image_name: WRONG }]);

  // Given again it fares the same, and is not there twice.
  await check(page, [wrong]);
  expect(await results(page)).toEqual(before);

  await notice(page).getByRole('button', { name: 'The camera’s clock was wrong' }).click();
  await page.getByLabel('The newest of them was taken (UTC)').fill(RIGHT);
  await expect(notice(page)).toContainText(/The picture moves back by 72 years/);
  await notice(page).getByRole('button', { name: 'Set the time right' }).click();
  const job = async () => (await storedIn<Job>(page, 'jobs')).filter(({ imageName }) => imageName === WRONG);
  await expect
    .poll(job)
    .toMatchObject([
      { jobStatus: 'Completed', capturedAt: Date.parse(`${RIGHT}Z`), statedAt: Date.UTC(2099, 0, 1) },
    ]);
  await expect(notice(page)).toHaveCount(0);
  await openListed(page, WRONG);
  await page.getByText('All numbers').click();
  await expect(page.getByRole('dialog')).toContainText(
    'corrected: the file states 1 January 2099, 00:00 UTC',
  );
});

test('a job of 2099 that is stored already pins nothing, and is not lost @long', async ({ page }) => {
  await openWithCamera(page, clean);
  await putJobOf2099(page);
  await page.reload();
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  await expect(card(page)).not.toContainText('2099');
  await expect(notice(page)).toContainText('1 picture states a time that has not come yet');
  await check(page, drifting);
  await expect(card(page)).toHaveAttribute('data-verdict', 'drift');
  await expect(page).toHaveTitle(/clean the lens/i);
  expect((await storedIn<Job>(page, 'jobs')).find(({ id }) => id === 'of-2099')?.jobStatus).toBe('Completed');

  // Another one is deleted: this one is still told of. Then it goes itself.
  const remove = async (name: string) => {
    await openListed(page, name);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete it' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.getByRole('link', { name: 'Monitor', exact: true }).click();
    await expect(card(page)).toHaveAttribute('data-verdict', 'drift');
  };
  await remove(basename(clean[3]!));
  await expect(notice(page)).toContainText(WRONG);
  await remove(WRONG);
  await expect(notice(page)).toHaveCount(0);
  expect((await storedIn<Job>(page, 'jobs')).some(({ id }) => id === 'of-2099')).toBe(false);
});

test('a device’s clock that was set back hides no history, and the page says that all is well only once it is right @long', async ({
  page,
}) => {
  await openWithCamera(page, clean);
  await page.clock.setFixedTime(Date.UTC(2020, 0, 1));
  await page.reload();
  await expect(card(page)).toHaveAttribute('data-verdict', 'not-checked');
  await expect(card(page)).toContainText(
    'One of the two clocks is wrong, so there is no verdict on the lens.',
  );
  await expect(page).not.toHaveTitle(/clear/i);
  await expect(notice(page)).toContainText(/14 pictures state a later time than this device’s clock/);
  await expect(page.getByRole('img', { name: /^Line chart of 14 distances/ })).toBeVisible();
  await notice(page).getByRole('button', { name: 'This device’s clock is wrong' }).click();
  await expect(page.getByLabel('It is now (UTC)')).toHaveValue('2026-05-12T04:35:12');
  await notice(page).getByRole('button', { name: 'Use this time' }).click();
  await expect(notice(page)).toHaveCount(0);
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  await page.reload();
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  const [camera] = await storedIn<Camera>(page, 'cameras');
  expect(camera?.clockCorrections).toBeUndefined();
});

test('a clean snapshot half a day ahead of now hides no fouled ones; after a cleaning the page says one thing @long', async ({
  page,
}) => {
  await openWithCamera(page, clean);
  // Given by hand: it is a quarter past four, and stays so.
  const ahead = made('20260512-160000-DEMO.jpg', read(demo.snapshots[14]!));
  await page.locator('input[type=file][aria-label="Check pictures"]').first().setInputFiles([ahead]);
  await batchIsDone(page);
  await expect(card(page)).toHaveAttribute('data-verdict', 'normal');
  const minute = (i: number) => String(i).padStart(2, '0');
  await check(
    page,
    drifting.map((path, i) => made(`20260512-05${minute(i)}00-DEMO.jpg`, read(path))),
  );
  const said = page.getByTestId('said');
  await expect(said).toHaveText('Reef: Clean the lens');
  const drifts = async () => {
    await expect(card(page)).toHaveAttribute('data-verdict', 'drift');
    // It is judged after them, and says no less.
    await expect(card(page)).toContainText(/newest\s+12 May/);
    await expect(page).toHaveTitle(/^Clean the lens/);
    await expect(
      page.getByText(/ahead of this device’s clock\. It counts, but replaces no alarm/),
    ).toBeVisible();
  };
  await drifts();
  await card(page).getByRole('button', { name: 'I cleaned it' }).click();
  await page.getByRole('button', { name: 'Log the cleaning' }).click();
  await expect(said).not.toContainText('clean the lens', { ignoreCase: true });
  const headline = await card(page).getByRole('heading').innerText();
  await expect(said).toHaveText(`Reef: ${headline}`);

  await openLog(page);
  await page.getByRole('button', { name: /^(Undo|Remove): Cleaned/ }).click();
  await drifts();
  await expect(said).toHaveText('Reef: Clean the lens');
  await page.reload();
  await drifts();
});

function card(page: Page) {
  return page.getByRole('region', { name: 'Verdict' });
}

function notice(page: Page) {
  return page.getByRole('region', { name: 'Times that can’t be right' });
}

/** Stores a job as a page without clock checks did: a clean snapshot that the camera dated 2099. */
async function putJobOf2099(page: Page): Promise<void> {
  await inDatabase(page, async (db) => {
    const transaction = db.transaction(['jobs', 'embeddings'], 'readwrite');
    const [jobs, embeddings] = [transaction.objectStore('jobs'), transaction.objectStore('embeddings')];
    const all: IDBRequest<Job[]> = jobs.getAll();
    all.onsuccess = () => {
      const job = all.result.reduce((newest, each) => (each.capturedAt > newest.capturedAt ? each : newest));
      const found: IDBRequest<Float32Array> = embeddings.get(job.id);
      found.onsuccess = () => {
        const copy = { id: 'of-2099', imageName: '20990101-000000-DEMO.jpg', contentSha256: 'f'.repeat(64) };
        jobs.put({ ...job, ...copy, capturedAt: Date.UTC(2099, 0, 1) });
        embeddings.put(found.result, 'of-2099');
      };
    };
    await new Promise((resolve) => (transaction.oncomplete = resolve));
  });
}
