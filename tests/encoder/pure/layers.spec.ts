import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web/wasm';
import type { Size } from '../../../src/core/domain/model/model';
import type { Attributes } from '../../../src/core/domain/model/onnx-nodes';
import { Random } from '../../random';
import { Layers } from '../../../src/core/encoder/layers/layers';
import { OnnxWriter, type Name } from '../../domain/onnx-writer';

ort.env.wasm.numThreads = 1;

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url));
const module = new WebAssembly.Module(read('src/core/encoder/layers/layers.wasm'));

/** Input of a model as the page makes it: pictures of light and dark patches with noise, in 0..1. */
function pictures(count: number, { height, width }: Size, random = new Random(5)): Float32Array {
  return Float32Array.from({ length: count * 3 * height * width }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const patch = 0.5 + 0.35 * Math.sin(x / 9 + Math.floor(i / width / height)) * Math.cos(y / 13);
    return Math.round(255 * (patch + random.uniform(-0.1, 0.1))) / 255;
  });
}

async function byOnnxRuntime(
  bytes: Uint8Array,
  tensor: Float32Array,
  { height, width }: Size,
  output = 'embedding',
) {
  const session = await ort.InferenceSession.create(bytes);
  const count = tensor.length / (3 * height * width);
  const image = new ort.Tensor('float32', tensor, [count, 3, height, width]);
  const { [output]: found } = await session.run({ image }, [output]);
  await session.release();
  const data = found!.data as Float32Array;
  return Array.from({ length: count }, (_, i) =>
    data.slice((i * data.length) / count, ((i + 1) * data.length) / count),
  );
}

const openLayers = (bytes: Uint8Array, size: Size, output = 'embedding') =>
  new Layers(module, bytes, { input: 'image', output, batchSize: null }, size);

function largestDifference(found: readonly Float32Array[], wanted: readonly Float32Array[]): number {
  expect(found.map(({ length }) => length)).toEqual(wanted.map(({ length }) => length));
  return Math.max(...found.flatMap((numbers, i) => [...numbers].map((x, k) => Math.abs(x - wanted[i]![k]!))));
}

/** All that ship. */
const { models: MODELS } = JSON.parse(read('public/models/index.json').toString()) as {
  readonly models: readonly string[];
};

for (const id of MODELS) {
  test(`${id} gives ONNX Runtime’s embeddings, in batches of any number`, async () => {
    const bytes = new Uint8Array(read(`public/models/${id}/autoencoder.onnx`));
    const size = { height: 216, width: 384 };
    const layers = openLayers(bytes, size);
    const tensor = pictures(5, size);
    const before = tensor.slice();
    const wanted = await byOnnxRuntime(bytes, tensor, size);
    const found = await layers.run(tensor, 5, size);
    expect(largestDifference(found, wanted)).toBeLessThan(1e-5);
    expect(largestDifference(wanted.slice(1), wanted.slice(0, -1))).toBeGreaterThan(1e-2);
    expect(tensor.every((x, i) => x === before[i])).toBe(true);
    // Alone, after others, and fewer than the tensor has room for: to the last bit.
    const one = 3 * size.height * size.width;
    expect(await layers.run(tensor.subarray(3 * one), 1, size)).toEqual([found[3]]);
    expect(await layers.run(tensor, 3, size)).toEqual(found.slice(0, 3));
  });
}

/** A model of one picture input whose nodes `add` writes. */
function model(
  { height, width }: Size,
  length: number | string,
  add: (writer: OnnxWriter, image: Name, weights: (...dims: number[]) => Name) => Name,
): Uint8Array {
  const writer = new OnnxWriter();
  const random = new Random(2);
  const weights = (...dims: number[]) => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    return writer.constant(
      Float32Array.from({ length: count }, () => random.uniform(-0.5, 0.5)),
      dims,
    );
  };
  const of = add(writer, 'image', weights);
  return writer.build({ image: ['N', 3, height, width] }, { embedding: { of, dims: ['N', length] } });
}

const conv = (strides: number[], pads: number[], kernel: number[]): Attributes => ({
  strides,
  pads,
  kernel_shape: kernel,
});

