import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { kernelSaturation, type Sample } from '../../../src/core/domain/drift/kernel';
import { MersenneTwister } from '../../../src/core/domain/drift/mersenne-twister';
import { mmd2 } from '../../../src/core/domain/drift/mmd';
import { mmdPermutationTest } from '../../../src/features/calibrate/pure/permutation-test';

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
  p_values: { method: string; p_value: number }[];
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

function runTest(golden_: Case) {
  return mmdPermutationTest(toSamples(golden_.reference), toSamples(golden_.test), {
    sigma: golden_.sigma,
    numPermutations: golden_.num_permutations,
    randomState: golden_.random_state,
  });
}

for (const golden_ of withoutTies) {
  test(`equals Frouros permutation by permutation on ${golden_.name}`, () => {
    const { distance, permutedStatistics, numExtreme, pValue } = runTest(golden_);
    expect(Math.abs(distance - golden_.distance)).toBeLessThan(TOLERANCE);
    expect(permutedStatistics).toHaveLength(golden_.permuted_statistics.length);
    expect(largestError(permutedStatistics, golden_.permuted_statistics)).toBeLessThan(TOLERANCE);
    expect(numExtreme).toBe(golden_.num_extreme);
    const conservative = golden_.p_values.find(({ method }) => method === 'conservative')!;
    expect(Math.abs(pValue - conservative.p_value)).toBeLessThan(TOLERANCE);
  });
}

test('when fewer orderings exist than permutations are wanted, each is taken once, in the order of itertools', () => {
  const { permutedStatistics } = runTest(allOrderings);
  expect(permutedStatistics).toHaveLength(120);
  expect(largestError(permutedStatistics, allOrderings.permuted_statistics)).toBeLessThan(TOLERANCE);
});

test('orderings that repeat the observed split count as extreme, which rounding decides in Frouros', () => {
  // 3! · 2! = 12 orderings keep the split. Frouros counts three of them and 96 others.
  expect(allOrderings.num_extreme).toBe(99);
  const { numExtreme, pValue } = runTest(allOrderings);
  expect(numExtreme).toBe(108);
  expect(pValue).toBe(109 / 200);
});

test('a split counts as extreme in all of its orderings or in none', () => {
  for (let shift = 0; shift < 10; shift++) {
    const samples = [0.1, 0.7, 0.45, 0.2, 0.9, 0.33].map((x, i) =>
      Float64Array.of(x + 0.07 * Math.sin(i + shift)),
    );
    const { permutedStatistics, numExtreme } = mmdPermutationTest(samples.slice(0, 3), samples.slice(3), {
      sigma: 0.3,
      numPermutations: 720,
      randomState: 1,
    });
    expect(permutedStatistics).toHaveLength(720);
    // 3! · 3! orderings keep both groups, and equal sizes can be exchanged.
    expect(numExtreme % 72).toBe(0);
  }
});

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
    { randomState: -1 },
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
