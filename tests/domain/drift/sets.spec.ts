import { expect, test } from '@playwright/test';
import { spreadSample } from '../../../src/core/domain/drift/sets';

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
