import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { kernelSaturation, type Sample } from '../../../src/core/domain/drift/kernel';
import { MersenneTwister } from '../../../src/core/domain/drift/mersenne-twister';
import { mmd2 } from '../../../src/core/domain/drift/mmd';
import {
  mmdPermutationTest,
  permutationPValue,
  type PValueMethod,
} from '../../../src/features/calibrate/pure/permutation-test';

interface Pair {
  name: string;
  reference: (number | number[])[];
  test: (number | number[])[];
  sigma: number;
  distance: number;
  expected_k_xx: number;
}

interface Case extends Pair {
  num_permutations: number;
  random_state: number;
  permuted_statistics: number[];
  num_extreme: number;
  p_values: { method: PValueMethod; total_num_permutations: number | null; p_value: number }[];
}

/** Made with Frouros 0.10.0 and numpy 2.2.4 themselves, see `versions` in the file. */
const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/mmd_batch.json', import.meta.url), 'utf8'),
) as {
  docstring_example: Pair;
  cases: Case[];
  rng: { seed: number; n: number; first_uint32: number[]; permutations: number[][] }[];
};

/** Absolute: distances pass through 0, and only the order of summation differs, which is worth 1e-15 here. */
const TOLERANCE = 1e-12;

const toSamples = (rows: readonly (number | number[])[]): Sample[] =>
  rows.map((row) => Float64Array.from([row].flat()));
const largestError = (actual: ArrayLike<number>, expected: readonly number[]): number =>
  Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));

for (const pair of [golden.docstring_example, ...golden.cases]) {
  test(`mmd2 equals Frouros on ${pair.name}`, () => {
    const reference = toSamples(pair.reference);
    expect(Math.abs(mmd2(reference, toSamples(pair.test), pair.sigma) - pair.distance)).toBeLessThan(
      TOLERANCE,
    );
    expect(Math.abs(kernelSaturation(reference, pair.sigma) - pair.expected_k_xx)).toBeLessThan(TOLERANCE);
  });
}

for (const { seed, n, first_uint32, permutations } of golden.rng) {
  test(`seed ${seed} draws numpy's numbers and numpy's permutations of ${n}`, () => {
    const numbers = new MersenneTwister(seed);
    expect(first_uint32.map(() => numbers.nextUint32())).toEqual(first_uint32);
    const shuffles = new MersenneTwister(seed);
    for (const permutation of permutations) {
      const items = Uint32Array.from({ length: n }, (_, i) => i);
      shuffles.shuffle(items);
      expect([...items]).toEqual(permutation);
    }
  });
}

for (const seed of [-1, 0.5, 2 ** 32, NaN]) {
  test(`seed ${seed} is refused, as numpy does`, () => {
    expect(() => new MersenneTwister(seed)).toThrow(RangeError);
  });
}

const withoutTies = golden.cases.filter(({ name }) => !name.startsWith('E_'));
const allOrderings = golden.cases.find(({ name }) => name.startsWith('E_'))!;

function runTest(golden_: Case, method: PValueMethod, total: number | null) {
  return mmdPermutationTest(toSamples(golden_.reference), toSamples(golden_.test), {
    sigma: golden_.sigma,
    numPermutations: golden_.num_permutations,
    randomState: golden_.random_state,
    method,
    ...(total === null ? {} : { totalNumPermutations: total }),
  });
}

for (const golden_ of withoutTies) {
  test(`equals Frouros permutation by permutation on ${golden_.name}`, () => {
    const { distance, permutedStatistics } = runTest(golden_, 'auto', null);
    expect(Math.abs(distance - golden_.distance)).toBeLessThan(TOLERANCE);
    expect(permutedStatistics).toHaveLength(golden_.permuted_statistics.length);
    expect(largestError(permutedStatistics, golden_.permuted_statistics)).toBeLessThan(TOLERANCE);
    expect(runTest(golden_, 'estimate', null).pValue).toBe(golden_.num_extreme / golden_.num_permutations);
  });

  for (const { method, total_num_permutations, p_value } of golden_.p_values) {
    test(`p-value ${method} of ${total_num_permutations ?? 'all'} equals Frouros' on ${golden_.name}`, () => {
      // SciPy adds up to a million probabilities for `exact`; ours are the same to 1e-13.
      expect(Math.abs(runTest(golden_, method, total_num_permutations).pValue - p_value)).toBeLessThan(
        TOLERANCE,
      );
    });
  }
}

