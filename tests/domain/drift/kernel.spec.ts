import { expect, test } from '@playwright/test';
import { kernelSaturation, medianSigma } from '../../../src/core/domain/drift/kernel';
import { rbfKernel } from '../../oracles/rbf-kernel';
import { refusalOf } from '../../told';

const square = [
  [0, 0],
  [3, 0],
  [3, 4],
  [0, 4],
].map((point) => Float32Array.from(point));

test('a kernel is 1 for equal samples and exp(-1/2) at a distance of one sigma, exactly', () => {
  const origin = Float32Array.of(0, 0);
  expect(rbfKernel(origin, origin, 0.3)).toBe(1);
  expect(rbfKernel(origin, Float32Array.of(3, 4), 5)).toBe(Math.exp(-0.5));
});

test('a kernel is computed in float64 from float32 samples', () => {
  const a = Float32Array.of(0.1, 0.2, 0.3);
  const b = Float32Array.of(0.4, 0.6, 0.9);
  const squared = a.reduce((sum, x, k) => sum + (x - b[k]!) ** 2, 0);
  // The product with -1 / 2σ² rounds otherwise than the quotient: one unit in the last place of the exponent.
  expect(Math.abs(rbfKernel(a, b, 0.3) - Math.exp(-squared / (2 * 0.3 ** 2)))).toBeLessThan(1e-15);
  expect(rbfKernel(a, b, 0.3)).not.toBe(Math.fround(rbfKernel(a, b, 0.3)));
});

test('a kernel has the same bits with its samples exchanged', () => {
  const a = Float32Array.from({ length: 67 }, (_, k) => Math.sin(k));
  const b = Float32Array.from({ length: 67 }, (_, k) => Math.cos(3 * k));
  expect(rbfKernel(a, b, 2)).toBe(rbfKernel(b, a, 2));
});

test('median sigma is the median distance, not a squared or halved one', () => {
  // distances 3, 3, 4, 4, 5, 5
  expect(medianSigma(square)).toBe(4);
  // distances 3, 4, 5
  expect(medianSigma(square.slice(0, 3))).toBe(4);
  // distances 1, 3, 4, 5, 6, 9: the mean of the middle two
  expect(medianSigma([0, 4, 9, 3].map((x) => Float32Array.of(x)))).toBe(4.5);
});

test('median sigma does not reorder the embeddings', () => {
  const embeddings = [2, 0, 1].map((x) => Float32Array.of(x));
  const before = embeddings.map((embedding) => [...embedding]);
  medianSigma(embeddings);
  expect(embeddings.map((embedding) => [...embedding])).toEqual(before);
});

test('equal embeddings have no median sigma', () => {
  const same = [1, 1, 1].map((x) => Float32Array.of(x));
  expect(() => medianSigma(same)).toThrow(expect.objectContaining({ code: 'detector-settings' }));
});

test('saturation is about 0 for a sigma far too small, about 1 for one far too large', () => {
  expect(kernelSaturation(square, 0.05)).toBeLessThan(0.01);
  expect(kernelSaturation(square, 500)).toBeGreaterThan(0.99);
  const kernels = [9, 25, 16, 16, 25, 9].map((squared) => Math.exp(-squared / 32));
  // Six kernels are added in another order: a few units in the last place.
  expect(kernelSaturation(square, 4)).toBeCloseTo(kernels.reduce((sum, k) => sum + k, 0) / 6, 14);
});

test('one embedding has neither a median sigma nor a saturation', () => {
  const tooSmall = expect.objectContaining({ code: 'reference-too-small' });
  expect(() => medianSigma(square.slice(0, 1))).toThrow(tooSmall);
  expect(() => kernelSaturation([], 1)).toThrow(tooSmall);
});

for (const sigma of [0, -1, NaN, Infinity, 1e-200, 1e200]) {
  test(`sigma ${sigma} is refused before it can make a NaN`, () => {
    const refused = expect.objectContaining({ code: 'detector-settings' });
    expect(() => rbfKernel(square[0]!, square[0]!, sigma)).toThrow(refused);
    expect(() => kernelSaturation(square, sigma)).toThrow(refused);
  });
}

test('samples of different lengths and samples with NaN are refused', () => {
  const [a] = square;
  const refused = (b: Float32Array) => refusalOf(() => rbfKernel(a!, b, 1));
  expect(refused(Float32Array.of(1))).toBe('embedding-length: 1 instead of 2 in row 1');
  expect(refused(Float32Array.of(1, NaN))).toBe('embedding-not-finite: NaN in row 1');
});
