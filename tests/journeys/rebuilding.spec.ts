import { expect, type Page } from '@playwright/test';
import type { Job, Reference } from '../../src/core/domain/camera/job';
import {
  batchIsDone,
  check,
  choose,
  demo,
  made,
  open,
  openWithCamera,
  read,
  results,
  storedIn,
  test,
} from './support';

test.use({ rebuilds: true });

const FEW = demo.snapshots.slice(0, 12);
const OTHERS = demo.snapshots.slice(12, 48);

/** Reconstruction errors as they are stored, undefined for those not come to. */
async function stored(page: Page) {
  const [jobs, references] = [
    await storedIn<Job>(page, 'jobs'),
    await storedIn<Reference>(page, 'references'),
  ];
  const scored = jobs.filter((job) => job.jobStatus === 'Completed');
  return {
    jobs,
    ofJobs: scored.map(({ properties }) => properties.reconstructionError),
    ofReference: references.flatMap(({ properties = [] }) =>
      properties.map(({ reconstructionError }) => reconstructionError),
    ),
  };
}

const missing = async (page: Page) => {
  const { ofJobs, ofReference } = await stored(page);
  return [...ofJobs, ...ofReference].filter((error) => error === undefined).length;
};

/** Waits until nothing is filled in any more, and says how many are still missing. */
async function settled(page: Page): Promise<number> {
  let before = -1;
  const isSettled = async () => {
    const now = await missing(page);
    const isSame = now === before;
    before = now;
    return isSame;
  };
  // Longer than the rest that is kept before it begins.
  await expect.poll(isSettled, { intervals: [2200], timeout: 60_000 }).toBe(true);
  return before;
}

test('after a batch each snapshot and the reference get a reconstruction error, and nothing else changes @long', async ({
  page,
}) => {
  await openWithCamera(page);
  await check(page, [...FEW.map((path) => made(path.slice(-24), read(path))), made('broken.jpg', 'no')]);
  const scored = await results(page);
  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  await expect(
    page.getByLabel('Y axis').getByRole('option', { name: 'reconstruction error' }),
  ).toBeAttached();
  await expect.poll(() => missing(page), { timeout: 60_000 }).toBe(0);
  const { jobs, ofJobs, ofReference } = await stored(page);
  expect(jobs).toHaveLength(FEW.length + 1);
  const count = FEW.length;
  expect(ofJobs).toHaveLength(count);
  expect(ofReference.length).toBeGreaterThan(10);
  for (const error of [...ofJobs, ...ofReference]) {
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(0.2);
  }
  expect(jobs.find(({ imageName }) => imageName === 'broken.jpg')).not.toHaveProperty('properties');
  expect(await results(page), 'distances and embeddings').toEqual(scored);

  await page.getByLabel('Y axis').selectOption('reconstruction error');
  await expect(page.getByRole('img', { name: /^Scatter plot/ })).toHaveAccessibleName(
    new RegExp(`reconstruction error over .*, ${String(count)} points`),
  );
  await expect(page.getByText(/Reconstruction error is being computed/)).toHaveCount(0);
});

test('it says how far it is beside the plot, and rests while a batch runs @long', async ({ page }) => {
  await openWithCamera(page, FEW);
  await choose(page, 'Check snapshots', OTHERS);
  await page.getByRole('button', { name: 'Pause' }).click();
  expect(await settled(page)).toBeGreaterThan(FEW.length);
  await page.getByRole('button', { name: 'Resume' }).click();
  await batchIsDone(page);
  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  await expect(page.getByText(/^Reconstruction error is being computed: \d+ of \d+$/)).toBeVisible();
  await expect.poll(() => missing(page), { timeout: 60_000 }).toBe(0);
});

test('a plain visit computes nothing and fetches no runtime; the next batch makes it go on @long', async ({
  page,
}) => {
  await openWithCamera(page, FEW);
  await page.reload();
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  const runtimes: string[] = [];
  page.on('request', (request) => {
    if (/\/ort[.-]/.test(request.url())) runtimes.push(request.url());
  });
  expect(await settled(page)).toBeGreaterThan(0);
  expect(runtimes).toEqual([]);

  // Another tab only looks on, whatever is open in it.
  const second = await page.context().newPage();
  await open(second, '#settings');
  await second.getByRole('button', { name: 'Start it and run the self-test' }).click();
  await expect(second.getByText(/Self-test passed/)).toBeVisible();
  const before = await missing(page);
  expect(await settled(second)).toBe(before);
  await second.close();

  await check(page, OTHERS.slice(0, 1));
  await expect.poll(() => missing(page), { timeout: 60_000 }).toBe(0);
  expect((await stored(page)).ofJobs).toHaveLength(FEW.length + 1);
});

test('a camera that is deleted meanwhile leaves nothing behind @long', async ({ page }) => {
  // By hand, so that errors are being filled in when it is deleted.
  await openWithCamera(page);
  await check(page, OTHERS);
  expect(await missing(page)).toBeGreaterThan(0);
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await page.getByRole('button', { name: 'Delete this camera…' }).click();
  await page.getByRole('button', { name: 'Delete permanently' }).click();
  await expect(page.getByRole('button', { name: 'Delete permanently' })).toHaveCount(0);
  expect(await settled(page)).toBe(0);
  expect(await storedIn(page, 'jobs')).toEqual([]);
  expect(await storedIn(page, 'references')).toEqual([]);
});
