import { expect, type Browser, type Page } from '@playwright/test';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { handFiles } from '../../scripts/drive.mjs';
import { PAGE } from '../addresses';
import {
  anotherDevice,
  batchIsDone,
  check,
  choose,
  countFileDates,
  demo,
  jobsStored,
  made,
  open,
  openWithCamera,
  passTime,
  read,
  reloadInBatch,
  results,
  setUpCamera,
  storedIn,
  test,
  type MadeFile,
  type StoredResult,
  unfold,
} from './support';
import { openPlace } from '../open-place';

const stream = demo.snapshots.slice(0, 24);
/** Enough that it is interrupted in mid-batch. */
const batch = demo.snapshots.slice(0, 48);
/** Snapshots of so many days are a long batch; `npm run endurance` has the longest. */
const LONG = process.env['PORTHOLE_ENDURANCE'] === '1' ? 30 : 8;

test('broken files cost one clear line each, and the rest of the batch goes on', async ({ page }) => {
  await openWithCamera(page);
  const jpeg = read(stream[0] ?? '');
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>globalThis.wasRun = true</script></svg>';
  // A PNG header that claims 60,000 × 60,000 pixels.
  const huge = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
    Buffer.from('IHDR'),
    Buffer.from([0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60, 8, 2, 0, 0, 0, 0, 0, 0, 0]),
    Buffer.from('0000000049454e44ae426082', 'hex'),
  ]);
  await check(page, [
    made('20260601-000000-DEMO.jpg', ''),
    made('20260601-010000-DEMO.jpg', 'just some text'),
    made('20260601-020000-DEMO.jpg', jpeg.subarray(0, jpeg.length >> 1)),
    made('20260601-030000-DEMO.svg', svg, 'image/svg+xml'),
    made('20260601-040000-DEMO.png', huge, 'image/png'),
    made('20260601-050000-DEMO.jpg', jpeg),
    made('notes.txt', 'dive at nine', 'text/plain'),
  ]);
  const jobs = await results(page);
  expect(jobs.map((job) => job.verdict)).toEqual([...Array<string>(5).fill('not-checked'), 'normal']);
  const failed = (await storedIn<{ jobStatus: string; code?: string }>(page, 'jobs')).filter(
    ({ jobStatus }) => jobStatus === 'Failed',
  );
  expect(failed.map(({ code }) => code).sort()).toEqual(
    ['empty-file', 'not-an-image', 'image-damaged', 'not-an-image', 'image-too-large'].sort(),
  );
  await expect(page.getByText('5 files could not be checked. The newest, 20260601-040000')).toBeAttached();
  await expect(page.getByText('1 file was skipped because it is not a picture: notes.txt.')).toBeVisible();
  expect(await page.evaluate(() => 'wasRun' in globalThis)).toBe(false);
});

test('CMYK, 16-bit, 1×1, EXIF-rotated and animated pictures are scored like any other @long', async ({
  page,
}) => {
  await openWithCamera(page);
  await countFileDates(page);
  const fixtures = `${import.meta.dirname}/../fixtures`;
  const odd = [
    'cmyk_300x200.jpg',
    'gray16_300x200.png',
    'one_pixel.png',
    'exif6_320x180.jpg',
    'rgba_500x300.png',
  ];
  // The smallest animated GIF: two frames of one pixel.
  const gif = Buffer.from(
    '47494638396101000100800000000000ffffff21f90400000000002c000000000100010000020244010021f90400000000002c00000000010001000002024c01003b',
    'hex',
  );
  await check(page, [
    ...odd.map((name) => made(name, read(`${fixtures}/resize/src/${name}`), '')),
    made('animated.gif', gif, 'image/gif'),
  ]);
  const jobs = await results(page);
  // They show another view than the reef, and say so.
  expect(new Set(jobs.map(({ conclusion }) => conclusion))).not.toContain('not-checked');
  expect(jobs).toHaveLength(odd.length + 1);
  await expect(page.getByText('Some capture times are guessed from the file date.')).toBeVisible();
});

