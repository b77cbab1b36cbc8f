import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web/wasm';
import { extractSubgraph, readOnnx, widenFloat16Weights } from '../../../src/core/domain/model/onnx';
import { readWeights, replaceWeights } from '../../../src/features/adapt/pure/onnx-weights';

// made by the onnx package: tests/fixtures/onnx/make.py
const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/onnx/${name}.onnx`, import.meta.url)));
const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/onnx/golden.json', import.meta.url), 'utf8'),
) as {
  embedding: number[];
};

/** make.py's picture of 12 × 20 pixels. */
const picture = Float32Array.from({ length: 3 * 12 * 20 }, (_, i) => {
  const [c, y, x] = [Math.floor(i / 240), Math.floor(i / 20) % 12, i % 20];
  return (((x * 7 + y * 13 + c * 61) ^ ((x * y) >> 4)) & 255) / 255;
});

const run = async (bytes: Uint8Array, output: string) => {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(bytes);
  const results = await session.run({ image: new ort.Tensor('float32', picture, [1, 3, 12, 20]) });
  await session.release();
  return results[output]!;
};

test('weights are read with their shapes, those of float16 under the name of their cast', () => {
  const plain = readWeights(fixture('autoencoder'));
  expect([...plain].map(([name, { dims, values }]) => [name, dims, values.length])).toEqual([
    ['conv', [4, 3, 3, 3], 108],
    ['code', [6, 240], 1440],
    ['back', [720, 6], 4320],
  ]);
  // make.py rounds all weights to float16 first, so both files hold the same numbers.
  const halves = readWeights(fixture('float16'));
  expect([...halves.keys()].sort()).toEqual(['back', 'code', 'conv']);
  for (const [name, weights] of plain) expect(halves.get(name)).toEqual(weights);
});

test('weights put back as they were make the same file', () => {
  for (const name of ['autoencoder', 'float16']) {
    const bytes = fixture(name);
    const before = bytes.slice();
    const same = [...readWeights(bytes)].map(([key, { values }]) => [key, values] as const);
    expect(replaceWeights(bytes, new Map(same))).toEqual(widenFloat16Weights(bytes));
    expect(bytes).toEqual(before);
  }
});

test('a model computes with its new weights, and the others stay', async () => {
  for (const name of ['autoencoder', 'float16']) {
    const code = readWeights(fixture(name)).get('code')!.values;
    const changed = replaceWeights(fixture(name), new Map([['code', code.map((weight) => weight * -2)]]));
    const embedding = await run(changed, 'embedding');
    expect(embedding.dims).toEqual([1, 6]);
    // another order of summing: float32 of about 1
    golden.embedding.forEach((value, i) => expect(embedding.data[i]).toBeCloseTo(-2 * value, 4));
    expect(readWeights(changed).get('back')).toEqual(readWeights(fixture(name)).get('back'));
    expect(readOnnx(changed)).toEqual(readOnnx(widenFloat16Weights(fixture(name))));
  }
});

test('a Buffer of Node, whose slice copies nothing, gives the same weights', () => {
  for (const name of ['autoencoder', 'float16'])
    expect(readWeights(Buffer.from(fixture(name)))).toEqual(readWeights(fixture(name)));
});

test('weights that the model does not have are refused', () => {
  const replace = (name: string, length: number) => () =>
    replaceWeights(fixture('autoencoder'), new Map([[name, new Float32Array(length)]]));
  expect(replace('cod', 1440)).toThrow(RangeError);
  expect(replace('cod', 1440)).toThrow('the model has no float32 weights cod');
  expect(replace('picture', 4)).toThrow('the model has no float32 weights picture');
  expect(replace('code', 1441)).toThrow('the weights code are 1440 numbers, not 1441');
});

test('an inner value that the file does not describe can be cut out and computed', async () => {
  const part = extractSubgraph(fixture('autoencoder'), ['flat']);
  expect(readOnnx(part).outputs).toEqual([{ name: 'flat', type: 'float32', dims: null }]);
  const flat = await run(part, 'flat');
  expect(flat.dims).toEqual([1, 240]);

  // The head on it, in plain numbers, gives the model's embedding.
  const code = readWeights(fixture('autoencoder')).get('code')!.values;
  golden.embedding.forEach((value, i) => {
    let sum = 0;
    for (let j = 0; j < 240; j += 1) sum += code[i * 240 + j]! * Number(flat.data[j]);
    expect(sum).toBeCloseTo(value, 4);
  });
});
