import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import {
  extractSubgraph,
  inspectAutoencoder,
  readOnnx,
  widenFloat16Weights,
} from '../../../src/core/domain/model/onnx';
import {
  concatBytes,
  delimited,
  FLOAT32,
  GRAPH,
  integer,
  MODEL,
  openModel,
  readFloats,
  string,
  TENSOR,
} from '../../../src/core/domain/model/onnx-wire';
import { told } from '../../told';

// made by the onnx package: tests/fixtures/onnx/make.py
const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/onnx/${name}.onnx`, import.meta.url)));

const refusal = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return told(error);
  }
  return 'accepted';
};

test('an exported autoencoder is read: versions, values, weights, operators, metadata', () => {
  expect(readOnnx(fixture('autoencoder'))).toEqual({
    irVersion: 8,
    opset: 17,
    inputs: [{ name: 'image', type: 'float32', dims: ['N', 3, 12, 20] }],
    outputs: [
      { name: 'reconstruction', type: 'float32', dims: ['N', 3, 12, 20] },
      { name: 'embedding', type: 'float32', dims: ['N', 6] },
    ],
    initializers: [
      { name: 'conv', type: 'float32', dims: [4, 3, 3, 3] },
      { name: 'code', type: 'float32', dims: [6, 240] },
      { name: 'back', type: 'float32', dims: [720, 6] },
      { name: 'picture', type: 'int64', dims: [4] },
    ],
    operators: ['Conv', 'Relu', 'Flatten', 'Gemm', 'Sigmoid', 'Reshape'],
    metadata: { 'made by': 'make.py' },
  });
});

test('the embedding and the reconstruction are told apart whatever their order', () => {
  const image = { name: 'image', height: 12, width: 20 };
  expect(inspectAutoencoder(readOnnx(fixture('autoencoder')))).toEqual({
    input: image,
    embeddingOutput: { name: 'embedding', length: 6 },
    reconstructionOutput: 'reconstruction',
    batchSize: null,
  });
  expect(inspectAutoencoder(readOnnx(fixture('fixed-batch')))).toEqual({
    input: image,
    embeddingOutput: { name: 'out', length: 6 },
    reconstructionOutput: null,
    batchSize: 2,
  });
  expect(inspectAutoencoder(readOnnx(fixture('any-size')))).toEqual({
    input: { name: 'image', height: null, width: null },
    embeddingOutput: { name: 'z', length: null },
    reconstructionOutput: null,
    batchSize: null,
  });
});

test('an output is taken when somebody names it, and refused when it is not there', () => {
  const model = readOnnx(fixture('autoencoder'));
  expect(inspectAutoencoder(model, 'reconstruction').embeddingOutput).toEqual({
    name: 'reconstruction',
    length: 720,
  });
  expect(refusal(() => inspectAutoencoder(model, 'latent'))).toMatch(/^model-no-embedding: 2 outputs/);
});

test('a model that takes no pictures or gives no embedding is refused with what it has', () => {
  const inspect = (name: string) => refusal(() => inspectAutoencoder(readOnnx(fixture(name))));
  expect(inspect('channels-last')).toBe('model-input: 1 input: image float32 [N, 12, 20, 3]');
  expect(inspect('bytes-in')).toBe('model-input: 1 input: image uint8 [N, 3, 12, 20]');
  expect(inspect('two-inputs')).toBe(
    'model-input: 2 inputs: image float32 [N, 3, 12, 20], mask float32 [N, 3, 12, 20]',
  );
  expect(inspect('no-embedding')).toBe('model-no-embedding: 1 output: reconstruction float32 [N, 3, 12, 20]');
});

test('of values with long names, or of many, a refusal names a few, shortened', () => {
  const value = { name: `x\u202e${'n'.repeat(9_000)}`, type: 'float32', dims: ['N'.repeat(9_000), 3] };
  const model = { ...readOnnx(fixture('autoencoder')), inputs: Array(500).fill(value) };
  const told = refusal(() => inspectAutoencoder(model));
  expect(told).toMatch(/^model-input: 500 inputs: x n+… float32 \[N+…, 3\], /);
  expect(told.length).toBeLessThan(1_000);
});

test('weights in another file are refused by name', () => {
  expect(refusal(() => readOnnx(fixture('external-data')))).toBe('model-external-data: weights');
});

test('files of other kinds are refused', () => {
  const text = (characters: string) => new TextEncoder().encode(characters);
  const zip = Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
  const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]);
  for (const bytes of [
    new Uint8Array(0),
    text('<!doctype html><title>404</title>'),
    text('{"a": 1}'),
    zip,
    png,
  ]) {
    expect(refusal(() => readOnnx(bytes))).toMatch(/^model-not-onnx: /);
  }
});

test('a model cut off anywhere is refused, never half read', () => {
  const bytes = fixture('branches');
  const whole = readOnnx(bytes);
  const outcomes = new Map<number, string>();
  // Fields after the graph, such as the opset, are whole: without them, less is known.
  const graphEnd = bytes.length - 60;
  for (let length = 0; length < bytes.length; length += length < 500 || length > graphEnd ? 1 : 97) {
    const outcome = refusal(() =>
      expect(readOnnx(bytes.subarray(0, length)).initializers).toEqual(whole.initializers),
    );
    outcomes.set(length, outcome);
  }
  const accepted = [...outcomes].filter(([, outcome]) => outcome === 'accepted').map(([length]) => length);
  expect(Math.min(...accepted)).toBeGreaterThan(graphEnd);
  const refusals = [...outcomes.values()].filter((outcome) => outcome !== 'accepted');
  expect(refusals.filter((outcome) => !outcome.startsWith('model-not-onnx: '))).toEqual([]);
  expect(refusals.length).toBeGreaterThan(700);
});

test('damaged bytes are refused or read, but nothing else is thrown', () => {
  const bytes = fixture('float16');
  let state = 1;
  const random = (below: number) => (state = (state * 48271) % 2147483647) % below;
  const outcomes = Array.from({ length: 1000 }, () => {
    const copy = bytes.slice();
    for (let i = 0; i < 3; i += 1) copy[random(600)] = random(256);
    return refusal(() => inspectAutoencoder(readOnnx(copy)));
  });
  expect(outcomes.filter((outcome) => !/^(accepted$|model-)/.test(outcome))).toEqual([]);
});

test('weights shorter than their shape are refused', () => {
  const bytes = fixture('autoencoder');
  // dims of `code`: 6, 240 as varints; 241 asks for more numbers than there are
  const at = Buffer.from(bytes).indexOf(Uint8Array.from([8, 6, 8, 240, 1]));
  expect(at).toBeGreaterThan(0);
  bytes[at + 3] = 241;
  expect(refusal(() => readOnnx(bytes))).toBe(
    'model-not-onnx: the weights code have 5760 bytes instead of 5784',
  );
});

test('the encoder alone keeps only what the embedding needs, and the file stays as it was', () => {
  const bytes = fixture('autoencoder');
  const before = bytes.slice();
  const model = readOnnx(extractSubgraph(bytes, ['embedding']));
  expect(bytes).toEqual(before);
  expect(model.operators).toEqual(['Conv', 'Relu', 'Flatten', 'Gemm']);
  expect(model.initializers.map(({ name }) => name)).toEqual(['conv', 'code']);
  expect(model.inputs.map(({ name }) => name)).toEqual(['image']);
  expect(model.outputs).toEqual([{ name: 'embedding', type: 'float32', dims: ['N', 6] }]);
  expect(model).toMatchObject({ irVersion: 8, opset: 17, metadata: { 'made by': 'make.py' } });
});

test('what a branch takes from the graph around it is kept', () => {
  const model = readOnnx(extractSubgraph(fixture('branches'), ['embedding']));
  expect(model.initializers.map(({ name }) => name)).toEqual(['conv', 'code', 'unlike', 'always']);
  expect(model.operators).toEqual(['Conv', 'Relu', 'Flatten', 'If']);
});

test('a part that can’t be computed is refused', () => {
  expect(refusal(() => extractSubgraph(fixture('autoencoder'), ['nothing']))).toBe(
    'model-not-onnx: nothing computes nothing',
  );
});

test('pictures and embeddings that no device has room for are refused', () => {
  const model = readOnnx(fixture('autoencoder'));
  const inspect = (input: (number | null)[], embedding = 6) =>
    refusal(() =>
      inspectAutoencoder({
        ...model,
        inputs: [{ name: 'image', type: 'float32', dims: input }],
        outputs: [{ name: 'embedding', type: 'float32', dims: [null, embedding] }],
      }),
    );
  expect(inspect([1, 3, 8192, 8192])).toBe('accepted');
  for (const input of [
    [1, 3, 8193, 1],
    [1, 3, 1, 2 ** 40],
    [2, 3, 8192, 8192],
    [2 ** 31, 3, null, null],
  ]) {
    expect(inspect(input), String(input)).toMatch(/^model-input: 1 input: image float32/);
  }
  expect(inspect([null, 3, 12, 20], 1_000_001)).toMatch(/^model-no-embedding/);
});

test('numbers that end before they should are damage', () => {
  const weightsOf = (bytes: Uint8Array) => openModel(bytes).graph.initializers.map(readFloats);
  const tensor = (...fields: readonly Uint8Array[]) => delimited(GRAPH.initializer, concatBytes(fields));
  const model = (part: Uint8Array) =>
    delimited(MODEL.graph, concatBytes([delimited(GRAPH.output, string(1, 'y')), part]));
  // Eleven bytes, each of which says that another follows.
  const endless = delimited(TENSOR.dims, new Uint8Array(11).fill(0x80));
  expect(refusal(() => readOnnx(model(tensor(endless))))).toBe('model-not-onnx: its fields make no sense');
  const three = delimited(TENSOR.float, Uint8Array.of(1, 2, 3));
  const cut = model(tensor(integer(TENSOR.type, FLOAT32), three));
  expect(refusal(() => weightsOf(cut))).toBe('model-not-onnx: its fields make no sense');
  const four = delimited(TENSOR.float, new Uint8Array(4));
  const few = model(
    tensor(integer(TENSOR.dims, 2), integer(TENSOR.type, FLOAT32), string(TENSOR.name, 'w'), four),
  );
  expect(refusal(() => weightsOf(few))).toBe('model-not-onnx: the weights w are 1 numbers instead of 2');
});

test('float16 weights become the same float32 weights, without casts', () => {
  const wide = widenFloat16Weights(fixture('float16'));
  const model = readOnnx(wide);
  const plain = readOnnx(fixture('autoencoder'));
  expect(model.operators).toEqual(plain.operators);
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
  expect([...model.initializers].sort(byName)).toEqual([...plain.initializers].sort(byName));
  // make.py rounds all weights to float16 first, so both files hold `conv` as the same 432 bytes.
  const twin = Buffer.from(fixture('autoencoder'));
  const start = twin.indexOf(Buffer.from('convJ\xb0\x03', 'latin1'));
  expect(start).toBeGreaterThan(0);
  expect(Buffer.from(wide).includes(twin.subarray(start, start + 7 + 432))).toBe(true);
});

test('a model without float16 weights is handed back as it is', () => {
  const bytes = fixture('autoencoder');
  expect(widenFloat16Weights(bytes)).toBe(bytes);
});