test('from nothing, the window says how far it is @long', async ({ page }) => {
  await open(page);
  await page.evaluate(
    (given) => globalThis.porthole.setUpCamera([...given.files!], { name: 'Reef', warmUp: 'none' }),
    await handFiles(page, demo.reference),
  );
  await check(page, stream.slice(0, 11));
  await expect(page.getByRole('region', { name: 'Verdict' })).toContainText('fills with 1 more picture');
  await check(page, stream.slice(11, 12));
  const jobs = await results(page);
  expect(jobs.map((job) => job.distance === null)).toEqual([...Array<boolean>(11).fill(true), false]);
});

test('a reload in mid-batch loses nothing scored, and the next distances are the same to the last bit', async ({
  page,
  browser,
}) => {
  const inOneGo = await scoredInOneGo(browser);

  await giveBatch(page);
  await reloadInBatch(page);
  const kept = await results(page);
  expect(kept.length).toBeGreaterThanOrEqual(8);
  expect(kept.length).toBeLessThan(batch.length);
  expect(kept).toEqual(inOneGo.slice(0, kept.length));
  await expect(page.getByText('The last batch was interrupted')).toBeVisible();

  await check(page, batch);
  await expect(page.getByText(`${String(kept.length)} files had been seen before`)).toBeVisible();
  expect(await results(page)).toEqual(inOneGo);
});

test('a page that crashes in mid-batch comes back with everything scored before @long', async ({
  page,
  context,
  browser,
}) => {
  const inOneGo = await scoredInOneGo(browser);
  await beginBatch(page);
  const crashed = page.waitForEvent('crash');
  await page.goto('chrome://crash').catch(() => undefined);
  await crashed;
  await page.close();

  const again = await context.newPage();
  await open(again);
  const kept = await results(again);
  expect(kept.length).toBeGreaterThanOrEqual(8);
  expect(kept).toEqual(inOneGo.slice(0, kept.length));
  await check(again, batch);
  expect(await results(again)).toEqual(inOneGo);
});

test('late snapshots get the windows of their own times, and those after them say what they would in order @long', async ({
  page,
  browser,
}) => {
  const inOrder = (await scoredInOneGo(browser)).slice(0, 24);
  await openWithCamera(page);
  const isLate = (path: string) => stream.indexOf(path) === 14 || stream.indexOf(path) === 15;
  await check(
    page,
    stream.filter((path) => !isLate(path)),
  );
  expect((await results(page)).slice(14)).not.toEqual(inOrder.slice(16));
  await check(page, stream.filter(isLate).reverse());
  expect(await results(page)).toEqual(inOrder);

  await check(page, demo.snapshots.slice(24, 27));
  expect((await results(page)).slice(24)).toEqual((await scoredInOneGo(browser)).slice(24, 27));
});

test('pause holds the batch, resume goes on, cancel keeps what was scored @long', async ({ page }) => {
  await openWithCamera(page);
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  const long = manyDays(LONG);
  await choose(page, 'Check pictures', long);
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await expect(verdict).toContainText('The first pictures are being checked.');
  const progress = page.getByRole('region', { name: 'Progress' });
  const count = () => page.evaluate(async () => (await globalThis.porthole.summary()).jobs);
  await expect.poll(count, { intervals: [20] }).toBeGreaterThan(0);
  await progress.getByRole('button', { name: 'Pause' }).click();
  await expect(progress).toContainText('paused');
  // The batch that was being counted ends; then nothing is stored any more, however long one waits.
  let held = -1;
  const hasSettled = async () => {
    const before = held;
    held = await jobsStored(page);
    return held === before;
  };
  await expect.poll(hasSettled, { intervals: [1000] }).toBe(true);
  expect(held).toBeLessThan(long.length);
  expect(await count(), 'what is shown while paused').toBe(held);
  await progress.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(count).toBeGreaterThan(held);
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await batchIsDone(page);
  const kept = await count();
  expect(kept).toBeLessThan(long.length);
  await expect(verdict).toContainText(`${String(long.length - kept)} pictures were not checked. To go on,`);
  await check(page, long);
  await expect(verdict).not.toContainText('not checked');
  expect(await count()).toBe(long.length);
});

