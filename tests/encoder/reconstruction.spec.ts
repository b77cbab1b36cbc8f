import { expect } from '@playwright/test';
import type { Transform } from '../../src/core/domain/model/model';
import { openEncoderPage, test } from './open-page';

// What openEncoderPage makes global inside the page.
type Helpers = typeof import('./encoder-page');
declare const source: Helpers['source'];
declare const shipped: Helpers['shipped'];
declare const demo: Helpers['demo'];
declare const runWhole: Helpers['runWhole'];
declare const pictures: Helpers['pictures'];
declare const watchedPool: Helpers['watchedPool'];
declare const collect: Helpers['collect'];
declare const messageOf: Helpers['messageOf'];
declare const TRANSFORM: Helpers['TRANSFORM'];

const BOTH = { outputs: { embedding: 'embedding', reconstruction: 'reconstruction' } };

for (const which of ['shipped', 'normalised'] as const) {
  test(`a reconstruction and its errors are those of the whole model: ${which}`, async ({ shared: page }) => {
    const got = await page.evaluate(
      async ({ which, BOTH }) => {
        const model = which === 'shipped' ? await shipped() : await source('autoencoder', BOTH);
        const transform: Transform =
          which === 'shipped'
            ? model.manifest.transform
            : { ...TRANSFORM, mean: [0.485, 0.456, 0.406], std: [0.229, 0.5, 2] };
        const { pool } = watchedPool();
        await pool.open(model);
        const [file] = await demo(1);
        const drawn = await pool.reconstruct(file!, transform);
        pool.close();

        const module = await import('/src/core/encoder/preprocess.ts');
        const { height, width } = transform.resize;
        const plane = height * width;
        const tensor = new Float32Array(3 * plane);
        const bytes = await file!.arrayBuffer();
        await (await module.Preprocessor.create()).prepare(file!, bytes, transform, tensor, 0);
        const output = (await runWhole(model, tensor))['reconstruction']!;
        const brightness = (values: Float32Array, channel: number, i: number) =>
          values[channel * plane + i]! * transform.std[channel]! + transform.mean[channel]!;
        let squares = 0;
        let byteOff = 0;
        let mapOff = 0;
        for (let i = 0; i < plane; i += 1) {
          let sum = 0;
          for (const channel of [0, 1, 2]) {
            const difference = brightness(tensor, channel, i) - brightness(output, channel, i);
            sum += Math.abs(difference);
            squares += difference ** 2;
            const level = Math.min(255, Math.max(0, brightness(output, channel, i) * 255));
            byteOff = Math.max(byteOff, Math.abs(drawn!.reconstruction[4 * i + channel]! - level));
          }
          mapOff = Math.max(mapOff, Math.abs(drawn!.errorMap[i]! - sum / 3));
          if (drawn!.reconstruction[4 * i + 3] !== 255) byteOff = Infinity;
        }
        const { error, errorMap, reconstruction } = drawn!;
        const lengths = [drawn!.height, drawn!.width, errorMap.length, reconstruction.length];
        return { lengths, size: [height, width], error, expected: squares / (3 * plane), byteOff, mapOff };
      },
      { which, BOTH },
    );
    const [height, width] = got.size as [number, number];
    expect(got.lengths).toEqual([height, width, height * width, 4 * height * width]);
    // Half a level of rounding; and the float16 weights that we widen are float32 sums in another order.
    expect(got.byteOff).toBeLessThan(0.501);
    expect(got.mapOff).toBeLessThan(1e-5);
    expect(got.error / got.expected).toBeCloseTo(1, 5);
  });
}

