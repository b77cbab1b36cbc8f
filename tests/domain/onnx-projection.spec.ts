import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web/wasm';
import { extractSubgraph, inspectAutoencoder, readOnnx, widenFloat16Weights } from '../../src/domain/onnx';
import { projectOutput } from '../../src/domain/onnx-projection';
import { delimited, integer, MODEL, openModel, concat } from '../../src/domain/onnx-wire';
import { principalComponents, withoutComponents } from '../../src/domain/principal-components';

ort.env.wasm.numThreads = 1;

const load = (path: string) => new Uint8Array(readFileSync(new URL(`../${path}`, import.meta.url)));
// made by the onnx package: tests/fixtures/onnx/make.py
const fixture = (name: string) => load(`fixtures/onnx/${name}.onnx`);
const shipped = load('../public/models/obsea-autoencoder-1/autoencoder.onnx');
const SHIPPED = [216, 384] as const;
const SMALL = [12, 20] as const;

/** Made-up pictures, [count, 3, height, width]. */
const pictures = (count: number, [height, width]: readonly [number, number]) => {
  const data = Float32Array.from({ length: count * 3 * height * width }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const [c, n] = [Math.floor(i / width / height) % 3, Math.floor(i / width / height / 3)];
    return (((x * (7 + n) + y * 13 + c * 61 + n * 29) ^ ((x * y) >> (3 + (n % 3)))) & 255) / 255;
  });
  return new ort.Tensor('float32', data, [count, 3, height, width]);
};

const run = async (bytes: Uint8Array, image: ort.Tensor) => {
  const session = await ort.InferenceSession.create(bytes);
  const results = await session.run({ image });
  await session.release();
  return results;
};

const rowsOf = ({ data, dims }: ort.Tensor) => {
  const size = data.length / dims[0]!;
  return Array.from({ length: dims[0]! }, (_, n) => (data as Float32Array).slice(n * size, (n + 1) * size));
};

/** What `withoutComponents` makes of an output is what the projected model gives; the rest is as it was. */
const check = async (bytes: Uint8Array, output: string, image: ort.Tensor, count = 2) => {
  const copy = bytes.slice();
  const before = await run(bytes, image);
  const embeddings = rowsOf(before[output]!);
  const found = principalComponents(embeddings, count);
  expect(found.components.length).toBe(count);
  const projected = projectOutput(bytes, output, 'adapted', found);
  expect(bytes).toEqual(copy);

  const after = await run(projected, image);
  expect(Object.keys(after)).toEqual([...Object.keys(before), 'adapted']);
  for (const [name, { data }] of Object.entries(before)) expect(after[name]!.data).toEqual(data);
  expect(after['adapted']!.dims).toEqual([embeddings.length, found.mean.length]);
  let error = 0;
  rowsOf(after['adapted']!).forEach((row, n) => {
    const expected = withoutComponents(embeddings[n]!, found);
    row.forEach((value, k) => (error = Math.max(error, Math.abs(value - expected[k]!))));
  });
  // float32 of about 1; 5.3e-8 at most was measured
  expect(error).toBeLessThan(1e-5);

  const { operators } = readOnnx(extractSubgraph(projected, ['adapted']));
  const alone = await run(extractSubgraph(projected, ['adapted']), image);
  expect(alone['adapted']!.data).toEqual(after['adapted']!.data);
  return { projected, found, operators };
};

test('the shipped model gives its embedding without components, and decodes as before', async () => {
  const { projected, found } = await check(shipped, 'embedding', pictures(6, SHIPPED));
  const length = found.mean.length;
  const model = readOnnx(projected);
  expect(inspectAutoencoder(model, 'adapted')).toEqual({
    ...inspectAutoencoder(readOnnx(shipped)),
    embeddingOutput: { name: 'adapted', length },
  });
  // Without a name, the embedding is still the old one.
  expect(inspectAutoencoder(model)).toEqual(inspectAutoencoder(readOnnx(shipped)));
  expect(projected.length - shipped.length).toBeLessThan(4 * length * (length + 1) + 400);
});

