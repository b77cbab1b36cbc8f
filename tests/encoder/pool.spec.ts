import { expect } from '@playwright/test';
import { VITE } from '../addresses';
import { openEncoderPage, test } from './open-page';

// Globals that openEncoderPage makes inside the page.
type Helpers = typeof import('./encoder-page');
declare const source: Helpers['source'];
declare const endlessSource: Helpers['endlessSource'];
declare const pictures: Helpers['pictures'];
declare const watchedPool: Helpers['watchedPool'];
declare const collect: Helpers['collect'];
declare const hashes: Helpers['hashes'];
declare const messageOf: Helpers['messageOf'];
declare const TRANSFORM: Helpers['TRANSFORM'];

test('results come in the order of the files, whichever worker is faster', async ({ shared: page }) => {
  const { got, expected, workers, batches, lengths, fingerprints } = await page.evaluate(async () => {
    const { pool, workers, calls } = watchedPool({ workers: 2, batchTime: Infinity });
    await pool.open(await source('autoencoder'));
    const files = await pictures(101);
    const results = await collect(pool.encode(files, TRANSFORM));
    const fingerprints = await pool.fingerprint(files);
    pool.close();
    return {
      got: results.map((result) => result.contentSha256),
      expected: await hashes(files),
      fingerprints,
      workers: workers.length,
      batches: calls.filter(({ method }) => method === 'encode').map(({ names }) => names.length),
      lengths: [...new Set(results.map((result) => result.ok && result.embedding.length))],
    };
  });
  expect(got).toEqual(expected);
  expect(fingerprints).toEqual(expected);
  expect(lengths).toEqual([6]);
  expect(workers).toBe(2);
  expect(batches).toEqual([2, 2, 4, 4, 8, 8, 16, 16, 16, 13, 6, 3, 2, 1]);
});

test('a slow device gets few snapshots in a message', async ({ shared: page }) => {
  const batches = await page.evaluate(async () => {
    const { pool, calls } = watchedPool({ workers: 2, batchTime: 0.1 });
    await pool.open(await source('autoencoder'));
    await collect(pool.encode(await pictures(61), TRANSFORM));
    pool.close();
    return calls.filter(({ method }) => method === 'encode').map(({ names }) => names.length);
  });
  expect(batches).toEqual([2, 2, ...Array<number>(13).fill(4), 3, 1, 1]);
});

test('a snapshot has the same embedding in any batch', async ({ shared: page }) => {
  const largest = await page.evaluate(async () => {
    const files = await pictures(13);
    const embeddings: Float32Array[][] = [];
    for (const batchSize of [1, 8]) {
      const { pool } = watchedPool({ batchSize });
      await pool.open(await source('autoencoder'));
      const results = await collect(pool.encode(files, TRANSFORM));
      embeddings.push(results.map((result) => (result.ok ? result.embedding : new Float32Array(0))));
      pool.close();
    }
    const [alone, together] = embeddings as [Float32Array[], Float32Array[]];
    return Math.max(
      ...alone.flatMap((one, i) => [...one].map((value, k) => Math.abs(value - together[i]![k]!))),
    );
  });
  expect(largest).toBeLessThan(1e-6);
});

test('a file that is no picture is one result among the others', async ({ shared: page }) => {
  const results = await page.evaluate(async () => {
    const { pool } = watchedPool();
    await pool.open(await source('autoencoder'));
    const [first, second] = await pictures(2);
    const text = new File(['not a picture'], 'notes.txt');
    const cut = new File([(await first!.arrayBuffer()).slice(0, 60)], 'cut.png');
    const files = [first!, text, cut, new File([], 'empty.jpg'), second!];
    const results = await collect(pool.encode(files, TRANSFORM));
    pool.close();
    return results.map((result) => (result.ok ? 'encoded' : result.code));
  });
  expect(results).toEqual(['encoded', 'not-an-image', 'image-damaged', 'empty-file', 'encoded']);
});

