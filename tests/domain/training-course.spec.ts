import { expect, test } from '@playwright/test';
import { average, learningRate, stretches } from '../../src/domain/training-course';

test('the rate grows to its full height over twenty steps, and stays', () => {
  expect(learningRate(1)).toBeCloseTo(learningRate(20) / 20, 12);
  expect(learningRate(5000)).toBe(learningRate(20));
});

test('the running mean forgets what was before training, and ends where the weights stay', () => {
  const mean = Float32Array.of(100, -100);
  const weights = Float32Array.of(1, 2);
  for (let step = 1; step <= 60; step++) average(mean, weights, step);
  expect(mean[0]).toBeCloseTo(1, 3);
  expect(mean[1]).toBeCloseTo(2, 3);
  expect([...weights]).toEqual([1, 2]);
});

test('the running mean is calm where the weights are not', () => {
  const mean = Float32Array.of(0);
  for (let step = 1; step <= 400; step++) average(mean, Float32Array.of(step % 2 === 0 ? 1 : -1), step);
  expect(Math.abs(mean[0]!)).toBeLessThan(0.02);
});

test('stretches cover all steps, each once, and are few enough', () => {
  const losses = Float32Array.from({ length: 250 }, (_, i) => i + 1);
  const found = stretches(losses, 100);
  expect(found).toHaveLength(84);
  expect(found[0]).toEqual({ step: 3, loss: 2 });
  expect(found.at(-1)).toEqual({ step: 250, loss: 250 });
  expect(stretches([], 100)).toEqual([]);
  expect(stretches([4, 2], 100)).toEqual([
    { step: 1, loss: 4 },
    { step: 2, loss: 2 },
  ]);
});
