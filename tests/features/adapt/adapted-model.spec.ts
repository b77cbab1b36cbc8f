import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web/wasm';
import {
  adaptedEmbedding,
  adaptedModel,
  contentScaleOf,
  type Adaptation,
} from '../../../src/features/adapt/pure/adapted-model';
import { AppError } from '../../../src/core/domain/errors';
import { parseManifest } from '../../../src/core/domain/model/manifest';
import { manifestInside, withManifest } from '../../../src/core/domain/model/model-file';
import { Random } from '../../../src/core/domain/picture/noise';
import { extractSubgraph } from '../../../src/core/domain/model/onnx';

ort.env.wasm.numThreads = 1;

const folder = new URL('../../../public/models/obsea-autoencoder-2/', import.meta.url);
const model = new Uint8Array(readFileSync(new URL('autoencoder.onnx', folder)));
const manifest = parseManifest(JSON.parse(readFileSync(new URL('model.json', folder), 'utf8')));
const adaptable = manifest.adaptable!;

const numbers = (length: number, seed: number, size = 1) => {
  const random = new Random(seed);
  return Float32Array.from({ length }, () => size * random.normal());
};

/** As large as the shipped head, and its numbers too. */
const head = {
  hiddenWeight: numbers(64 * 1488, 1, 0.02),
  hiddenBias: numbers(64, 2),
  outWeight: numbers(32 * 64, 3, 0.2),
  outBias: numbers(32, 4),
  reach: 0.4,
};
const adaptation: Adaptation = { head, contentScale: 0.25 };

async function run(bytes: Uint8Array, outputs: readonly string[], picture: Float32Array) {
  const session = await ort.InferenceSession.create(bytes);
  const image = new ort.Tensor('float32', picture, [1, 3, 216, 384]);
  const results = await session.run({ image }, [...outputs]);
  await session.release();
  return outputs.map((name) => results[name]!.data as Float32Array);
}

const picture = numbers(3 * 216 * 384, 5, 0.2).map((value) => Math.min(Math.abs(value), 1));
const far = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

test('the adapted file gives what its head and content scale promise, and rebuilds as before', async () => {
  const inner = [adaptable.embedding, adaptable.statistics.name];
  const [embedding, statistics] = await run(extractSubgraph(model, inner), inner, picture);
  const promised = adaptedEmbedding(adaptation, adaptable, embedding!, statistics!);

  const outputs = ['embedding', 'reconstruction'];
  const [adapted, rebuilt] = await run(adaptedModel(model, adaptable, adaptation), outputs, picture);
  const [, before] = await run(model, outputs, picture);
  expect(promised.some((value) => Math.abs(value) > 0.1)).toBe(true);
  expect(far(adapted!, promised)).toBeLessThan(2e-5);
  expect(far(adapted!, embedding!)).toBeGreaterThan(0.1);
  expect(far(rebuilt!, before!)).toBeLessThan(1e-4);
});

test('an adapted file can be adapted again: only the newest head counts', async () => {
  const first = adaptedModel(model, adaptable, { ...adaptation, head: { ...head, reach: 3 } });
  const second = adaptedModel(first, adaptable, { ...adaptation, contentScale: 1 });
  const [once] = await run(adaptedModel(model, adaptable, adaptation), ['embedding'], picture);
  const [twice] = await run(second, ['embedding'], picture);
  expect(far(once!, twice!)).toBeLessThan(1e-6);
});

test('a head of another size, or a model without the named weights, is refused', () => {
  const short = { ...head, hiddenBias: numbers(63, 2) };
  expect(() => adaptedModel(model, adaptable, { ...adaptation, head: short })).toThrow(RangeError);
  const content = { ...adaptable.content, weight: 'nobody.weight' };
  expect(() => adaptedModel(model, { ...adaptable, content }, adaptation)).toThrow(/nobody.weight/);
});

test('content shrinks to a spread of 0.01, and never grows', () => {
  const embeddings = Array.from({ length: 50 }, (_, i) => numbers(64, 10 + i, 0.02));
  const scale = contentScaleOf(embeddings, adaptable);
  const spread = (by: number) => {
    const mean = (k: number) => embeddings.reduce((sum, each) => sum + (by * each[k]!) / 50, 0);
    const middle = Array.from({ length: 32 }, (_, k) => mean(k));
    const squares = embeddings.map((each) =>
      middle.reduce((sum, value, k) => sum + (by * each[k]! - value) ** 2, 0),
    );
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / 50);
  };
  expect(spread(1)).toBeGreaterThan(0.05);
  expect(spread(scale)).toBeCloseTo(0.01, 5);
  expect(
    contentScaleOf(
      embeddings.map((each) => each.map((value) => value / 100)),
      adaptable,
    ),
  ).toBe(1);
});

test('a model file carries its manifest, the newest one, and runs as before', async () => {
  const { sha256, bytes, file, ...inside } = manifest;
  const described = withManifest(withManifest(model, { ...inside, name: 'first' }), {
    ...inside,
    name: 'Reef ü',
  });
  const facts = { sha256, bytes, file };
  expect(manifestInside(described, facts)).toEqual({ ...manifest, name: 'Reef ü' });
  expect(manifestInside(model, facts)).toBeNull();
  const [before] = await run(model, ['embedding'], picture);
  const [after] = await run(described, ['embedding'], picture);
  expect(after).toEqual(before);
});

test('a manifest inside that makes no sense is named, not believed', () => {
  const { sha256, bytes, file, ...inside } = manifest;
  const wrong = withManifest(model, { ...inside, embeddingLength: 3 });
  const read = () => manifestInside(wrong, { sha256, bytes, file });
  expect(read).toThrow(AppError);
  expect(read).toThrow(/selfTest.embedding/);
});