test('a caller that pauses stops the workers after a few batches', async ({ shared: page }) => {
  const { started, after, total } = await page.evaluate(async () => {
    const { pool, calls } = watchedPool({ workers: 2, batchTime: 0.1 });
    await pool.open(await source('autoencoder'));
    const files = await pictures(160);
    const batches = pool.encode(files, TRANSFORM)[Symbol.asyncIterator]();
    const encoded = () => calls.filter(({ method }) => method === 'encode').length;
    await batches.next();
    // Until nothing has been asked of the workers for a while: there is no event for what doesn't happen.
    let started = -1;
    while (started !== encoded()) {
      started = encoded();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    let after = 1;
    while (!(await batches.next()).done) after += 1;
    pool.close();
    return { started, after, total: encoded() };
  });
  expect(started).toBe(9);
  expect(after).toBe(43);
  expect(total).toBe(43);
});

test('a worker that dies is replaced, and no snapshot is lost or counted twice', async ({ shared: page }) => {
  const { codes, inOrder, workers } = await page.evaluate(async () => {
    // Longer than this test: the Web Lock tells.
    const { pool, workers } = watchedPool({ workers: 2, batchTimeout: 600_000 });
    await pool.open(await source('autoencoder'));
    await new Promise<void>((resolve) => {
      pool.subscribe((status) => {
        if (status.workers === 2) resolve();
      });
    });
    const files = await pictures(80);
    const results: string[] = [];
    const codes = new Set<string>();
    for await (const batch of pool.encode(files, TRANSFORM)) {
      // both, while they are at work on the next batches
      if (results.length === 20) for (const worker of workers.slice(0, 2)) worker.terminate();
      for (const result of batch) {
        results.push(result.contentSha256);
        codes.add(result.ok ? 'encoded' : result.code);
      }
    }
    pool.close();
    const expected = await hashes(files);
    return {
      codes: [...codes],
      inOrder: JSON.stringify(results) === JSON.stringify(expected),
      workers: workers.length,
    };
  });
  expect(codes).toEqual(['encoded']);
  expect(inOrder).toBe(true);
  expect(workers).toBe(4);
});

test('a snapshot that kills its worker twice is set aside alone @long', async ({ shared: page }) => {
  const { codes, poisonHash, expected } = await page.evaluate(async () => {
    const { pool } = watchedPool({ workers: 2 }, ({ method, names }, worker) => {
      if (method !== 'encode' || !names.includes('poison.png')) return true;
      worker.terminate();
      return false;
    });
    await pool.open(await source('autoencoder'));
    const files = await pictures(40);
    const poison = new File([files[11]!, 'x'], 'poison.png');
    files[11] = poison;
    const results = await collect(pool.encode(files, TRANSFORM));
    pool.close();
    return {
      codes: results.map((result) => (result.ok ? '' : `${result.code} ${JSON.stringify(result.detail)}`)),
      poisonHash: results[11]!.contentSha256,
      expected: (await hashes([poison]))[0],
    };
  });
  expect(codes).toEqual(Array.from({ length: 40 }, (_, i) => (i === 11 ? 'worker-lost "poison.png"' : '')));
  expect(poisonHash).toBe(expected);
});

test('a worker that never answers is given up after the timeout @long', async ({ shared: page }) => {
  const codes = await page.evaluate(async () => {
    const { pool } = watchedPool(
      { batchTimeout: 2000, batchSize: 2 },
      ({ method, names }) => !(method === 'encode' && names.includes('stuck.png')),
    );
    await pool.open(await source('autoencoder'));
    const files = await pictures(6);
    files[3] = new File([files[3]!], 'stuck.png');
    const results = await collect(pool.encode(files, TRANSFORM));
    pool.close();
    return results.map((result) => (result.ok ? '' : result.code));
  });
  expect(codes).toEqual(['', '', '', 'worker-lost', '', '']);
});

test('an abort ends the iteration without an error, and the pool goes on', async ({ shared: page }) => {
  const { before, later, already } = await page.evaluate(async () => {
    const { pool } = watchedPool({ workers: 2 });
    await pool.open(await source('autoencoder'));
    const files = await pictures(160);
    const controller = new AbortController();
    let before = 0;
    for await (const batch of pool.encode(files, TRANSFORM, controller.signal)) {
      before += batch.length;
      if (before === 20) controller.abort();
    }
    const already = await collect(pool.encode(files, TRANSFORM, controller.signal));
    const later = await collect(pool.encode(files.slice(0, 5), TRANSFORM));
    pool.close();
    return { before, already: already.length, later: later.filter((result) => result.ok).length };
  });
  expect(before).toBe(20);
  expect(already).toBe(0);
  expect(later).toBe(5);
});

test('a failure of the model is not blamed on a snapshot', async ({ shared: page }) => {
  const message = await page.evaluate(async () => {
    const { pool } = watchedPool();
    await pool.open(await source('autoencoder'));
    const transform = { ...TRANSFORM, resize: { height: 10, width: 20 } };
    const message = await messageOf(collect(pool.encode(await pictures(3), transform)));
    pool.close();
    return message;
  });
  expect(message).toMatch(/^AppError: model-input: 1 input: image float32 \[N, 3, 12, 20\]/);
});

test('the status says what computes, how fast, and why', async ({ shared: page }) => {
  const { seen, before, last } = await page.evaluate(async () => {
    const { pool } = watchedPool();
    const seen: string[] = [];
    const unsubscribe = pool.subscribe(({ state, backend, workers }) =>
      seen.push(`${state} ${backend} ${workers}`),
    );
    await pool.open(await source('autoencoder'));
    await collect(pool.encode(await pictures(16), TRANSFORM));
    const before = pool.status.milliseconds;
    await pool.measure();
    const last = pool.status;
    pool.close();
    unsubscribe();
    return { seen, before, last };
  });
  expect(seen[0]).toBe('idle null 0');
  expect(seen[1]).toBe('opening null 0');
  expect(seen).toContain('ready wasm 1');
  expect(seen.at(-1)).toBe('idle null 0');
  expect(last).toMatchObject({ backend: 'wasm', reason: 'no-adapter', selfTest: null });
  expect(before, 'nobody waits for it').toBeNull();
  expect(last.milliseconds).toBeGreaterThanOrEqual(0);
  expect(last.milliseconds).toBe(last.speeds.wasm);
});

test('once ONNX Runtime is chosen every worker computes with it', async ({ shared: page }) => {
  const status = await page.evaluate(async () => {
    const { pool } = watchedPool({ workers: 2 });
    await pool.open({ ...(await source('autoencoder')), encoder: 'onnx-wasm' });
    await new Promise<void>((resolve) => {
      pool.subscribe(({ workers }) => {
        if (workers === 2) resolve();
      });
    });
    const { status } = pool;
    pool.close();
    return status;
  });
  expect(status).toMatchObject({ onnxWorkers: 2, reason: 'chosen' });
});

test('WebGPU that a person chose is used at once, also where the browser says nothing of it, and where there is none ONNX Runtime on WASM says why', async ({
  page,
}) => {
  await openEncoderPage(page);
  const opened = await page.evaluate(async () => {
    const openOn = async (options: object) => {
      const { EncoderPool } = await import('/src/core/encoder/pool.ts');
      const pool = new EncoderPool({ workers: 1, ...options });
      await pool.open({ ...(await source('autoencoder')), encoder: 'onnx-webgpu' });
      const { backend, reason, onnxWorkers } = pool.status;
      pool.close();
      return { backend, reason, onnxWorkers };
    };
    const missing = await openOn({});
    const url = '/tests/encoder/failing-gpu.worker.ts?worker_file&type=module';
    const createWorker = () => new Worker(url, { type: 'module', name: 'fails' });
    const withAdapter = async (adapter: object) => {
      Object.assign(navigator.gpu, { requestAdapter: async () => adapter });
      return openOn({ createWorker });
    };
    return [missing, await withAdapter({ info: { isFallbackAdapter: false } }), await withAdapter({})];
  });
  const chosen = { backend: 'webgpu', reason: 'chosen', onnxWorkers: 1 };
  expect(opened).toEqual([{ backend: 'wasm', reason: 'no-adapter', onnxWorkers: 1 }, chosen, chosen]);
});

test('on an iPhone or iPad WebGPU is never tried unless a person chose it', async ({ browser }) => {
  for (const [userAgent, touches] of [
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 26_3 like Mac OS X) AppleWebKit/605.1.15', 5],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15', 5],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15', 0],
  ] as const) {
    const page = await browser.newPage({ userAgent });
    await openEncoderPage(page);
    const status = await page.evaluate(async (touches) => {
      Object.defineProperty(navigator, 'maxTouchPoints', { value: touches });
      Object.assign(navigator.gpu, { requestAdapter: async () => ({ info: { isFallbackAdapter: false } }) });
      const { pool } = watchedPool();
      await pool.open(await source('autoencoder'));
      const { backend, reason } = pool.status;
      pool.close();
      return { backend, reason };
    }, touches);
    expect(status).toEqual({ backend: 'wasm', reason: touches > 0 ? 'ends-page' : null });
    await page.close();
  }
});

