import { expect } from '@playwright/test';
import type { StoredModel } from '../../src/core/storage/schema';
import { exportedParts, openExport, packed, withDownloads } from './exports';
import {
  anotherDevice,
  check,
  choose,
  demo,
  learn,
  made,
  open,
  read,
  results,
  setUpCamera,
  storedIn,
  test,
  unfold,
} from './support';
import { openPlace } from '../open-place';

/**
 * Porthole 0.1.0 could take the two principal components of clean snapshots out of a model's embedding ("Remove common
 * variation only"). It made this model for the camera Pier, of tests/fixtures/onnx/autoencoder.onnx, scored the demo's
 * first six snapshots by it, and exported all. Its pictures were left out to keep it small; that the model be better
 * was not asked for, since pictures of 12 × 20 show no defocus.
 */
const EXPORT = `${import.meta.dirname}/../fixtures/exports/principal-components-removed.zip`;

/** The next four of the demo as it was then, and what Porthole 0.1.0 said of them. */
const PICTURES = EXPORT.replace('.zip', '');
const NEXT: Readonly<Record<string, readonly [distance: number, verdict: string]>> = {
  '20260510-140012-DEMO.jpg': [-0.0010898, 'normal'],
  '20260510-190012-DEMO.jpg': [0.1196983, 'drift'],
  '20260511-074512-DEMO.jpg': [0.0628109, 'warning'],
  '20260511-101512-DEMO.jpg': [-0.0000116, 'normal'],
};

test('a camera whose model had its principal components removed opens, says what its model is, and is judged by it @long', async ({
  page,
}) => {
  await open(page);
  await (await openExport(page, read(EXPORT))).getByRole('button', { name: 'Add it' }).click();
  await expect(page.getByText('1 camera, 6 pictures and 2 models added.')).toBeVisible();

  // From here on it is a camera of this device's database.
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  await unfold(page, 'Method');
  const models = page.getByRole('region', { name: 'Models' });
  await expect(models).toContainText('Random twin for Pier');
  await expect(models).toContainText('Random twin, adapted to the camera Pier.');
  const stored = await storedIn<StoredModel>(page, 'models');
  expect(stored.find(({ manifest }) => manifest.name === 'Random twin for Pier')?.manifest).toMatchObject({
    outputs: { embedding: 'embedding_without_74ace228' },
    training: {
      adaptedTo: 'Pier',
      adaptedBy: 'their first 2 principal components removed from the embedding; seed 20230730',
    },
    judged: { fitted: 44, keptOut: 17, how: 'on 17 clean snapshots of 4 later days' },
  });

  await openPlace(page, 'Camera');
  await expect(page.getByText(/^Version 2: 61 clean embeddings/).first()).toBeVisible();

  const earlier = await results(page);
  expect(earlier).toHaveLength(6);
  await check(
    page,
    Object.keys(NEXT).map((name) => made(name, read(`${PICTURES}/${name}`))),
  );
  await expect.poll(async () => (await results(page)).length).toBe(10);
  const jobs = await results(page);
  expect(jobs.slice(0, 6), 'what stood before').toEqual(earlier);
  for (const { image_name: name, distance, verdict } of jobs.slice(6)) {
    // float32 embeddings of about 0.005 beside a sigma of 0.03, on another processor
    expect(distance, name).toBeCloseTo(NEXT[name]![0], 5);
    expect(verdict, name).toBe(NEXT[name]![1]);
  }
});

/**
 * Porthole 1.0.0 could adapt a model to a camera. It judged six of the demo's snapshots by this one, whose manifest is that
 * of a model that it had adapted, and exported all; its file is a random one and its pictures have 20 × 12 pixels to keep it small.
 */
const ADAPTED = `${import.meta.dirname}/../fixtures/exports/adapted.zip`;

/** The next four, and what Porthole 1.0.0 said of them. */
const AFTER: Readonly<Record<string, readonly [distance: number, conclusion: string]>> = {
  '20260510-140012-DEMO.jpg': [-0.0672914, 'clear'],
  '20260510-190012-DEMO.jpg': [-0.0567158, 'clear'],
  '20260521-124512-DEMO.jpg': [-0.0261372, 'clear'],
  '20260521-174512-DEMO.jpg': [0.0877266, 'covered'],
};