test('a second tab looks on, follows, and takes over when the first one closes @long', async ({
  page,
  context,
}) => {
  await openWithCamera(page);
  const second = await context.newPage();
  await open(second);
  await expect(second.getByText('Porthole is running in another tab.')).toBeVisible();
  await check(page, stream.slice(0, 6));
  await expect.poll(async () => (await results(second)).length).toBe(6);

  await choose(second, 'Check pictures', stream.slice(6, 9));
  await expect(second.getByRole('alert')).toContainText('this tab is read-only');
  expect(await results(second)).toHaveLength(6);

  await page.close();
  await expect(second.getByText('Porthole is running in another tab.')).toHaveCount(0);
  await check(second, stream.slice(6, 9));
  expect(await results(second)).toHaveLength(9);
});

test('a full disk stops the batch with a sentence, and what was stored stays @long', async ({
  page,
  context,
}) => {
  const client = await context.newCDPSession(page);
  await client.send('Storage.overrideQuotaForOrigin', {
    origin: new URL(PAGE).origin,
    // The camera takes about half of it, however it comes there.
    quotaSize: 4_000_000,
  });
  await openWithCamera(page);
  const long = manyDays(LONG);
  await check(page, long);
  await expect(page.getByRole('alert').first()).toContainText('The device has no room left.');
  const kept = await results(page);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(long.length);
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  expect(await results(page)).toEqual(kept);
});

test('a pasted picture is taken, and the page asks when it was taken @long', async ({ page }) => {
  await openWithCamera(page);
  await passTime(page, null);
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  const bytes = [...read(stream[0] ?? '')];
  await page.evaluate((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], 'image.jpg', { type: 'image/jpeg' }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  }, bytes);
  await expect.poll(async () => (await results(page)).map((job) => job.verdict)).toEqual(['not-checked']);
  await expect(page.getByRole('region', { name: 'When were these taken?' })).toContainText('image.jpg');
});

/** Sets up a camera and begins a batch; comes back when some of it is stored, and not all. */
async function giveBatch(page: Page): Promise<void> {
  await openWithCamera(page);
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await choose(page, 'Check pictures', batch);
}

async function beginBatch(page: Page): Promise<void> {
  await giveBatch(page);
  const count = () => page.evaluate(async () => (await globalThis.porthole.summary()).jobs);
  await expect.poll(count, { intervals: [20] }).toBeGreaterThanOrEqual(8);
}

/** 24 snapshots a day, each another picture by content: some bytes more after the end of the JPEG. */
function manyDays(days: number): MadeFile[] {
  return Array.from({ length: days }, (_, day) =>
    stream.map((path, hour) => {
      const name = `202607${String(day + 10)}-${String(hour).padStart(2, '0')}0000-DEMO.jpg`;
      return made(name, Buffer.concat([read(path), Buffer.from([0xff, 0xd9]), Buffer.alloc(day)]));
    }),
  ).flat();
}

/** The batch's results without an interruption; scored once for all tests. */
async function scoredInOneGo(browser: Browser): Promise<StoredResult[]> {
  if (!uninterrupted) {
    const context = await anotherDevice(browser);
    const page = await context.newPage();
    await openWithCamera(page, batch);
    uninterrupted = await results(page);
    await context.close();
  }
  return uninterrupted;
}
let uninterrupted: StoredResult[] | undefined;