test('a model that fails its self-test or is not the promised file is never used', async ({
  shared: page,
}) => {
  const got = await page.evaluate(async () => {
    const { pool, workers } = watchedPool();
    const selfTest = { picture: 'xor-gradient', embedding: [1, 1, 1, 1, 1, 1], tolerance: 1e-4 } as const;
    const wrong = await messageOf(pool.open(await source('autoencoder', { selfTest })));
    const other = await messageOf(pool.open(await source('autoencoder', { sha256: '0'.repeat(64) })));
    const use = await messageOf(collect(pool.encode(await pictures(1), TRANSFORM)));
    const { state } = pool.status;
    await pool.open(await source('autoencoder'));
    const results = await collect(pool.encode(await pictures(1), TRANSFORM));
    pool.close();
    return { wrong, other, use, state, workers: workers.length, works: results[0]?.ok };
  });
  expect(got.wrong).toMatch(/^AppError: self-test: /);
  expect(got.other).toBe('AppError: model-checksum: autoencoder');
  expect(got.use).toBe('Error: no model is open');
  expect(got.state).toBe('idle');
  expect(got.works).toBe(true);
});

test('a model that never gives an embedding is stopped, on a person’s word or after its time, and another one opens @long', async ({
  shared: page,
}) => {
  const got = await page.evaluate(async () => {
    const patience = { start: 60_000, open: 5_000, trial: 1_500 };
    const { pool, workers, ended } = watchedPool({ patience });
    const known = await endlessSource();
    const open = await messageOf(pool.open(known));
    const inspect = await messageOf(pool.inspect((await endlessSource(null)).bytes));
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const cancel = await messageOf(pool.open(known, controller.signal));
    const lasting = workers.length - ended.size;
    await pool.open(await source('autoencoder'));
    const results = await collect(pool.encode(await pictures(1), TRANSFORM));
    pool.close();
    return { open, inspect, cancel, lasting, works: results[0]?.ok };
  });
  expect(got.open).toBe('AppError: model-endless: 1.5');
  expect(got.inspect).toBe('AppError: model-endless: 6.5');
  expect(got.cancel).toMatch(/^AbortError/);
  expect(got.works).toBe(true);
  expect(got.lasting).toBe(0);
});