const CASES: Readonly<Record<string, [Size, number, Parameters<typeof model>[2]]>> = {
  'odd sizes, uneven pads and strides, channels that fill no vector': [
    { height: 23, width: 37 },
    5,
    (writer, image, weights) => {
      const a = writer.node(
        'Conv',
        [image, weights(5, 3, 3, 4), weights(5)],
        conv([2, 3], [1, 0, 2, 3], [3, 4]),
      );
      const b = writer.node(
        'Conv',
        [writer.node('Relu', [a]), weights(9, 5, 5, 1)],
        conv([1, 1], [2, 0, 1, 0], [5, 1]),
      );
      const c = writer.node('Flatten', [writer.node('Abs', [b])], { axis: 1 });
      const length = 9 * 11 * 13;
      return writer.node('Gemm', [c, weights(length, 5)], {});
    },
  ],
  'a map that two nodes read is not changed for one of them': [
    { height: 12, width: 16 },
    12,
    (writer, image, weights) => {
      const a = writer.node(
        'Conv',
        [image, weights(2, 3, 4, 4), weights(2)],
        conv([4, 4], [0, 0, 0, 0], [4, 4]),
      );
      const both = writer.node('Concat', [writer.node('Relu', [a]), a, writer.node('Abs', [a])], { axis: 1 });
      const pooled = writer.node('AveragePool', [both], { kernel_shape: [3, 2], strides: [1, 2] });
      return writer.node('Flatten', [pooled], { axis: 1 });
    },
  ],
  'arithmetic with numbers and with each other': [
    { height: 8, width: 8 },
    32,
    (writer, image, weights) => {
      const a = writer.node('Conv', [image, weights(4, 3, 2, 2)], conv([2, 2], [0, 0, 0, 0], [2, 2]));
      const b = writer.node('AveragePool', [writer.node('Abs', [a])], {
        kernel_shape: [2, 1],
        strides: [2, 1],
      });
      const logs = writer.node('Log', [writer.node('Add', [b, writer.scalar(0.01)])]);
      const c = writer.node('Sub', [
        writer.node('Mul', [b, logs]),
        writer.node('Div', [writer.scalar(3), logs]),
      ]);
      const list = writer.node('Flatten', [c], { axis: 1 });
      const d = writer.node('Gemm', [list, weights(32, 32), weights(32)], { transB: 1 });
      return writer.node('Relu', [writer.node('Sub', [d, writer.scalar(0.5)])]);
    },
  ],
};

for (const [name, [size, length, add]] of Object.entries(CASES)) {
  test(`as ONNX Runtime has it: ${name}`, async () => {
    const bytes = model(size, length, add);
    const tensor = pictures(3, size);
    const wanted = await byOnnxRuntime(bytes, tensor, size);
    const found = await openLayers(bytes, size).run(tensor, 3, size);
    const scale = Math.max(...wanted.flatMap((numbers) => [...numbers].map(Math.abs)));
    expect(scale).toBeGreaterThan(0.1);
    expect(largestDifference(found, wanted) / scale).toBeLessThan(1e-6);
  });
}

/** Nodes with which ONNX Runtime opens no model, or can't run it. */
const NONSENSE: Readonly<Record<string, Parameters<typeof model>[2]>> = {
  ...Object.fromEntries(
    Object.entries<Attributes>({
      'auto_pad and pads at once': { auto_pad: 'VALID', pads: [1, 1, 1, 1] },
      'pads of no width at once with auto_pad': { auto_pad: 'VALID', pads: [0, 0, 0, 0] },
      'pads of two numbers': { pads: [0, 0] },
      'strides of three numbers': { strides: [1, 1, 1] },
      'a kernel of one side': { kernel_shape: [2] },
      'a kernel of another size than its weights': { kernel_shape: [3, 3] },
    }).map(([name, attributes]): [string, Parameters<typeof model>[2]] => [
      `a Conv with ${name}`,
      (writer, image, weights) =>
        writer.node('Flatten', [writer.node('Conv', [image, weights(4, 3, 2, 2)], attributes)], { axis: 1 }),
    ]),
  ),
  'a Relu of two inputs': (writer, image) =>
    writer.node('Flatten', [writer.node('Relu', [image, image])], { axis: 1 }),
  'a sum of one': (writer, image) => writer.node('Flatten', [writer.node('Add', [image])], { axis: 1 }),
  'a Gemm that is turned to another size': (writer, image, weights) =>
    writer.node('Gemm', [writer.node('Flatten', [image], { axis: 1 }), weights(192, 4)], { transB: 2 }),
  'an operator of the name of a field that every object has': (writer, image, weights) => {
    const a = writer.node('Conv', [image, weights(4, 3, 2, 2)], {});
    return writer.node('Flatten', [writer.node('constructor', [a])], { axis: 1 });
  },
};

