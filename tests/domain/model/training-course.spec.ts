import { expect, test } from '@playwright/test';
import type { AdaptationEvidence, Performance } from '../../../src/core/domain/model/adaptation-evidence';
import { FOULINGS } from '../../../src/core/domain/picture/fouling';
import {
  averageWeights,
  isBetter,
  learningRate,
  LossCourse,
  refusalOfVersion,
  stretches,
} from '../../../src/core/domain/model/training-course';

test('the rate grows to its full height over twenty steps, and stays', () => {
  expect(learningRate(1)).toBeCloseTo(learningRate(20) / 20, 12);
  expect(learningRate(5000)).toBe(learningRate(20));
});

test('the running mean forgets what was before training, and ends where the weights stay', () => {
  const mean = Float32Array.of(100, -100);
  const weights = Float32Array.of(1, 2);
  for (let step = 1; step <= 60; step++) averageWeights(mean, weights, step);
  expect(mean[0]).toBeCloseTo(1, 3);
  expect(mean[1]).toBeCloseTo(2, 3);
  expect([...weights]).toEqual([1, 2]);
});

test('the running mean is calm where the weights are not', () => {
  const mean = Float32Array.of(0);
  for (let step = 1; step <= 400; step++)
    averageWeights(mean, Float32Array.of(step % 2 === 0 ? 1 : -1), step);
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

test('a course of losses keeps all of them while it grows, and what was begun before', () => {
  const course = new LossCourse(Float32Array.of(0.5, 0.25));
  for (let i = 0; i < 1000; i++) course.add(i);
  expect(course.all).toHaveLength(1002);
  expect([...course.all.slice(0, 3)]).toEqual([0.5, 0.25, 0]);
  expect(course.all.at(-1)).toBe(999);
  expect(new LossCourse(course.all).all).toEqual(course.all);
});

const calm: Performance = {
  thresholds: { warning: 0.05, drift: 0.1 },
  aboveWarning: 0,
  aboveDrift: 0,
  highestClean: 0.03,
  fouled: FOULINGS.map(() => 1),
  dirtyDelay: null,
  dirtyLast: null,
};
const rebuilding = { keptOut: 20, keptOutDays: 5, before: 0.02, after: 0.005, meanPicture: 0.008 };

function evidence(after: Partial<Performance>): AdaptationEvidence {
  return {
    fitted: 60,
    fittedDays: 15,
    keptOut: 20,
    keptOutDays: 5,
    dirtySnapshots: 0,
    lenses: FOULINGS.map((kind) => ({ kind, severity: 4 })),
    before: calm,
    after: { ...calm, ...after },
  };
}

test('a finer error map is a gain by itself, and excuses neither alarms nor blindness', () => {
  expect(refusalOfVersion(evidence({}), rebuilding)).toBeNull();
  expect(refusalOfVersion(evidence({}), { ...rebuilding, after: 0.03 })).toEqual({ because: 'no-gain' });
  expect(refusalOfVersion(evidence({}), { ...rebuilding, meanPicture: 0.004 })).toEqual({
    because: 'no-gain',
  });
  expect(refusalOfVersion(evidence({ aboveWarning: 1 }), rebuilding)).toEqual({ because: 'clean-alarms' });
  const blind = evidence({ fouled: FOULINGS.map((kind) => (kind === 'droplets' ? 0.09 : 1)) });
  expect(refusalOfVersion(blind, rebuilding)).toEqual({ because: 'overlooks', kinds: ['droplets'] });
});

test('of two versions an error map comes first, then calm, then a finer map', () => {
  const version = (after: number, aboveWarning: number, highestClean = 0.03) => ({
    step: 1,
    rebuilding: { ...rebuilding, after },
    evidence: evidence({ aboveWarning, highestClean }),
    refusal: null,
  });
  expect(isBetter(version(0.007, 3), version(0.009, 0))).toBe(true);
  expect(isBetter(version(0.007, 0), version(0.005, 1))).toBe(true);
  expect(isBetter(version(0.005, 1), version(0.007, 1))).toBe(true);
  expect(isBetter(version(0.007, 1), version(0.007, 1))).toBe(false);
  // Days that were kept out must stay far from the limit, since days to come go further.
  expect(isBetter(version(0.007, 0, 0.016), version(0.005, 0, 0.018))).toBe(true);
  expect(isBetter(version(0.005, 0, 0.018), version(0.007, 0, 0.016))).toBe(false);
  expect(isBetter(version(0.005, 0, 0.016), version(0.007, 0, 0.001))).toBe(true);
});
