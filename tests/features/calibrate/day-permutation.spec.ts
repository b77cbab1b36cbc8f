import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { mmdPermutationTest } from '../../../src/features/calibrate/pure/permutation-test';
import { areEnoughDays, byDay, dayPermutation } from '../../../src/features/calibrate/pure/day-permutation';

// by numpy: tests/fixtures/make-day-permutation.py
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/day_permutation.json', import.meta.url)).toString(),
) as {
  readonly sigma: number;
  readonly cases: readonly {
    readonly a: number[][][];
    readonly b: number[][][];
    readonly distance: number;
    readonly splits: number;
    readonly pValue: number;
  }[];
};
const samples = (days: number[][][]) => days.map((day) => day.map((row) => Float64Array.from(row)));

test('distance and p-value of regrouped days are those of numpy, every regrouping tried', () => {
  for (const { a, b, distance, splits, pValue } of fixture.cases) {
    const found = dayPermutation(samples(a), samples(b), fixture.sigma, 1);
    expect(found.distance).toBeCloseTo(distance, 9);
    expect(found.splits).toBe(splits);
    expect(found.isExhaustive).toBe(true);
    expect(found.pValue).toBeCloseTo(pValue, 12);
  }
});

test('days that only look alike within themselves are no difference, though single snapshots say so', () => {
  const [alike] = fixture.cases as [(typeof fixture.cases)[number]];
  const [a, b] = [samples(alike.a), samples(alike.b)];
  const options = { sigma: fixture.sigma, numPermutations: 999, randomState: 3 };
  const bySnapshot = mmdPermutationTest(a.flat(), b.flat(), options);
  const days = dayPermutation(a, b, fixture.sigma, 3);
  expect(days.distance).toBeCloseTo(bySnapshot.distance, 12);
  expect(bySnapshot.pValue).toBeLessThan(0.05);
  expect(days.pValue).toBeGreaterThan(0.05);
});

test('of more regroupings than can be tried one by one as many are drawn, the same for one seed', () => {
  const day = (seed: number) =>
    [0, 1].map((i) => Float64Array.from([Math.sin(7 * seed + i), Math.cos(3 * seed)]));
  const [a, b] = [
    Array.from({ length: 10 }, (_, i) => day(i)),
    Array.from({ length: 9 }, (_, i) => day(20 + i)),
  ];
  const [one, other] = [dayPermutation(a, b, 1, 5), dayPermutation(a, b, 1, 5)];
  expect(one).toEqual(other);
  expect(one).toMatchObject({ isExhaustive: false, splits: 5000 });
  expect(one.pValue).toBeGreaterThan(0.01);
  expect(() => dayPermutation([[Float64Array.of(1)]], b, 1, 5)).toThrow('reference-too-small');
});

test('snapshots are put together by the day of UTC they were taken on, and all capture times are needed', () => {
  const HOUR = 3_600_000;
  const at = (hours: number | null) => ({
    name: '',
    embedding: Float32Array.of(hours ?? -1),
    capturedAt: hours === null ? null : Date.UTC(2026, 4, 1) + hours * HOUR,
  });
  const days = byDay([at(23), at(24), at(0), at(47)]);
  expect(days?.map((day) => day.map(([hour]) => hour))).toEqual([
    [23, 0],
    [24, 47],
  ]);
  expect(byDay([at(1), at(null)])).toBeNull();
});

test('three days in each set are enough for a p-value of 0.05, two and three are not', () => {
  expect(areEnoughDays(3, 3)).toBe(true);
  expect(areEnoughDays(2, 3)).toBe(false);
  expect(areEnoughDays(1, 19)).toBe(true);
});
