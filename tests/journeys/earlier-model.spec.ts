import { expect } from '@playwright/test';
import type { StoredModel } from '../../src/core/storage/schema';
import { openExport } from './exports';
import { check, made, open, read, results, storedIn, test, unfold } from './support';

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

test('a camera whose model had its principal components removed opens, says what its model is, and is judged by it', async ({
  page,
}) => {
  await open(page);
  await (await openExport(page, read(EXPORT))).getByRole('button', { name: 'Add it' }).click();
  await expect(page.getByText('1 camera, 6 snapshots and 2 models added.')).toBeVisible();

  // From here on it is a camera of this device's database.
  await page.reload();
  await page.waitForFunction(() => 'porthole' in globalThis);
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

  await page.getByRole('link', { name: 'Reference', exact: true }).click();
  await expect(page.getByText(/^Version 2: 61 clean embeddings/).first()).toBeVisible();
  const panel = page.getByRole('region', { name: 'Adapt to this camera' });
  await expect(panel).toContainText('Random twin for Pier does not say which of its parts can be replaced');
  await unfold(page, 'Adapt to this camera');
  await expect(panel.getByRole('button')).toHaveCount(0);

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