test('models of other makes are projected: float16 weights, a branch, opset 11, an unknown length', async () => {
  const image = pictures(5, SMALL);
  await check(fixture('autoencoder'), 'embedding', image);
  await check(fixture('branches'), 'embedding', image);
  await check(fixture('any-size'), 'z', pictures(5, [30, 50]));

  const { projected } = await check(fixture('float16'), 'embedding', image);
  const wide = await run(widenFloat16Weights(projected), image);
  expect(wide['adapted']!.data).toEqual((await run(projected, image))['adapted']!.data);

  const { fields } = openModel(fixture('autoencoder'));
  const older = fields.map(({ number, raw }) =>
    number === MODEL.opset ? delimited(MODEL.opset, integer(2, 11)) : raw,
  );
  expect(readOnnx(concat(older)).opset).toBe(11);
  await check(concat(older), 'embedding', image);
});

test('an output of rank 4 is flattened, and a fixed number of pictures stays', async () => {
  const { projected, operators } = await check(fixture('fixed-batch'), 'out', pictures(2, SMALL), 1);
  expect(operators).toEqual(['Conv', 'Relu', 'Flatten', 'Gemm', 'Reshape', 'Sub', 'MatMul']);
  expect(readOnnx(projected).outputs.at(-1)).toEqual({ name: 'adapted', type: 'float32', dims: [2, 6] });
  expect(inspectAutoencoder(readOnnx(projected), 'adapted')).toMatchObject({
    embeddingOutput: { name: 'adapted', length: 6 },
    batchSize: 2,
  });
});

test('what was projected can be projected again', async () => {
  const image = pictures(5, SMALL);
  const { projected } = await check(fixture('autoencoder'), 'embedding', image);
  const once = rowsOf((await run(projected, image))['adapted']!);
  const found = principalComponents(once, 1);
  const bytes = projectOutput(projected, 'adapted', 'again', found);
  const results = await run(bytes, image);
  rowsOf(results['again']!).forEach((row, n) => {
    const expected = withoutComponents(once[n]!, found);
    row.forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 5));
  });
  expect(readOnnx(extractSubgraph(bytes, ['again'])).operators.slice(-2)).toEqual(['Sub', 'MatMul']);
  expect(inspectAutoencoder(readOnnx(bytes), 'again').embeddingOutput).toEqual({ name: 'again', length: 6 });
});

test('names that the model has already are left to it', async () => {
  const image = pictures(3, SMALL);
  const zero = { mean: new Float64Array(6), components: [] };
  // The first has the name of what the second would store.
  const first = projectOutput(fixture('autoencoder'), 'embedding', 'b.mean', zero);
  const second = projectOutput(first, 'embedding', 'b', zero);
  const names = readOnnx(second).initializers.map(({ name }) => name);
  expect(names.slice(-2)).toEqual(['b.mean.2', 'b.projection']);
  expect(new Set(names).size).toBe(names.length);
  const { b, embedding } = await run(second, image);
  expect(b!.data).toEqual(embedding!.data);

  // `no` is inside a branch only.
  for (const name of ['embedding', 'image', 'code', 'flat', 'no', '']) {
    expect(() => projectOutput(fixture('branches'), 'embedding', name, zero)).toThrow(
      new RangeError(`the name ${name} is taken`),
    );
  }
});

test('outputs that are not there or of another length are refused', () => {
  const project = (output: string, length: number, component = length) => {
    return () =>
      projectOutput(fixture('autoencoder'), output, 'adapted', {
        mean: new Float64Array(length),
        components: [new Float64Array(component)],
      });
  };
  expect(project('embedding', 6)).not.toThrow();
  expect(project('latent', 6)).toThrow(new RangeError('the model has no output latent'));
  expect(project('flat', 240)).toThrow(new RangeError('the model has no output flat'));
  expect(project('embedding', 7)).toThrow(new RangeError('the output embedding has 6 numbers, the mean 7'));
  expect(project('embedding', 6, 7)).toThrow(new RangeError('a component has 7 numbers, the mean 6'));
  expect(() =>
    projectOutput(fixture('bytes-in'), 'embedding', 'adapted', {
      mean: new Float64Array(720),
      components: [],
    }),
  ).toThrow(new RangeError('the output embedding is uint8 of rank 2'));
});