test('the errors of many pictures are those of each alone, and what is no picture has none @long', async ({
  shared: page,
}) => {
  const got = await page.evaluate(async () => {
    const { pool, calls } = watchedPool({ workers: 2 });
    const model = await shipped();
    await pool.open(model);
    const { transform } = model.manifest;
    const snapshots = await demo(4);
    const encoded = await collect(pool.encode(snapshots, transform));
    const thumbnails = encoded.map((result) => new Blob(result.ok ? [result.thumbnail] : []));
    const mixed = [...thumbnails, new Blob(['not a picture']), ...snapshots, new Blob(), thumbnails[0]!];
    const errors = await pool.reconstructionErrors(mixed, transform);
    const alone: (number | null)[] = [];
    for (const picture of [...thumbnails, ...snapshots]) {
      alone.push((await pool.reconstruct(picture, transform))!.error);
    }
    const asked = calls.filter(({ method }) => method === 'reconstructionErrors').length;
    pool.close();
    return { errors, alone, asked };
  });
  const { errors } = got;
  expect(errors).toHaveLength(11);
  expect(errors[4]).toBeNull();
  expect(errors[9]).toBeNull();
  expect(got.asked).toBe(2);
  const found = [...errors.slice(0, 4), ...errors.slice(5, 9)] as number[];
  for (const [i, error] of found.entries()) expect(error / got.alone[i]!).toBeCloseTo(1, 5);
  expect(errors[10]! / errors[0]!).toBeCloseTo(1, 5);
  // A thumbnail stands for its snapshot: what its JPEG loses is small beside what the decoder can't draw.
  for (let i = 0; i < 4; i += 1) expect(found[i]! / found[i + 4]!).toBeGreaterThan(0.5);
  for (let i = 0; i < 4; i += 1) expect(found[i]! / found[i + 4]!).toBeLessThan(1.5);
});

test('a model without a decoder has no reconstruction, and that is no error', async ({ shared: page }) => {
  const got = await page.evaluate(async () => {
    const { pool } = watchedPool();
    await pool.open(await source('autoencoder'));
    const files = await pictures(3);
    const drawn = await pool.reconstruct(files[0]!, TRANSFORM);
    const errors = await pool.reconstructionErrors(files, TRANSFORM);
    pool.close();
    return { drawn, errors };
  });
  expect(got).toEqual({ drawn: null, errors: [null, null, null] });
});

test('a picture that can’t be read is refused with its reason, and the next is drawn', async ({
  shared: page,
}) => {
  const got = await page.evaluate(async (BOTH) => {
    const { pool } = watchedPool();
    await pool.open(await source('autoencoder', BOTH));
    const [file] = await pictures(1);
    const refused = (picture: Blob, transform = TRANSFORM) => messageOf(pool.reconstruct(picture, transform));
    const found = [
      await refused(new File([(await file!.arrayBuffer()).slice(0, 60)], 'cut.png')),
      await refused(new Blob(['text'])),
      await refused(new Blob()),
      await refused(file!, { ...TRANSFORM, resize: { height: 10, width: 20 } }),
      await refused(file!),
    ];
    pool.close();
    return found.map((message) => message.split(':').slice(0, 2).join(':'));
  }, BOTH);
  expect(got).toEqual([
    'AppError: image-damaged',
    'AppError: not-an-image',
    'AppError: empty-file',
    'AppError: model-input',
    'accepted',
  ]);
});

test('embeddings are the same, to the bit, before, while and after the decoder is used', async ({
  shared: page,
}) => {
  const got = await page.evaluate(async () => {
    const { pool } = watchedPool();
    const model = await shipped();
    await pool.open(model);
    const { transform } = model.manifest;
    const files = await demo(9);
    const encode = async () =>
      (await collect(pool.encode(files, transform))).map((result) =>
        result.ok ? [...result.embedding] : [],
      );
    const before = await encode();
    const [, during] = await Promise.all([pool.reconstruct(files[0]!, transform), encode()]);
    await pool.reconstructionErrors(files, transform);
    const after = await encode();
    pool.close();
    return { before, during, after };
  });
  expect(got.before.map(({ length }) => length)).toEqual(Array.from({ length: 9 }, () => 64));
  expect(got.during).toEqual(got.before);
  expect(got.after).toEqual(got.before);
});

test('another model gets its own decoder @long', async ({ shared: page }) => {
  const got = await page.evaluate(async (BOTH) => {
    const { pool } = watchedPool();
    const [file] = await pictures(1);
    const errors: unknown[] = [];
    for (const name of ['autoencoder', 'shipped', 'autoencoder']) {
      const model = name === 'shipped' ? await shipped() : await source(name, BOTH);
      await pool.open(model);
      errors.push((await pool.reconstruct(file!, model.manifest.transform))?.error);
    }
    pool.close();
    return errors;
  }, BOTH);
  expect(got[0]).toBeGreaterThan(0);
  expect(got[1]).not.toBe(got[0]);
  expect(got[2]).toBe(got[0]);
});

