import { expect, test } from '@playwright/test';
import { MmdStreaming } from '../../../src/core/domain/drift/detectors';
import type { Embedding } from '../../../src/core/domain/drift/embedding';
import { kernelSaturation } from '../../../src/core/domain/drift/kernel';
import { rbfKernel } from '../../oracles/rbf-kernel';
import { MmdWeigher } from '../../../src/core/domain/drift/mmd-shares';
import { normalNumbers } from './streams';

const SIGMA = 2.5;

function embeddings(count: number, seed: number, shift = 0): Embedding[] {
  const normal = normalNumbers(seed);
  return Array.from({ length: count }, () => Float32Array.from({ length: 16 }, () => normal() + shift));
}

const REFERENCE = embeddings(40, 1);

const sumOf = (weights: { samples: readonly { contribution: number }[] }) =>
  weights.samples.reduce((sum, { contribution }) => sum + contribution, 0);

for (const [what, window] of [
  ['a clean window', embeddings(12, 2)],
  ['a drifted window', embeddings(12, 3, 1)],
  ['two snapshots', embeddings(2, 4)],
  ['twelve times the same snapshot', Array.from({ length: 12 }, () => embeddings(1, 5)[0]!)],
  ['a window far from everything', embeddings(12, 6, 1000)],
] as const) {
  test(`contributions of ${what} sum to the detector's distance`, () => {
    const detector = new MmdStreaming({ windowSize: window.length, sigma: SIGMA });
    detector.fit(REFERENCE);
    const distance = window.map((embedding) => detector.update(embedding)).at(-1);
    const weights = new MmdWeigher(REFERENCE, SIGMA).weigh(window);
    // Not a bit off: a stored distance that differs had another window.
    expect(weights.distance).toBe(distance);
    expect(Math.abs(sumOf(weights) - weights.distance)).toBeLessThan(1e-12);
  });
}

test('a stray snapshot weighs most and is the least familiar, wherever it stands in the window', () => {
  for (const place of [0, 5, 11]) {
    const window = embeddings(12, 7);
    window[place] = embeddings(1, 8, 3)[0]!;
    const { samples } = new MmdWeigher(REFERENCE, SIGMA).weigh(window);
    const by = (key: 'contribution' | 'familiarity') => samples.map((sample) => sample[key]);
    expect(by('contribution').indexOf(Math.max(...by('contribution')))).toBe(place);
    expect(by('familiarity').indexOf(Math.min(...by('familiarity')))).toBe(place);
  }
});

test('familiarity is the mean kernel to the reference, and a clean one has what the reference has of itself', () => {
  const window = embeddings(2, 9);
  const { samples, cleanFamiliarity } = new MmdWeigher(REFERENCE, SIGMA).weigh(window);
  const kernels = REFERENCE.map((embedding) => rbfKernel(embedding, window[1]!, SIGMA));
  const mean = kernels.reduce((sum, kernel) => sum + kernel, 0) / kernels.length;
  expect(samples[1]?.familiarity).toBeCloseTo(mean, 14);
  expect(cleanFamiliarity).toBe(kernelSaturation(REFERENCE, SIGMA));
});

test('in a drifted window a snapshot that is still clean pulls the distance down', () => {
  const window = [...embeddings(11, 10, 1.5), ...embeddings(1, 11)];
  const { samples } = new MmdWeigher(REFERENCE, SIGMA).weigh(window);
  expect(samples.at(-1)?.contribution).toBeLessThan(0);
  expect(Math.min(...samples.slice(0, -1).map(({ contribution }) => contribution))).toBeGreaterThan(0);
});

test('neither the reference nor the window is changed, and one weigher serves many windows', () => {
  const reference = REFERENCE.map((embedding) => embedding.slice());
  const [first, second] = [embeddings(12, 12), embeddings(12, 13)];
  const copies = first.map((embedding) => embedding.slice());
  const weigher = new MmdWeigher(reference, SIGMA);
  const once = weigher.weigh(first);
  weigher.weigh(second);
  expect(weigher.weigh(first)).toEqual(once);
  expect(reference).toEqual(REFERENCE);
  expect(first).toEqual(copies);
});

test('what has no distance is refused', () => {
  expect(() => new MmdWeigher(REFERENCE.slice(1, 2), SIGMA)).toThrow('reference-too-small');
  expect(() => new MmdWeigher(REFERENCE, 0)).toThrow('detector-settings');
  const weigher = new MmdWeigher(REFERENCE, SIGMA);
  expect(() => weigher.weigh(embeddings(1, 14))).toThrow(RangeError);
  expect(() => weigher.weigh([new Float32Array(3), new Float32Array(3)])).toThrow('embedding-length');
});