test('while a batch is paused, nothing else can mix with it: cameras, settings and models say so @long', async ({
  page,
}) => {
  await openWithCamera(page);
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await choose(page, 'Check pictures', demo.snapshots);
  const progress = page.getByRole('region', { name: 'Progress' });
  await progress.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByLabel('Camera', { exact: true })).toBeDisabled();
  await openPlace(page, 'Settings');
  await unfold(page, 'Delete this camera');
  await expect(page.getByRole('button', { name: 'Delete permanently' })).toBeDisabled();
  const model = read(`${import.meta.dirname}/../fixtures/onnx/autoencoder.onnx`);
  await choose(page, 'Add an .onnx autoencoder', [made('mine.onnx', model, '')]);
  await expect(page.getByRole('alert')).toContainText('working on another batch');
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  // More snapshots of the same camera wait for their turn.
  await choose(page, 'Check pictures', demo.reference.slice(0, 2));
  await expect(progress).toContainText('of 86');
  await progress.getByRole('button', { name: 'Resume' }).click();
  await batchIsDone(page);
  await expect.poll(async () => (await results(page)).length).toBe(86);
});

test('settings are saved with a word, and what is stored is judged by them too @long', async ({ page }) => {
  await openWithCamera(page, stream.slice(0, 3));
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  await page.getByLabel('Clean the lens above').fill('0.04');
  await expect(page.getByText(/“Soon above” .* must be below “Clean the lens above”/)).toBeVisible();
  await page.getByLabel('Soon above').fill('0.02');
  await page.getByRole('button', { name: 'Save', exact: true }).first().click();
  await expect(page.getByText('Saved. The stored pictures were judged again')).toBeVisible();
  await check(page, stream.slice(3, 5));
  const limits = (await page.evaluate(() => globalThis.porthole.exportResults('csv')))
    .trim()
    .split('\r\n')
    .slice(1)
    .map((row) => row.split(',').slice(4, 6).join(' '));
  expect(limits).toEqual(Array.from({ length: 5 }, () => '0.02 0.04'));
});

test('another camera can be begun, left, and chosen between @long', async ({ page }) => {
  await open(page);
  await setUpCamera(page, 'Reef');
  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'New camera…' });
  await expect(page.getByRole('heading', { name: 'New camera' })).toBeVisible();
  await page.getByRole('button', { name: 'Back to Reef' }).click();
  await expect(page.getByText('Version 1: 46 clean embeddings')).toBeVisible();
});

test('a file that was taken away is named, and takes its own place when it is back @long', async ({
  page,
}) => {
  await openWithCamera(page);
  const path = join(mkdtempSync(join(tmpdir(), 'porthole-')), basename(stream[0] ?? ''));
  copyFileSync(stream[0] ?? '', path);
  const chosen = await handFiles(page, [path]);
  rmSync(path);
  const score = () => page.evaluate((input) => globalThis.porthole.score([...(input.files ?? [])]), chosen);
  await score();
  expect((await results(page)).map((job) => job.verdict)).toEqual(['not-checked']);
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  const failed = page.getByText(/A file could not be checked.*it was moved, changed or deleted/);
  await expect(failed).toBeVisible();
  await check(page, [stream[0] ?? '']);
  expect((await results(page)).map((job) => job.verdict)).toEqual(['normal']);
  await expect(failed).toHaveCount(0);
});

test('a batch ends with what became of it; failed files can be dismissed, and one that fails later is shown @long', async ({
  page,
}) => {
  await openWithCamera(page);
  const failed = page.getByRole('status').filter({ hasText: 'A file could not be checked' });
  const broken = (hour: number) =>
    made(`20260509-0${String(hour)}0000-DEMO.jpg`, `no picture ${String(hour)}`);
  await check(page, [...stream.slice(0, 2).map((path) => made(basename(path), read(path))), broken(1)]);
  await expect(page.getByText('2 pictures checked, 1 failed.', { exact: true })).toBeVisible();
  await failed.getByRole('button', { name: 'Dismiss' }).click();
  await expect(failed).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  await expect(failed).toHaveCount(0);

  await check(page, [broken(2)]);
  await expect(failed).toContainText('20260509-020000-DEMO.jpg');
  await check(page, stream.slice(0, 2));
  await expect(page.getByText('2 files had been seen before and were not counted again.')).toBeVisible();
  await expect(page.getByText('pictures checked')).toHaveCount(0);
});
