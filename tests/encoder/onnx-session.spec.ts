import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, expect, type Page } from '@playwright/test';
import { BLANK } from '../addresses';
import { test } from '../shared-page';
import { browserLaunchOptions } from '../../scripts/browser.mjs';
import { sha256 } from '../../src/core/encoder/sha256';

const SHARED = new URL('../../../shared/', import.meta.url);
const GOLDEN = JSON.parse(
  readFileSync(new URL('../fixtures/onnx/golden.json', import.meta.url)).toString(),
) as { embedding: number[] };
/** float32 sums in another order than native ONNX Runtime's; the numbers are below 1 */
const TOLERANCE = 1e-6;

async function open(page: Page): Promise<void> {
  if (page.url() !== BLANK) await page.goto(BLANK);
  await page.evaluate(async () => {
    const parts = await Promise.all([
      import('/src/core/encoder/onnx-session.ts'),
      import('/src/core/encoder/self-test.ts'),
      import('/tests/encoder/encoder-page.ts'),
    ]);
    Object.assign(globalThis, ...parts);
  });
}

// Globals that open() makes inside the page.
declare const openAndTry: (typeof import('./encoder-page'))['openAndTry'];
declare const measure: (typeof import('../../src/core/encoder/onnx-session'))['measure'];
declare const selfTestTensor: (typeof import('../../src/core/encoder/self-test'))['selfTestTensor'];
declare const source: (typeof import('./encoder-page'))['source'];
declare const messageOf: (typeof import('./encoder-page'))['messageOf'];
declare const SIZE: { height: number; width: number };

function largestDifference(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}

test('WASM gives native ONNX Runtime’s embedding of the built-in picture', async ({ page }) => {
  await open(page);
  for (const name of ['autoencoder', 'float16', 'branches']) {
    const got = await page.evaluate(
      async ([name, embedding]) => {
        const selfTest = { picture: 'xor-gradient', embedding, tolerance: 1e-5 } as const;
        const { session, opened } = await openAndTry(await source(name, { selfTest }), 'wasm');
        const milliseconds = await measure(session, SIZE);
        await session.release();
        return { answer: [...opened.answer], difference: opened.selfTestDifference, milliseconds };
      },
      [name, GOLDEN.embedding] as const,
    );
    expect(largestDifference(got.answer, GOLDEN.embedding), name).toBeLessThan(TOLERANCE);
    expect(got.difference, name).toBeLessThan(TOLERANCE);
    expect(Number.isFinite(got.milliseconds), name).toBe(true);
  }
});

test('a batch of any size gives each picture the embedding it has alone @long', async ({ page }) => {
  await open(page);
  for (const name of ['autoencoder', 'fixed-batch']) {
    const { alone, together } = await page.evaluate(async (name) => {
      const outputs = { embedding: name === 'fixed-batch' ? 'out' : 'embedding', reconstruction: null };
      const { session } = await openAndTry(await source(name, { outputs }), 'wasm');
      const length = 3 * SIZE.height * SIZE.width;
      const tensor = Float32Array.from({ length: 5 * length }, (_, i) => ((i * 7919) % 251) / 251);
      const before = tensor.slice();
      const alone: number[][] = [];
      for (let i = 0; i < 5; i += 1) {
        const [embedding] = await session.run(tensor.subarray(i * length), 1, SIZE);
        alone.push([...embedding!]);
      }
      const together = (await session.run(tensor, 5, SIZE)).map((embedding) => [...embedding]);
      if (tensor.some((value, i) => value !== before[i])) throw new Error('the input was changed');
      return { alone, together };
    }, name);
    expect(together).toHaveLength(5);
    for (const [i, embedding] of together.entries()) {
      expect(largestDifference(embedding, alone[i]!), name).toBeLessThan(TOLERANCE);
    }
    expect(largestDifference(alone[0]!, alone[1]!), name).toBeGreaterThan(100 * TOLERANCE);
  }
});

test('a model that does not do what its manifest says is refused', async ({ page }) => {
  await open(page);
  const refusals = await page.evaluate(async (embedding) => {
    const wrong = embedding.map((value, i) => (i === 3 ? value + 0.5 : value));
    const selfTest = { picture: 'xor-gradient', embedding: wrong, tolerance: 1e-4 } as const;
    const refused = async (...model: Parameters<typeof source>) =>
      messageOf(openAndTry(await source(...model), 'wasm'));
    return {
      answer: await refused('autoencoder', { selfTest }),
      length: await refused('autoencoder', { embeddingLength: 7 }),
      size: await refused('autoencoder', { input: { name: 'image', height: 12, width: 21 } }),
      output: await refused('autoencoder', { outputs: { embedding: 'z', reconstruction: null } }),
    };
  }, GOLDEN.embedding);
  expect(refusals).toEqual({
    answer: 'AppError: self-test: 5.0e-1, allowed 1.0e-4',
    length: 'AppError: model-manifest: embeddingLength: the model gives 6, not 7',
    size: 'AppError: model-manifest: input.width: the model takes 20, not 21',
    output:
      'AppError: model-no-embedding: 2 outputs: reconstruction float32 [N, 3, 12, 20], embedding float32 [N, 6]',
  });
});