test('a decoder that is not what the manifest says is refused, and the encoder works on', async ({
  shared: page,
}) => {
  const got = await page.evaluate(async () => {
    const found: string[] = [];
    for (const reconstruction of ['drawing', 'embedding']) {
      const { pool } = watchedPool();
      await pool.open(await source('autoencoder', { outputs: { embedding: 'embedding', reconstruction } }));
      const files = await pictures(2);
      found.push(await messageOf(pool.reconstruct(files[0]!, TRANSFORM)));
      found.push(await messageOf(pool.reconstructionErrors(files, TRANSFORM)));
      const results = await collect(pool.encode(files, TRANSFORM));
      found.push(results.map(({ ok }) => (ok ? 'encoded' : 'failed')).join(' '));
      pool.close();
    }
    return found;
  });
  const missing = 'AppError: model-manifest: outputs.reconstruction: the model has no float32 output drawing';
  const short = 'AppError: model-manifest: outputs.reconstruction: embedding has 6 numbers, not 720';
  expect(got).toEqual([missing, missing, 'encoded encoded', short, short, 'encoded encoded']);
});

test('an abort gives nothing, without an error, and the pool goes on', async ({ shared: page }) => {
  const got = await page.evaluate(async (BOTH) => {
    const { pool, calls } = watchedPool();
    await pool.open(await source('autoencoder', BOTH));
    const files = await pictures(20);
    const aborted = AbortSignal.abort();
    const already = await pool.reconstruct(files[0]!, TRANSFORM, aborted);
    const none = await pool.reconstructionErrors(files, TRANSFORM, aborted);
    const asked = calls.filter(({ method }) => method.startsWith('reconstruct')).length;
    const controller = new AbortController();
    const meanwhile = pool.reconstruct(files[0]!, TRANSFORM, controller.signal);
    const queued = pool.reconstructionErrors(files, TRANSFORM, controller.signal);
    controller.abort();
    const during = [await meanwhile, await queued];
    const later = await pool.reconstruct(files[1]!, TRANSFORM);
    pool.close();
    return { already, none, asked, during, later: later?.height };
  }, BOTH);
  expect(got).toEqual({ already: null, none: [], asked: 0, during: [null, []], later: 12 });
});

test('a worker that dies over a reconstruction is replaced, and only a second death is told @long', async ({
  shared: page,
}) => {
  const got = await page.evaluate(async (BOTH) => {
    let deaths = 1;
    const { pool } = watchedPool({ workers: 2 }, ({ method }, worker) => {
      if (method !== 'reconstruct' || deaths === 0) return true;
      deaths -= 1;
      worker.terminate();
      return false;
    });
    await pool.open(await source('autoencoder', BOTH));
    const files = await pictures(3);
    const once = await messageOf(pool.reconstruct(files[0]!, TRANSFORM));
    deaths = 2;
    const twice = await messageOf(pool.reconstruct(files[0]!, TRANSFORM));
    const results = await collect(pool.encode(files, TRANSFORM));
    pool.close();
    return { once, twice, encoded: results.filter(({ ok }) => ok).length };
  }, BOTH);
  expect(got).toEqual({ once: 'accepted', twice: 'AppError: worker-lost: the worker ended', encoded: 3 });
});

test('a decoder that fails is no reason to give up WebGPU', async ({ page }) => {
  await openEncoderPage(page);
  const got = await page.evaluate(async () => {
    Object.assign(navigator.gpu, { requestAdapter: async () => ({ info: { isFallbackAdapter: false } }) });
    const url = '/tests/encoder/failing-gpu.worker.ts?worker_file&type=module';
    const { EncoderPool } = await import('/src/core/encoder/pool.ts');
    const createWorker = () => new Worker(url, { type: 'module' });
    const pool = new EncoderPool({ createWorker, workers: 2, gpuAfter: { snapshots: 0, rest: 0 } });
    await pool.open(await source('autoencoder'));
    await new Promise<void>((resolve) =>
      pool.subscribe(({ backend }) => {
        if (backend === 'webgpu') resolve();
      }),
    );
    const message = await messageOf(pool.reconstruct((await pictures(1))[0]!, TRANSFORM));
    const { backend } = pool.status;
    pool.close();
    return { message, backend };
  });
  expect(got).toEqual({ message: 'AppError: model-operators: Fathom', backend: 'webgpu' });
});