test('when fewer orderings exist than permutations are wanted, each is taken once, in the order of itertools', () => {
  const { permutedStatistics } = runTest(allOrderings, 'auto', null);
  expect(permutedStatistics).toHaveLength(120);
  expect(largestError(permutedStatistics, allOrderings.permuted_statistics)).toBeLessThan(TOLERANCE);
});

test('orderings that repeat the observed split count as extreme, which rounding decides in Frouros', () => {
  // 3! · 2! = 12 orderings keep the split. Frouros counts three of them and 96 others.
  expect(allOrderings.num_extreme).toBe(99);
  expect(runTest(allOrderings, 'estimate', null).pValue).toBe(108 / 120);
  expect(runTest(allOrderings, 'conservative', null).pValue).toBe(109 / 200);
});

test('a split counts as extreme in all of its orderings or in none', () => {
  for (let shift = 0; shift < 10; shift++) {
    const samples = [0.1, 0.7, 0.45, 0.2, 0.9, 0.33].map((x, i) =>
      Float64Array.of(x + 0.07 * Math.sin(i + shift)),
    );
    const { permutedStatistics, pValue } = mmdPermutationTest(samples.slice(0, 3), samples.slice(3), {
      sigma: 0.3,
      numPermutations: 720,
      randomState: 1,
      method: 'estimate',
    });
    expect(permutedStatistics).toHaveLength(720);
    // 3! · 3! orderings keep both groups, and equal sizes can be exchanged.
    expect(Math.round(pValue * 720) % 72).toBe(0);
  }
});

for (const { method, p_value } of allOrderings.p_values) {
  test(`p-value ${method} over all orderings equals Frouros' for the number of extremes it counts`, () => {
    const pValue = permutationPValue(allOrderings.num_extreme, 120, {
      method,
      numPermutations: allOrderings.num_permutations,
      totalNumPermutations: 120,
    });
    expect(Math.abs(pValue - p_value)).toBeLessThan(TOLERANCE);
  });
}

test('a test sample larger than the reference is regrouped rightly too', () => {
  const { reference, test: other, sigma } = golden.cases[0]!;
  const options = { sigma, numPermutations: 50, randomState: 7 };
  const there = mmdPermutationTest(toSamples(reference), toSamples(other), options);
  const back = mmdPermutationTest(toSamples(other), toSamples(reference), options);
  expect(Math.abs(there.distance - back.distance)).toBeLessThan(TOLERANCE);
  const pooled = [...toSamples(other), ...toSamples(reference)];
  const order = Uint32Array.from({ length: 50 }, (_, i) => i);
  new MersenneTwister(7).shuffle(order);
  const first = Array.from(order, (i) => pooled[i]!);
  expect(
    Math.abs(back.permutedStatistics[0]! - mmd2(first.slice(0, 20), first.slice(20), sigma)),
  ).toBeLessThan(TOLERANCE);
});

const exact = (numExtreme: number, numStatistics: number, totalNumPermutations: number): number =>
  permutationPValue(numExtreme, numStatistics, {
    method: 'exact',
    numPermutations: numStatistics,
    totalNumPermutations,
  });

/** P(Bin(B, p) ≤ b) as the sum of its terms, each built up from small factors. */
function binomialCdf(b: number, B: number, p: number): number {
  let term = (1 - p) ** B;
  let sum = term;
  for (let k = 1; k <= b; k++) {
    term *= ((B - k + 1) / k) * (p / (1 - p));
    sum += term;
  }
  return sum;
}

