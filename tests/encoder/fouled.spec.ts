import { expect } from '@playwright/test';
import type { LensSettings } from '../../src/core/encoder/encoder-api';
import { test } from './open-page';

// Globals that openEncoderPage makes inside the page.
type Helpers = typeof import('./encoder-page');
declare const source: Helpers['source'];
declare const shipped: Helpers['shipped'];
declare const demo: Helpers['demo'];
declare const pictures: Helpers['pictures'];
declare const watchedPool: Helpers['watchedPool'];
declare const collect: Helpers['collect'];
declare const messageOf: Helpers['messageOf'];
declare const TRANSFORM: Helpers['TRANSFORM'];

/** Nine, so that a snapshot's ten tensors never fit into a batch of eight. */
const LENSES: LensSettings[] = (['film', 'silt', 'growth', 'droplets', 'defocus', 'cover'] as const)
  .map((kind, i): LensSettings => ({ kind, severity: 3, seed: 7 + i }))
  .concat([
    { kind: 'film', severity: 1e-6, seed: 7 },
    { kind: 'cover', severity: 1e-6, seed: 12 },
    { kind: 'growth', severity: 5, seed: 9 },
  ]);

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - b[i]!));
}

test('a fouled embedding is that of the fouled picture, and a hardly fouled one that of the clean picture @long', async ({
  shared: page,
}) => {
  const got = await page.evaluate(async (lenses) => {
    const { pool } = watchedPool();
    const model = await shipped();
    await pool.open(model);
    const { transform } = model.manifest;
    const files = await demo(3);
    const results = await collect(pool.encodeFouled(files, transform, lenses));
    const encoded = await collect(pool.encode(files, transform));

    // The same by another way: each fouled picture as a PNG of the model's size, which no resizing changes.
    const { Preprocessor } = await import('/src/core/encoder/preprocess.ts');
    const { FouledLens } = await import('/src/core/domain/picture/fouling.ts');
    const { blur } = await import('/tests/oracles/blur.ts');
    const { height, width } = transform.resize;
    const bytes = await files[1]!.arrayBuffer();
    const tensor = new Float32Array(3 * height * width);
    const prepared = await (await Preprocessor.create()).prepare(files[1]!, bytes, transform, tensor, 0);
    if (!prepared.ok) throw new Error(prepared.code);
    const made = lenses.map(
      ({ kind, severity, seed }) => new FouledLens(kind, severity, transform.resize, seed),
    );
    const fouled = await Promise.all(
      made.map(async (lens, nth) => {
        const rgb = lens.apply(prepared.resized, blur);
        const pixels = new ImageData(width, height);
        pixels.data.forEach((_, i) => {
          pixels.data[i] = i % 4 === 3 ? 255 : rgb[3 * (i >> 2) + (i % 4)]!;
        });
        const canvas = new OffscreenCanvas(width, height);
        canvas.getContext('2d')!.putImageData(pixels, 0, 0);
        return new File([await canvas.convertToBlob()], `${nth}.png`);
      }),
    );
    const alone = await collect(pool.encode(fouled, transform));
    pool.close();
    return {
      results: results.map((result) =>
        result.ok
          ? {
              clean: [...result.clean],
              fouled: result.fouled.map((one) => [...one]),
              measures: result.measures,
            }
          : null,
      ),
      clean: encoded.map((result) => (result.ok ? [...result.embedding] : [])),
      alone: alone.map((result) => (result.ok ? [...result.embedding] : [])),
      measures: made.map(({ measure }) => measure),
      glass: [results[1], alone[2]].map((result) => {
        const picture = result?.ok ? [result.glass].flat() : [];
        return [...(picture.length === 1 ? picture[0]! : picture[2]!).data];
      }),
    };
  }, LENSES);
  expect(got.results).toHaveLength(3);
  // Growth and loss look at the fouled picture too.
  expect(got.glass[0]!.length).toBeGreaterThan(192 * 100 * 3);
  expect(got.glass[0]).toEqual(got.glass[1]);
  for (const [i, result] of got.results.entries()) {
    expect(distance(result!.clean, got.clean[i]!)).toBeLessThan(1e-5);
    expect(result!.measures).toEqual(got.measures);
    expect(result!.fouled).toHaveLength(LENSES.length);
    for (const tiny of [6, 7]) expect(distance(result!.fouled[tiny]!, got.clean[i]!)).toBeLessThan(0.01);
    expect(distance(result!.fouled[8]!, got.clean[i]!)).toBeGreaterThan(0.3);
  }
  for (const [nth, embedding] of got.alone.entries()) {
    expect(distance(embedding, got.results[1]!.fouled[nth]!), LENSES[nth]!.kind).toBeLessThan(1e-5);
  }
});

