import { expect, test } from '@playwright/test';
import { openEncoderPage } from './open-page';

test.beforeEach(({ page }) => openEncoderPage(page));

// Globals that beforeEach makes inside the page.
type Helpers = typeof import('./encoder-page');
declare const source: Helpers['source'];
declare const pictures: Helpers['pictures'];
declare const watchedPool: Helpers['watchedPool'];
declare const collect: Helpers['collect'];
declare const messageOf: Helpers['messageOf'];
declare const TRANSFORM: Helpers['TRANSFORM'];

test('what a user’s model takes and gives is read from its file, or from a run where that is silent', async ({
  page,
}) => {
  const inspect = (name: string) =>
    page.evaluate(async (name) => {
      const { pool } = watchedPool();
      const { manifest, bytes } = await source(name);
      const found = await pool.inspect(bytes);
      return { ...found, sha256: found.sha256 === manifest.sha256, left: bytes.byteLength > 0 };
    }, name);
  const both = { sha256: true, left: true, manifest: null };
  expect(await inspect('autoencoder')).toEqual({
    ...both,
    input: { name: 'image', height: 12, width: 20 },
    embeddingOutput: { name: 'embedding', length: 6 },
    reconstructionOutput: 'reconstruction',
  });
  expect(await inspect('any-size')).toEqual({
    ...both,
    input: { name: 'image', height: null, width: null },
    embeddingOutput: { name: 'z', length: 4 },
    reconstructionOutput: null,
  });
});

test('a file that is no usable model is refused with its reason', async ({ page }) => {
  const refusals = await page.evaluate(async () => {
    const { pool } = watchedPool();
    const refusals: Record<string, string> = {};
    for (const name of ['channels-last', 'no-embedding', 'external-data']) {
      refusals[name] = await messageOf(pool.inspect((await source(name)).bytes));
    }
    refusals['text'] = await messageOf(pool.inspect(await new Blob(['import torch']).arrayBuffer()));
    return refusals;
  });
  expect(refusals['channels-last']).toBe('AppError: model-input: 1 input: image float32 [N, 12, 20, 3]');
  expect(refusals['no-embedding']).toMatch(/^AppError: model-no-embedding: /);
  expect(refusals['external-data']).toBe('AppError: model-external-data: weights');
  expect(refusals['text']).toMatch(/^AppError: model-not-onnx: /);
});

test('models exported in other ways encode snapshots: fixed batch, rank 4, any size, float16 @long', async ({
  page,
}) => {
  const lengths = await page.evaluate(async () => {
    const lengths: Record<string, unknown> = {};
    for (const name of ['fixed-batch', 'any-size', 'float16', 'branches']) {
      const { pool } = watchedPool();
      const { embeddingOutput } = await pool.inspect((await source(name)).bytes);
      await pool.open(
        await source(name, {
          outputs: { embedding: embeddingOutput.name, reconstruction: null },
          embeddingLength: embeddingOutput.length,
        }),
      );
      const results = await collect(pool.encode(await pictures(7), TRANSFORM));
      pool.close();
      lengths[name] = results.map((result) => (result.ok ? result.embedding.length : result.code));
    }
    return lengths;
  });
  expect(lengths).toEqual({
    'fixed-batch': Array(7).fill(6),
    'any-size': Array(7).fill(4),
    float16: Array(7).fill(6),
    branches: Array(7).fill(6),
  });
});

test('an operator that this ONNX Runtime lacks is named when the model is opened @long', async ({ page }) => {
  const message = await page.evaluate(async () =>
    messageOf(watchedPool().pool.open(await source('unknown-operator'))),
  );
  expect(message).toBe('AppError: model-operators: sea.deep:Fathom(-1)');
});