for (const [b, B, N] of [
  [0, 20, 60],
  [19, 20, 60],
  [7, 20, 100_000],
  [0, 20, 100_000],
  [19, 20, 100_000],
  [0, 1, 500_000],
  [150, 300, 40_000],
] as const) {
  test(`exact p-value of ${b} of ${B} among ${N} is the mean of the binomial probabilities`, () => {
    let sum = 0;
    for (let j = 1; j < N; j++) sum += binomialCdf(b, B, j / N);
    // The plain sum of N numbers of at most 1 rounds to about N · 1e-16 of N.
    expect(Math.abs(exact(b, B, N) - sum / N)).toBeLessThan(1e-11);
  });
}

test('exact p-value is 1 when every permutation is extreme', () => {
  expect(exact(20, 20, 1_000_000)).toBe(1);
});

test('exact p-value among a million is not summed term by term, whatever the number of permutations', () => {
  for (const [b, B] of [
    [52, 199],
    [500, 999],
    [10_000, 20_000],
    [50_000, 100_000],
    [500_000, 1_000_000],
  ] as const) {
    const start = performance.now();
    const pValue = exact(b, B, 1_000_000);
    // A million terms take longer, even on a fast machine that does nothing else.
    expect(performance.now() - start).toBeLessThan(2000);
    expect(Math.abs(pValue - ((b + 1) / (B + 1) - 0.5e-6))).toBeLessThan(1e-9);
  }
});

test.describe('refuses where Frouros gives NaN or fails late', () => {
  const two = [Float64Array.of(0, 1), Float64Array.of(1, 0)];
  const options = { sigma: 1, numPermutations: 5, randomState: 1 };

  test('a reference or a window of one', () => {
    const tooSmall = expect.objectContaining({ code: 'reference-too-small', detail: '1' });
    expect(() => mmd2(two.slice(1), two, 1)).toThrow(tooSmall);
    expect(() => mmd2(two, two.slice(1), 1)).toThrow(RangeError);
    expect(() => mmdPermutationTest(two.slice(1), two, options)).toThrow(tooSmall);
    expect(() => mmdPermutationTest(two, two.slice(1), options)).toThrow(RangeError);
  });

  test('samples of two lengths', () => {
    const other = [Float64Array.of(0), Float64Array.of(1)];
    const wrongLength = expect.objectContaining({ code: 'embedding-length' });
    expect(() => mmd2(two, other, 1)).toThrow(wrongLength);
    expect(() => mmdPermutationTest(two, other, options)).toThrow(wrongLength);
  });

  test('NaN and Infinity', () => {
    const notFinite = expect.objectContaining({ code: 'embedding-not-finite' });
    expect(() => mmd2(two, [...two, Float64Array.of(NaN, 0)], 1)).toThrow(notFinite);
    expect(() => mmdPermutationTest([...two, Float64Array.of(0, Infinity)], two, options)).toThrow(notFinite);
  });

  test('sigma 0', () => {
    const settings = expect.objectContaining({ code: 'detector-settings' });
    expect(() => mmd2(two, two, 0)).toThrow(settings);
    expect(() => mmdPermutationTest(two, two, { ...options, sigma: 0 })).toThrow(settings);
  });

  for (const change of [
    { numPermutations: 0 },
    { numPermutations: 1_000_001 },
    { numPermutations: 2.5 },
    { totalNumPermutations: 0 },
    { randomState: -1 },
    { method: 'guess' as PValueMethod },
  ]) {
    test(JSON.stringify(change), () => {
      expect(() => mmdPermutationTest(two, two, { ...options, ...change })).toThrow(RangeError);
    });
  }
});

test('the samples are left as they were', () => {
  const [reference, other] = [toSamples(golden.cases[0]!.reference), toSamples(golden.cases[0]!.test)];
  const before = [...reference, ...other].map((sample) => [...sample]);
  mmd2(reference, other, 1);
  mmdPermutationTest(reference, other, { sigma: 1, numPermutations: 10, randomState: 1 });
  expect([...reference, ...other].map((sample) => [...sample])).toEqual(before);
});
