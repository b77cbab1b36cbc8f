import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { resizeCoefficients, tensorValues, toTensor } from '../../../src/core/domain/model/transform';
import type { Size, Transform } from '../../../src/core/domain/model/model';
import type { Pixels } from '../../../src/core/encoder/png';
import { resizeBilinear } from '../../oracles/resize';
import { resizer } from '../../wasm';

const FIXTURES = new URL('../../fixtures/resize/', import.meta.url);
const TARGET = { height: 216, width: 384 };
const PLAIN: Transform = { resize: TARGET, mean: [0, 0, 0], std: [1, 1, 1] };

function json<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, FIXTURES), 'utf8')) as T;
}

/** The bytes of a uint8 array that numpy saved, without its header. */
function npyBytes(name: string): Uint8Array {
  const file = readFileSync(new URL(name, FIXTURES));
  return new Uint8Array(file.subarray(10 + file.readUInt16LE(8)));
}

function picture(width: number, height: number, colour: (x: number, y: number) => readonly number[]): Pixels {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([...colour(x, y), 77], (y * width + x) * 4);
  }
  return { width, height, data };
}

/** By WebAssembly; the oracle gives the same. */
function resized(source: Pixels, size: Size): Uint8Array {
  const bytes = resizer.resize(source.data, source, size).slice();
  expect(Buffer.compare(bytes, resizeBilinear(source, size))).toBe(0);
  return bytes;
}

test('the taps of each axis are Pillow’s, to the integer', () => {
  const { coefficients } = json<{
    coefficients: Record<string, { out: number; first: number; k: number[] }[]>;
  }>('index.json');
  for (const [axis, outputs] of Object.entries(coefficients)) {
    const [nIn, nOut] = axis.split('->').map(Number) as [number, number];
    const { taps, first, weights } = resizeCoefficients(nIn, nOut);
    for (const { out, first: start, k } of outputs) {
      expect(first[out], `${axis} output ${out}`).toBe(start);
      const got = [...weights.subarray(out * taps, out * taps + k.length)];
      expect(got, `${axis} output ${out}`).toEqual(k);
    }
  }
});

test('an axis that keeps its length passes every sample through', () => {
  const { count, first, taps, weights } = resizeCoefficients(5, 5);
  for (let i = 0; i < 5; i++) {
    const used = [...weights.subarray(i * taps, i * taps + count[i]!)];
    expect(first[i]).toBe(i);
    expect(used.filter((weight) => weight !== 0)).toEqual([1 << 22]);
  }
});

test('a 4000×3000 gradient resizes to Pillow’s bytes @long', () => {
  const source = picture(4000, 3000, (x, y) => [
    Math.floor((255 * x) / 3999),
    Math.floor((255 * y) / 2999),
    (x + y) & 255,
  ]);
  expect(Buffer.compare(resized(source, TARGET), npyBytes('gradient_4000x3000.npy'))).toBe(0);
});

test('halving two pixels rounds the mean half up', () => {
  const source = picture(2, 1, (x) => [x, 10 + 2 * x, 255]);
  expect([...resized(source, { height: 1, width: 1 })]).toEqual([1, 11, 255]);
});

test('the horizontal pass is rounded to bytes before the vertical one', () => {
  // The rows 0 1 and 0 0 give 1 and 0, and those 1. In one go the mean, 0.25, would give 0.
  const source = picture(2, 2, (x, y) => (x === 1 && y === 0 ? [1, 1, 1] : [0, 0, 0]));
  expect([...resized(source, { height: 1, width: 1 })]).toEqual([1, 1, 1]);
});

test('one pixel fills any size, and its fourth byte is ignored', () => {
  const source = picture(1, 1, () => [9, 200, 31]);
  const copy = source.data.slice();
  const filled = resized(source, { height: 3, width: 5 });
  expect(filled).toHaveLength(45);
  expect([...new Set(filled)]).toEqual([9, 200, 31]);
  expect(source.data).toEqual(copy);
});

test('a byte becomes the float32 of ToTensor', () => {
  const { totensor } = json<{ totensor: { table_float32: number[] } }>('index.json');
  const values = tensorValues(PLAIN);
  for (let channel = 0; channel < 3; channel++) {
    expect([...values.subarray(channel * 256, channel * 256 + 256)]).toEqual(totensor.table_float32);
  }
});

test('Normalize gives torch’s float32 for each byte and channel', () => {
  const { cases } = json<{ cases: (Pick<Transform, 'mean' | 'std'> & { values: number[][] })[] }>(
    'normalize.json',
  );
  expect(cases).toHaveLength(3);
  for (const { mean, std, values } of cases) {
    expect([...tensorValues({ mean, std })]).toEqual(values.flat());
  }
});

test('the tensor has the channels first and begins at the offset', () => {
  const transform: Transform = { resize: { height: 1, width: 2 }, mean: [0.5, 0, 0], std: [1, 1, 0.5] };
  const out = new Float32Array(8).fill(-7);
  toTensor(new Uint8Array([255, 0, 255, 0, 255, 51]), transform, out, 1);
  expect([...out]).toEqual([-7, 0.5, -0.5, 0, 1, 2, Math.fround(Math.fround(0.2) / 0.5), -7]);
});

test('pixels of another size, and of neither three nor four bytes, are not resized', () => {
  for (const bytes of [5, 7, 12, 16])
    expect(() => resizer.resize(new Uint8Array(bytes), { height: 1, width: 2 }, TARGET)).toThrow(RangeError);
});

test('bytes of another size, or too short an output, are refused', () => {
  const transform: Transform = { ...PLAIN, resize: { height: 1, width: 2 } };
  expect(() => {
    toTensor(new Uint8Array(7), transform, new Float32Array(6), 0);
  }).toThrow(RangeError);
  expect(() => {
    toTensor(new Uint8Array(6), transform, new Float32Array(6), 1);
  }).toThrow(RangeError);
});
