import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { kernelSaturation, type Sample } from '../../../src/core/domain/drift/kernel';
import { MersenneTwister } from '../../../src/core/domain/drift/mersenne-twister';
import { mmd2 } from '../../../src/core/domain/drift/mmd';

interface Pair {
  name: string;
  reference: (number | number[])[];
  test: (number | number[])[];
  sigma: number;
  distance: number;
  expected_k_xx: number;
}

/** Made with Frouros 0.10.0 and numpy 2.2.4 themselves, see `versions` in the file. */
const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/mmd_batch.json', import.meta.url), 'utf8'),
) as {
  docstring_example: Pair;
  cases: Pair[];
  rng: { seed: number; n: number; first_uint32: number[]; permutations: number[][] }[];
};

/** Absolute: distances pass through 0, and only the order of summation differs, which is worth 1e-15 here. */
const TOLERANCE = 1e-12;

const toSamples = (rows: readonly (number | number[])[]): Sample[] =>
  rows.map((row) => Float64Array.from([row].flat()));

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
    const draws = new MersenneTwister(seed);
    for (const permutation of permutations) {
      // As numpy shuffles: from the last place down.
      const items = Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = draws.upTo(i);
        [items[i], items[j]] = [items[j]!, items[i]!];
      }
      expect(items).toEqual(permutation);
    }
  });
}

for (const seed of [-1, 0.5, 2 ** 32, NaN]) {
  test(`seed ${seed} is refused, as numpy does`, () => {
    expect(() => new MersenneTwister(seed)).toThrow(RangeError);
  });
}
