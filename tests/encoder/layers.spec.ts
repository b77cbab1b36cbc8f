import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { openEncoderPage, test } from './open-page';

// Globals that openEncoderPage makes inside the page.
type Helpers = typeof import('./encoder-page');
declare const shipped: Helpers['shipped'];
declare const demo: Helpers['demo'];
declare const source: Helpers['source'];
declare const openAndTry: Helpers['openAndTry'];
declare const watchedPool: Helpers['watchedPool'];
declare const collect: Helpers['collect'];

test('the shipped model encodes snapshots without ONNX Runtime, as with it', async ({ page }) => {
  await openEncoderPage(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const runtimes = () => asked.filter((url) => /\/ort-wasm[^?]*\.wasm$/.test(url)).length;
  const own = await page.evaluate(async () => {
    const { pool, calls } = watchedPool();
    const model = await shipped();
    await pool.open(model);
    const results = await collect(pool.encode(await demo(11), model.manifest.transform));
    return {
      embeddings: results.map((result) => (result.ok ? [...result.embedding] : [])),
      methods: calls.map(({ method }) => method),
      selfTest: pool.status.selfTest,
      backend: pool.status.backend,
    };
  });
  expect(own.methods).not.toContain('start');
  expect(own.methods).not.toContain('open');
  expect(runtimes()).toBe(0);
  expect(own.backend).toBe('wasm');
  expect(own.selfTest!.difference).toBeLessThan(1e-5);

  const wanted = await page.evaluate(async () => {
    const { pool, calls } = watchedPool();
    // Nothing to compare with, so ONNX Runtime has the say.
    const model = await shipped({ selfTest: null });
    await pool.open(model);
    const results = await collect(pool.encode(await demo(11), model.manifest.transform));
    pool.close();
    return {
      embeddings: results.map((result) => (result.ok ? [...result.embedding] : [])),
      methods: calls.map(({ method }) => method),
    };
  });
  expect(wanted.methods).toContain('start');
  expect(wanted.embeddings).toHaveLength(11);
  const differences = own.embeddings.flatMap((embedding, i) => {
    expect(embedding).toHaveLength(64);
    return embedding.map((x, k) => Math.abs(x - wanted.embeddings[i]![k]!));
  });
  expect(Math.max(...differences)).toBeLessThan(1e-5);
});

test('ONNX Runtime opens what our own code has another answer for, and what it can’t be fetched for @long', async ({
  page,
}) => {
  await openEncoderPage(page);
  const opened = (selfTest: 'exact' | 'as it ships') =>
    page.evaluate(async (selfTest) => {
      const model = await shipped();
      const { session, opened } = await openAndTry(model, 'wasm');
      await session.release();
      const exact = { picture: 'xor-gradient', embedding: [...opened.answer], tolerance: 0 } as const;
      const { pool, calls } = watchedPool();
      await pool.open(selfTest === 'exact' ? await shipped({ selfTest: exact }) : model);
      const { difference } = pool.status.selfTest!;
      pool.close();
      return { difference, methods: calls.map(({ method }) => method) };
    }, selfTest);
  const inOrder = expect.arrayContaining(['openAlone', 'start', 'open', 'tryOut']);
  expect(await opened('exact')).toEqual({ difference: 0, methods: inOrder });
  expect((await opened('as it ships')).methods).not.toContain('open');
  await page.route(/\/layers\.wasm$/, (route) => route.fulfill({ status: 404 }));
  expect((await opened('as it ships')).methods).toEqual(inOrder);
});

test('of a model’s operators one that our own code lacks is enough for ONNX Runtime', async ({ page }) => {
  const { embedding } = JSON.parse(
    readFileSync(new URL('../fixtures/onnx/golden.json', import.meta.url)).toString(),
  ) as { embedding: number[] };
  await openEncoderPage(page);
  const methodsOf = (name: string) =>
    page.evaluate(
      async ([name, embedding]) => {
        const { pool, calls } = watchedPool();
        await pool.open(
          await source(name, { selfTest: { picture: 'xor-gradient', embedding, tolerance: 1e-5 } }),
        );
        pool.close();
        return calls.map(({ method }) => method);
      },
      [name, embedding] as const,
    );
  expect(await methodsOf('autoencoder')).not.toContain('open');
  // The same with an If in it.
  expect(await methodsOf('branches')).toContain('open');
});