for (const [name, add] of Object.entries(NONSENSE)) {
  test(`refused, as by ONNX Runtime: ${name}`, async () => {
    const size = { height: 8, width: 8 };
    const bytes = model(size, 'L', add);
    await expect(byOnnxRuntime(bytes, pictures(1, size), size)).rejects.toThrow();
    expect(() => openLayers(bytes, size)).toThrow(expect.objectContaining({ name: 'UnknownShape' }));
  });
}

const REFUSED: Readonly<Record<string, Parameters<typeof model>[2]>> = {
  'an operator that is not known': (writer, image) =>
    writer.node('Flatten', [writer.node('Sigmoid', [image])], { axis: 1 }),
  'a known shape without code': (writer, image) =>
    writer.node('Flatten', [writer.node('MaxPool', [image], { kernel_shape: [2, 2], strides: [2, 2] })], {
      axis: 1,
    }),
  'a Conv of groups': (writer, image, weights) => {
    const a = writer.node('Conv', [image, weights(3, 1, 1, 1)], {
      ...conv([1, 1], [0, 0, 0, 0], [1, 1]),
      group: 3,
    });
    return writer.node('Flatten', [a], { axis: 1 });
  },
  'a Conv with holes': (writer, image, weights) => {
    const a = writer.node('Conv', [image, weights(4, 3, 2, 2)], {
      ...conv([1, 1], [0, 0, 0, 0], [2, 2]),
      dilations: [2, 2],
    });
    return writer.node('Flatten', [a], { axis: 1 });
  },
  'filters for other channels': (writer, image, weights) =>
    writer.node(
      'Flatten',
      [writer.node('Conv', [image, weights(4, 2, 1, 1)], conv([1, 1], [0, 0, 0, 0], [1, 1]))],
      { axis: 1 },
    ),
  'a map narrower than four pixels': (writer, image, weights) =>
    writer.node(
      'Flatten',
      [writer.node('Conv', [image, weights(4, 3, 2, 6)], conv([2, 1], [0, 0, 0, 0], [2, 6]))],
      { axis: 1 },
    ),
  'pads that no memory holds': (writer, image, weights) =>
    writer.node(
      'Flatten',
      [writer.node('Conv', [image, weights(4, 3, 1, 1)], conv([1e9, 1e9], [1e9, 1e9, 1e9, 1e9], [1, 1]))],
      { axis: 1 },
    ),
  'strides of nothing': (writer, image, weights) =>
    writer.node(
      'Flatten',
      [writer.node('Conv', [image, weights(4, 3, 1, 1)], conv([0, 0], [0, 0, 0, 0], [1, 1]))],
      { axis: 1 },
    ),
  'a Gemm that scales': (writer, image, weights) =>
    writer.node('Gemm', [writer.node('Flatten', [image], { axis: 1 }), weights(192, 4)], { alpha: 0.5 }),
  'numbers of several lengths': (writer, image, weights) =>
    writer.node('Flatten', [writer.node('Add', [image, weights(8)])], { axis: 1 }),
};

for (const [name, add] of Object.entries(REFUSED)) {
  test(`left to ONNX Runtime: ${name}`, () => {
    expect(() => openLayers(model({ height: 8, width: 8 }, 4, add), { height: 8, width: 8 })).toThrow(
      expect.objectContaining({ name: 'UnknownShape' }),
    );
  });
}