test('a file that has gone since it was chosen is one result among the others', async ({ shared: page }) => {
  const codes = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle('gone.png', { create: true });
    const writer = await handle.createWritable();
    await writer.write('picture');
    await writer.close();
    const gone = await handle.getFile();
    await root.removeEntry('gone.png');
    const { pool } = watchedPool();
    await pool.open(await source('autoencoder'));
    const [first, second] = await pictures(2);
    const results = await collect(pool.encode([first!, gone, second!], TRANSFORM));
    pool.close();
    return results.map((result) => (result.ok ? 'encoded' : `${result.code} ${result.contentSha256.length}`));
  });
  expect(codes).toEqual(['encoded', 'file-unreadable 64', 'encoded']);
});

test('WebGPU goes on where it is faster, and WASM takes over when it fails or hangs @long', async ({
  page,
}) => {
  await openEncoderPage(page);
  for (const failure of ['fails', 'hangs']) {
    const { first, chosen, names, after } = await page.evaluate(async (failure) => {
      Object.assign(navigator.gpu, { requestAdapter: async () => ({ info: { isFallbackAdapter: false } }) });
      const url = '/tests/encoder/failing-gpu.worker.ts?worker_file&type=module';
      const { EncoderPool } = await import('/src/core/encoder/pool.ts');
      const createWorker = () => new Worker(url, { type: 'module', name: failure });
      const gpuAfter = { snapshots: 40, rest: 60_000 };
      const pool = new EncoderPool({ createWorker, workers: 2, batchTimeout: 1500, gpuAfter });
      await pool.open(await source('autoencoder'));
      const first = pool.status;
      await collect(pool.encode(await pictures(40), TRANSFORM));
      await new Promise<void>((resolve) =>
        pool.subscribe(({ backend }) => {
          if (backend === 'webgpu') resolve();
        }),
      );
      const chosen = pool.status;
      const results = await collect(pool.encode(await pictures(40), TRANSFORM));
      const after = pool.status;
      pool.close();
      return { first, chosen, names: results.map(({ contentSha256 }) => contentSha256), after };
    }, failure);
    expect(first).toMatchObject({ backend: 'wasm', reason: null });
    expect(chosen).toMatchObject({ backend: 'webgpu', reason: 'faster', milliseconds: 0.5 });
    expect(after).toMatchObject({
      backend: 'wasm',
      reason: 'lost',
      reasonDetail: failure === 'fails' ? 'device lost' : 'no answer',
      speeds: { wasm: 10, webgpu: 0.5 },
    });
    expect(names).toEqual(Array.from({ length: 40 }, (_, i) => `picture-${i}.png`));
  }
});