test('results come in the order of the files, those that are no picture among them, though a worker dies @long', async ({
  shared: page,
}) => {
  const got = await page.evaluate(async (lenses) => {
    let poisoned = 0;
    let deaths = 1;
    const { pool, calls } = watchedPool({ workers: 2 }, ({ method, names }, worker) => {
      if (method !== 'encodeFouled') return true;
      const isPoison = names.includes('poison.png');
      if (isPoison) poisoned += 1;
      if (!isPoison && !(deaths > 0 && names.includes('picture-20.png'))) return true;
      if (!isPoison) deaths -= 1;
      worker.terminate();
      return false;
    });
    await pool.open(await source('autoencoder'));
    const files = await pictures(40);
    files[3] = new File(['text'], 'notes.txt');
    files[11] = new File([files[11]!], 'poison.png');
    const results = await collect(pool.encodeFouled(files, TRANSFORM, lenses));
    const clean = await collect(
      pool.encode(
        files.filter((_, i) => i !== 11),
        TRANSFORM,
      ),
    );
    const expected = clean.map((result) => (result.ok ? result.embedding : null));
    expected.splice(11, 0, null);
    pool.close();
    const differences = results.map((result, i) =>
      result.ok ? Math.max(...result.clean.map((value, k) => Math.abs(value - expected[i]![k]!))) : 0,
    );
    return {
      codes: results.map((result) =>
        result.ok ? result.fouled.length : `${result.code} ${JSON.stringify(result.detail)}`,
      ),
      largest: Math.max(...differences),
      poisoned,
      most: Math.max(
        ...calls.filter(({ method }) => method === 'encodeFouled').map(({ names }) => names.length),
      ),
    };
  }, LENSES);
  const expected = Array.from({ length: 40 }, (): string | number => 9);
  expected[3] = 'not-an-image ""';
  expected[11] = 'worker-lost "poison.png"';
  expect(got.codes).toEqual(expected);
  expect(got.largest).toBeLessThan(1e-6);
  expect(got.poisoned).toBe(2);
  // 64 runs, of which a snapshot needs ten: a message takes about a second however many lenses there are.
  expect(got.most).toBe(6);
});

test('an abort ends the iteration without an error', async ({ shared: page }) => {
  const got = await page.evaluate(async (lenses) => {
    const { pool } = watchedPool();
    await pool.open(await source('autoencoder'));
    const files = await pictures(60);
    const controller = new AbortController();
    let before = 0;
    for await (const batch of pool.encodeFouled(files, TRANSFORM, lenses, controller.signal)) {
      before += batch.length;
      controller.abort();
    }
    const already = await collect(pool.encodeFouled(files, TRANSFORM, lenses, controller.signal));
    const later = await collect(pool.encodeFouled(files.slice(0, 2), TRANSFORM, []));
    pool.close();
    return { before, already: already.length, later: later.map((result) => result.ok && result.fouled) };
  }, LENSES);
  expect(got).toEqual({ before: 2, already: 0, later: [[], []] });
});

test('a lens that can’t be is the caller’s bug', async ({ shared: page }) => {
  const message = await page.evaluate(async () => {
    const { pool } = watchedPool();
    await pool.open(await source('autoencoder'));
    const lens = { kind: 'film', severity: 0, seed: 1 } as const;
    const message = await messageOf(collect(pool.encodeFouled(await pictures(1), TRANSFORM, [lens])));
    pool.close();
    return message;
  });
  expect(message).toMatch(/^RangeError: severity must be above 0/);
});
