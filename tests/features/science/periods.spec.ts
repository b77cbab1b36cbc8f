import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { mmdPermutationTest } from '../../../src/core/domain/drift/permutation-test';
import { binomial, dayPermutation } from '../../../src/features/science/pure/periods/day-permutation';
import {
  byDay,
  periodFacts,
  hourPairs,
  periodsCsv,
  periodsJson,
  spreadOf,
  jobsWithin,
} from '../../../src/features/science/pure/periods/period-facts';
import { wholeJob } from '../../storage/whole-rows';

// by numpy: tests/fixtures/make-periods.py
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/periods.json', import.meta.url)).toString(),
) as {
  readonly sigma: number;
  readonly cases: readonly {
    readonly a: number[][][];
    readonly b: number[][][];
    readonly distance: number;
    readonly splits: number;
    readonly pValue: number;
  }[];
  readonly values: number[];
  readonly quartiles: Readonly<Record<string, number[]>>;
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
  const options = {
    sigma: fixture.sigma,
    numPermutations: 999,
    randomState: 3,
    method: 'conservative',
  } as const;
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
  expect(binomial(19, 10)).toBe(92378);
  expect(() => dayPermutation([[Float64Array.of(1)]], b, 1, 5)).toThrow('reference-too-small');
});

test('quartiles are those of numpy', () => {
  for (const [count, [lower, median, upper]] of Object.entries(fixture.quartiles)) {
    const spread = spreadOf(fixture.values.slice(0, Number(count)));
    expect(spread.count).toBe(Number(count));
    expect([spread.lower, spread.median, spread.upper].map((v, i) => v - [lower, median, upper][i]!)).toEqual(
      [expect.closeTo(0, 10), expect.closeTo(0, 10), expect.closeTo(0, 10)],
    );
  }
});

const START = Date.UTC(2026, 4, 1);
const HOUR = 3_600_000;
const job = (hours: number, distance: number | null = 0.02): CompletedJob => ({
  ...wholeJob(`j${String(hours)}`),
  capturedAt: START + hours * HOUR,
  distance,
});

test('a period holds its snapshots, days, spreads and verdicts, and none of what is not measured', () => {
  const jobs = [job(0, 0.01), job(6, 0.03), job(30, 0.2), job(31, null), job(60)];
  const facts = periodFacts(jobsWithin(jobs, { from: START, to: START + 60 * HOUR }));
  expect(facts).toMatchObject({ snapshots: 4, days: 2, first: START, last: START + 31 * HOUR });
  expect(facts.measures.distance).toEqual({
    count: 3,
    lower: expect.closeTo(0.02, 9) as unknown as number,
    median: 0.03,
    upper: expect.closeTo(0.115, 9) as unknown as number,
  });
  expect(facts.measures.growth).toBeUndefined();
  expect(Object.values(facts.verdicts).reduce((sum, count) => sum + count, 0)).toBe(4);
  expect(periodFacts([])).toMatchObject({
    snapshots: 0,
    days: 0,
    first: null,
    last: null,
    measures: {},
    verdicts: {},
  });
  expect(byDay(jobs).map(({ length }) => length)).toEqual([2, 2, 1]);
});

test('pictures beside each other are of the same hours, those that both have most of', () => {
  const a = [job(9), job(33), job(57), job(12), job(15)];
  const b = [job(240 + 9), job(264 + 9), job(288 + 9), job(240 + 15), job(240 + 20)];
  const pairs = hourPairs(a, b, 2);
  expect(pairs.map(({ hour }) => hour)).toEqual([9, 15]);
  expect(pairs[0]!.a.id).toBe('j33');
  expect(pairs[0]!.b.id).toBe('j273');
  expect(hourPairs(a, [], 4)).toEqual([]);
});

test('what is saved names each quantity with both periods, and the caution', () => {
  const [from, to] = [START, START + 48 * HOUR];
  const facts = periodFacts([job(0, 0.25), job(6, 0.75)]);
  const apart = {
    distance: 0.4,
    pBySnapshot: 0.001,
    permutations: 999,
    pByDay: null,
    splits: 3,
    isExhaustive: true,
    sigma: 0.3,
    used: { a: 2, b: 0 },
  };
  const compared = {
    camera: 'Reef',
    modelSha256: 'abc',
    a: { from, to, facts },
    b: { from: to, to: to + HOUR, facts: periodFacts([]) },
    apart,
  };
  const lines = periodsCsv(compared).split('\r\n');
  expect(lines[0]).toBe('quantity,a_count,a_lower,a_median,a_upper,b_count,b_lower,b_median,b_upper');
  expect(lines).toContain('snapshots,2,,,,0,,,');
  expect(lines).toContain('distance,2,0.375,0.5,0.625,0,,,');
  expect(lines).toContain('mmd2,0.4,,,,,,,');
  const madeBy = { porthole: '1.0.0' };
  const json = JSON.parse(periodsJson(compared, madeBy)) as {
    note: string;
    made_by: object;
    a: object;
    apart: object;
  };
  expect(json.made_by).toEqual(madeBy);
  expect(json.note).toContain('too small');
  expect(json.a).toMatchObject({ from: '2026-05-01T00:00:00Z', snapshots: 2 });
  expect(json.apart).toMatchObject({ mmd2: 0.4, p_by_day: null });
});