test('on plain http, without Web Locks and the browser’s SHA-256, the same comes out @long', async ({
  page,
}) => {
  await openEncoderPage(page);
  // A name that is not localhost, answered by the same server: no secure context.
  await page.context().route('http://ship.example/**', async (route) => {
    const url = new URL(route.request().url());
    const answer = async () =>
      route.fulfill({ response: await route.fetch({ url: `${VITE}${url.pathname}${url.search}` }) });
    // A pool that is closed ends workers which may still be loading, and nobody waits for their answers any more.
    await answer().catch(() => undefined);
  });
  const encode = () =>
    page.evaluate(async () => {
      Object.assign(globalThis, await import('/tests/encoder/encoder-page.ts'));
      const { pool } = watchedPool();
      await pool.open(await source('autoencoder'));
      const results = await collect(pool.encode(await pictures(9), TRANSFORM));
      pool.close();
      const numbers = results.map((result) => (result.ok ? [...result.embedding] : result.code));
      return { isSecureContext, hashes: results.map(({ contentSha256 }) => contentSha256), numbers };
    });
  const secure = await encode();
  await page.goto('http://ship.example/tests/blank.html');
  expect(await encode()).toEqual({ ...secure, isSecureContext: false });
  expect(secure.isSecureContext).toBe(true);
});
