import { expect, test } from '@playwright/test';
import { mmdPermutationTest } from '../../../src/features/calibrate/pure/permutation-test';
import {
  countOverlap,
  permutationHistogram,
  smallestPValue,
  spreadSample,
  usablePermutations,
  type Member,
} from '../../../src/core/domain/drift/sets';

const member = (name: string, value: number, capturedAt: number | null = null): Member => ({
  name,
  embedding: Float32Array.of(value, -value),
  capturedAt,
});

test('a spread sample keeps the first, the last and the order, and takes nothing twice', () => {
  const items = Array.from({ length: 4999 }, (_, i) => i);
  const sample = spreadSample(items, 2000);
  expect(sample).toHaveLength(2000);
  expect([sample[0], sample.at(-1)]).toEqual([0, 4998]);
  expect(new Set(sample).size).toBe(2000);
  expect([...sample].sort((a, b) => a - b)).toEqual(sample);
  const steps = sample.slice(1).map((item, i) => item - sample[i]!);
  expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1);
});

test('a set that is small enough is its own sample', () => {
  expect(spreadSample([3, 1, 2], 3)).toEqual([3, 1, 2]);
});

test('a sample keeps the order, both ends and even steps; what is few enough stays whole', () => {
  const items = Array.from({ length: 70 }, (_, i) => i);
  const sample = spreadSample(items, 24);
  expect(sample).toHaveLength(24);
  expect([sample[0], sample.at(-1)]).toEqual([0, 69]);
  for (let i = 1; i < sample.length; i++) expect(sample[i]! - sample[i - 1]!).toBe(3);
  expect(spreadSample(items, 70)).toEqual(items);
});

test('a snapshot is in both sets by its name or by exactly its embedding', () => {
  const a = [member('one.jpg', 1), member('two.jpg', 2), member('', 3)];
  expect(countOverlap(a, [member('one.jpg', 9), member('other.jpg', 3), member('', 8)])).toBe(2);
  expect(countOverlap(a, [member('', 1 + 2 ** -23)])).toBe(0);
  expect(countOverlap([], a)).toBe(0);
});

test('two snapshots of one name and different times are two', () => {
  const a = [member('IMG_1.jpg', 1, 1000)];
  expect(countOverlap(a, [member('IMG_1.jpg', 2, 2000)])).toBe(0);
  expect(countOverlap(a, [member('IMG_1.jpg', 2, 1000)])).toBe(1);
  expect(countOverlap(a, [member('IMG_1.jpg', 2, null)])).toBe(1);
});

test('no more permutations are asked for than there are orderings', () => {
  expect(usablePermutations(4, 1000)).toBe(24);
  expect(usablePermutations(6, 1000)).toBe(720);
  expect(usablePermutations(7, 1000)).toBe(1000);
  expect(usablePermutations(4000, 100_000)).toBe(100_000);
});

test('two and two embeddings never give a small p-value, however far apart they are', () => {
  const [near, far] = [
    [0, 0.1].map((x) => Float32Array.of(x)),
    [50, 50.1].map((x) => Float32Array.of(x)),
  ] as const;
  const numPermutations = usablePermutations(4, 1000);
  const options = { sigma: 1, numPermutations, randomState: 31 };
  const { pValue, numExtreme } = mmdPermutationTest(near, far, options);
  // 8 of the 24 orderings have the split as it is, or its mirror image.
  expect(pValue).toBe(9 / 25);
  expect(numExtreme).toBe(8);
  expect(smallestPValue(2, 2, numPermutations)).toBeCloseTo(1 / 3, 12);
});

test('the smallest p-value is one split of all, or one try of all', () => {
  expect(smallestPValue(2, 3, 1000)).toBeCloseTo(1 / 10, 12);
  expect(smallestPValue(3, 2, 1000)).toBeCloseTo(1 / 10, 12);
  expect(smallestPValue(2000, 2000, 1000)).toBe(1 / 1001);
});

test('a histogram counts every statistic once, the largest in the last bin', () => {
  const statistics = Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i));
  const before = statistics.slice();
  const { from, to, counts } = permutationHistogram(statistics, 0);
  expect(counts).toHaveLength(24);
  expect(counts.reduce((sum, count) => sum + count)).toBe(1000);
  expect([from, to]).toEqual([Math.min(...statistics), Math.max(...statistics)]);
  expect(permutationHistogram([0, 1, 2, 2], 1).counts.at(-1)).toBe(2);
  expect(statistics).toEqual(before);
});

test('a histogram has fewer bins when the observed distance is far away, and one for equal statistics', () => {
  const statistics = Array.from({ length: 100 }, (_, i) => i / 1000);
  expect(permutationHistogram(statistics, 1).counts).toHaveLength(12);
  expect(permutationHistogram(statistics, 1000).counts).toEqual([100]);
  expect(permutationHistogram([0.5, 0.5], 0.5)).toEqual({ from: 0.5, to: 0.5, counts: [2] });
});