test('an operator that ONNX Runtime lacks is named', async ({ page }) => {
  await open(page);
  const refused = (name: string) =>
    page.evaluate(
      async (name) => messageOf(openAndTry(await source(name, { embeddingLength: 720 }), 'wasm')),
      name,
    );
  expect(await refused('unknown-operator')).toBe('AppError: model-operators: sea.deep:Fathom(-1)');
  expect(await refused('newer-opset')).toMatch(/^AppError: model-operators: .*opset/i);
});

test('small_random gives the golden embeddings of real snapshots within 1e-5', async ({ page }) => {
  const files = [
    'golden/small_random.onnx',
    'data/obsea/resized/real_0.npy',
    'data/obsea/resized/real_4.npy',
  ];
  const paths = files.map((file) => fileURLToPath(new URL(file, SHARED)));
  const isMissing = !paths.every((path) => existsSync(path));
  if (isMissing)
    console.log(
      'small_random: skipped, ../shared with its golden model and snapshots is not beside this repository',
    );
  test.skip(isMissing, 'the snapshots are not ours to ship: no shared/ folder here');
  const golden = JSON.parse(
    readFileSync(new URL('golden/small_random_golden.json', SHARED)).toString(),
  ) as Record<string, number[][]>;
  await open(page);
  for (const [i, path] of paths.entries()) {
    await page.route(`**/given/${i}`, (route) => route.fulfill({ body: readFileSync(path) }));
  }
  const got = await page.evaluate(async () => {
    const given = async (i: number) => (await fetch(`/given/${i}`)).arrayBuffer();
    const size = { height: 216, width: 384 };
    const model = await source('autoencoder', { input: { name: 'image', ...size }, embeddingLength: 64 });
    const { session } = await openAndTry({ ...model, bytes: await given(0) }, 'wasm');
    const area = size.height * size.width;
    const tensor = new Float32Array(2 * 3 * area);
    for (const i of [0, 1]) {
      // .npy of uint8 (216, 384, 3); the data are the last bytes of the file
      const pixels = new Uint8Array((await given(i + 1)).slice(-3 * area));
      for (let at = 0; at < area; at += 1) {
        for (let c = 0; c < 3; c += 1) tensor[(i * 3 + c) * area + at] = pixels[at * 3 + c]! / 255;
      }
    }
    return (await session.run(tensor, 2, size)).map((embedding) => [...embedding]);
  });
  for (const [i, embedding] of got.entries()) {
    expect(largestDifference(embedding, golden['embedding_torch_f32']![i]!)).toBeLessThan(1e-5);
  }
});

test('the models that ship pass their own self-test', async ({ page }) => {
  await open(page);
  const shipped = new URL('../../public/models/', import.meta.url);
  const { models } = JSON.parse(readFileSync(new URL('index.json', shipped)).toString()) as {
    models: string[];
  };
  for (const id of models) {
    const difference = await page.evaluate(async (id) => {
      const manifest = (await (await fetch(`/models/${id}/model.json`)).json()) as Awaited<
        ReturnType<typeof source>
      >['manifest'];
      const bytes = await (await fetch(`/models/${id}/${manifest.file}`)).arrayBuffer();
      const { session, opened } = await openAndTry({ manifest, bytes }, 'wasm');
      await session.release();
      return { ...opened, tolerance: manifest.selfTest?.tolerance ?? null };
    }, id);
    expect(difference.tolerance, `${id} has a known answer`).not.toBeNull();
    expect(difference.selfTestDifference).toBeLessThanOrEqual(difference.tolerance!);
  }
});

test('WebGPU, in software, gives the same embedding @long', async () => {
  const options = browserLaunchOptions();
  const browser = await chromium.launch({
    ...options,
    args: [...(options.args ?? []), '--enable-unsafe-webgpu'],
  });
  try {
    const page = await browser.newPage();
    await open(page);
    const adapter = await page.evaluate(
      async () => (await navigator.gpu.requestAdapter())?.info.description ?? null,
    );
    if (adapter === null)
      console.log('WebGPU, in software: skipped, this browser has no adapter, not even one in software');
    test.skip(adapter === null, 'this browser has no WebGPU adapter, not even one in software');
    const got = await page.evaluate(async () => {
      const { session, opened } = await openAndTry(await source('autoencoder'), 'webgpu');
      const three = (await session.run(selfTestTensor({ height: 36, width: 20 }), 3, SIZE)).length;
      const [after] = await session.run(selfTestTensor(SIZE), 1, SIZE);
      await session.release();
      return { answer: [...opened.answer], three, after: [...after!] };
    });
    expect(got.after).toEqual(got.answer);
    expect(got.three).toBe(3);
    expect(largestDifference(got.answer, GOLDEN.embedding)).toBeLessThan(1e-5);
  } finally {
    await browser.close();
  }
});

test('SHA-256 is the same with and without a secure context', async ({ page }) => {
  await open(page);
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);
  const expected = createHash('sha256').update(bytes).digest('hex');
  // Node has no isSecureContext, so it takes the way of plain http.
  expect(await sha256(bytes.buffer)).toBe(expected);
  const inPage = await page.evaluate(async () => {
    const { sha256 } = await import('/src/core/encoder/sha256.ts');
    return sha256(Uint8Array.from({ length: 1000 }, (_, i) => i).buffer);
  });
  expect(inPage).toBe(expected);
});