test('a camera of 1.0.0 whose model was adapted opens whole, and is judged by it as before @long', async ({
  page,
}) => {
  await open(page);
  await (await openExport(page, read(ADAPTED))).getByRole('button', { name: 'Add it' }).click();
  await expect(page.getByText('1 camera, 6 pictures and 1 model added.')).toBeVisible();
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  const earlier = await results(page);
  // Its model is another camera's, as the manifest lets the page tell.
  expect(earlier.map(({ conclusion }) => conclusion)).toEqual([
    ...['light-or-water', 'light-or-water'],
    ...['clear', 'clear', 'clear', 'clear'],
  ]);
  await check(
    page,
    Object.keys(AFTER).map((name) => made(name, read(`${ADAPTED.replace('.zip', '')}/${name}`))),
  );
  await expect.poll(async () => (await results(page)).length).toBe(10);
  const jobs = await results(page);
  expect(jobs.slice(0, 6), 'what stood before').toEqual(earlier);
  for (const { image_name: name, distance, conclusion } of jobs.slice(6)) {
    expect(distance, name).toBeCloseTo(AFTER[name]![0], 5);
    expect(conclusion, name).toBe(AFTER[name]![1]);
  }
  await openPlace(page, 'Settings');
  await unfold(page, 'Method');
  await expect(page.getByRole('region', { name: 'Models' })).toContainText(
    'Random twin, adapted to the camera Pier.',
  );
});

/** The only model shipped until there was a second one: old cameras and exports name it. */
const BEFORE = 'obsea-autoencoder-1';
const MODELS = `${import.meta.dirname}/../../public/models`;

test('after the page ships another model, a camera goes on with its own to the last bit, from an export too; a new one gets the new @long', async ({
  page,
  browser,
}, info) => {
  test.setTimeout(120_000);
  const onlyTheEarlier = '**/models/index.json';
  await withDownloads(page);
  await page
    .context()
    .route(onlyTheEarlier, (route) => route.fulfill({ json: { models: [BEFORE], default: BEFORE } }));
  await open(page);
  await setUpCamera(page, 'Reef', demo.reference.slice(0, 24));
  const [first, next] = [demo.snapshots.slice(0, 4), demo.snapshots.slice(4, 7)];
  await check(page, first);
  await expect.poll(async () => (await results(page)).length).toBe(first.length);
  const zip = packed(await exportedParts(page, info.outputPath('before.zip')));
  await page.getByRole('link', { name: 'Monitor', exact: true }).click();
  await check(page, next);
  await expect.poll(async () => (await results(page)).length).toBe(demo.snapshots.slice(0, 7).length);
  const undisturbed = await results(page);

  // From here on both models ship.
  await page.context().unroute(onlyTheEarlier);
  const laptop = await anotherDevice(browser);
  const elsewhere = await laptop.newPage();
  await open(elsewhere);
  const plan = await openExport(elsewhere, zip);
  await expect(plan).not.toContainText('model');
  await plan.getByRole('button', { name: 'Add it' }).click();
  await expect(elsewhere.getByText(/^1 camera.* added\./)).toBeVisible();
  await elsewhere.reload();
  await elsewhere.waitForFunction(() => 'porthole' in globalThis);
  await check(elsewhere, next);
  await expect.poll(async () => (await results(elsewhere)).length).toBe(undisturbed.length);
  expect(judged(await results(elsewhere))).toEqual(judged(undisturbed));
  await laptop.close();

  // This device has its copy, whatever is published.
  await page.context().route(`**/${BEFORE}/*.onnx`, (route) => route.abort());
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
  const later = demo.snapshots.slice(7, 9);
  await check(page, later);
  await expect.poll(async () => (await results(page)).length).toBe(undisturbed.length + later.length);
  const models = new Set(
    (await storedIn<{ modelSha256: string }>(page, 'jobs')).map((job) => job.modelSha256),
  );
  expect(models.size).toBe(1);

  await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'New camera…' });
  await page.getByLabel('Name of the camera').fill('Pier');
  await expect(page.getByLabel('Model'), 'nobody need choose').toHaveCount(0);
  await choose(page, 'choose files', demo.reference.slice(0, 14));
  await learn(page);
  await expect(page.getByText(/^Version 1: 14 clean embeddings/)).toBeVisible();
  const ids = await page.evaluate(() => globalThis.porthole.modelIds());
  const cameras = await storedIn<{ name: string; modelSha256: string }>(page, 'cameras');
  const modelOf = Object.fromEntries(cameras.map(({ name, modelSha256 }) => [name, modelSha256]));
  const { default: now } = JSON.parse(read(`${MODELS}/index.json`).toString()) as { default: string };
  expect(now).not.toBe(BEFORE);
  expect(modelOf).toEqual({ Reef: ids[BEFORE], Pier: ids[now] });
});

function judged(jobs: Awaited<ReturnType<typeof results>>) {
  return jobs.map(({ image_name, distance, verdict }) => ({ image_name, distance, verdict }));
}
