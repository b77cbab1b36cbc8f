import type { Embedding } from '../../../core/domain/drift/embedding';
import {
  condensedSquaredDistances,
  kernelScale,
  packSamples,
  type Sample,
} from '../../../core/domain/drift/kernel';
import { MersenneTwister } from '../../../core/domain/drift/mersenne-twister';
import type { Member } from '../../../core/domain/drift/sets';
import { AppError } from '../../../core/domain/errors';

export interface DayPermutation {
  /** squared MMD of the two sets */
  readonly distance: number;
  /** share of random regroupings of days with a distance at least as large, 0 … 1 */
  readonly pValue: number;
  /** number of regroupings tried */
  readonly splits: number;
  readonly isExhaustive: boolean;
}

const DAY = 86_400_000;
/** So many regroupings are tried one by one; of more, as many at random. */
const MOST_SPLITS = 5_000;
/** With fewer regroupings no p-value could be 0.05: three days and three have 20. */
const LEAST_SPLITS = 20;
/** As in `mmdPermutationTest`: the same split may differ by rounding. */
const TIE_TOLERANCE = 1e-12;

/** Embeddings by the UTC day of their capture; null if a capture time is not known. */
export function byDay(members: readonly Member[]): Embedding[][] | null {
  const days = new Map<number, Embedding[]>();
  for (const { embedding, capturedAt } of members) {
    if (capturedAt === null) return null;
    const day = Math.floor(capturedAt / DAY);
    const others = days.get(day);
    if (others) others.push(embedding);
    else days.set(day, [embedding]);
  }
  return [...days.values()];
}

/** False if there are too few regroupings of so many days for a small p-value. */
export function areEnoughDays(a: number, b: number): boolean {
  return binomial(a + b, a) >= LEAST_SPLITS;
}

/**
 * Tests if two sets of days come from one distribution. Days can be exchanged, but snapshots can't: those taken a few
 * hours apart look alike, so regrouping single snapshots finds a difference between any two weeks. Each regrouping
 * leaves the snapshots of a day together.
 *
 * @param a - the days of one set, each with its embeddings; two or more in all
 * @param b - those of the other
 * @param sigma - kernel bandwidth, in embedding units, > 0
 * @param randomState - seed of the generator, for when there are too many regroupings
 * @returns with the exact p-value where all regroupings were tried, else (extreme + 1) / (tried + 1)
 * @throws AppError `reference-too-small`, `embedding-length`, `embedding-not-finite`, `detector-settings`
 * @see equals numpy (tests/fixtures/day_permutation.json)
 */
export function dayPermutation(
  a: readonly (readonly Sample[])[],
  b: readonly (readonly Sample[])[],
  sigma: number,
  randomState: number,
): DayPermutation {
  const days = [...a, ...b];
  const sizes = days.map(({ length }) => length);
  const least = Math.min(sum(sizes.slice(0, a.length)), sum(sizes.slice(a.length)));
  if (least < 2) throw new AppError('reference-too-small', String(least));
  const kernels = blockSums(days, kernelScale(sigma));
  const distanceOf = (inA: Uint8Array) => regrouped(kernels, sizes, inA);
  const observed = Uint8Array.from(days, (_, day) => (day < a.length ? 1 : 0));
  const distance = distanceOf(observed);
  const isExtreme = (split: Uint8Array) => distanceOf(split) >= distance - TIE_TOLERANCE;
  const all = binomial(days.length, a.length);
  let extreme = 0;
  if (all <= MOST_SPLITS) {
    for (const split of splitsOf(days.length, a.length)) extreme += Number(isExtreme(split));
    return { distance, pValue: extreme / all, splits: all, isExhaustive: true };
  }
  const random = new MersenneTwister(randomState);
  const order = new Uint32Array(days.length);
  const split = new Uint8Array(days.length);
  for (let i = 0; i < MOST_SPLITS; i++) {
    for (let day = 0; day < days.length; day++) order[day] = day;
    random.shuffle(order);
    split.fill(0);
    for (const day of order.subarray(0, a.length)) split[day] = 1;
    extreme += Number(isExtreme(split));
  }
  const pValue = (extreme + 1) / (MOST_SPLITS + 1);
  return { distance, pValue, splits: MOST_SPLITS, isExhaustive: false };
}

function binomial(all: number, some: number): number {
  let ways = 1;
  for (let i = 1; i <= Math.min(some, all - some); i++) ways = (ways * (all - i + 1)) / i;
  return Math.round(ways);
}

/** Sums of the kernels of all pairs between two days; of a day with itself, each pair once. */
function blockSums(days: readonly (readonly Sample[])[], scale: number): Float64Array {
  const count = days.length;
  const dayOf = days.flatMap((samples, day) => samples.map(() => day));
  const squared = condensedSquaredDistances(packSamples(days.flat()));
  const sums = new Float64Array(count * count);
  for (let i = 1, at = 0; i < dayOf.length; i++) {
    for (let j = 0; j < i; j++, at++) {
      const [one, other] = [dayOf[i]!, dayOf[j]!];
      sums[Math.min(one, other) * count + Math.max(one, other)]! += Math.exp(squared[at]! * scale);
    }
  }
  return sums;
}

function regrouped(sums: Float64Array, sizes: readonly number[], inA: Uint8Array): number {
  const count = sizes.length;
  let [n, m, insideA, insideB, across] = [0, 0, 0, 0, 0];
  for (let one = 0; one < count; one++) {
    if (inA[one]) n += sizes[one]!;
    else m += sizes[one]!;
    for (let other = one; other < count; other++) {
      const value = sums[one * count + other]!;
      if (inA[one] !== inA[other]) across += value;
      else if (inA[one]) insideA += value;
      else insideB += value;
    }
  }
  // A day with a single snapshot has no pair: that regrouping gives no result.
  if (n < 2 || m < 2) return -Infinity;
  return (2 * insideA) / (n * (n - 1)) + (2 * insideB) / (m * (m - 1)) - (2 * across) / (n * m);
}

/** Every way to choose `some` of `all`, in one array that is used again. */
function* splitsOf(all: number, some: number): Generator<Uint8Array> {
  const chosen = Array.from({ length: some }, (_, i) => i);
  const split = new Uint8Array(all);
  for (;;) {
    split.fill(0);
    for (const day of chosen) split[day] = 1;
    yield split;
    let place = some - 1;
    while (place >= 0 && chosen[place] === all - some + place) place -= 1;
    if (place < 0) return;
    chosen[place]! += 1;
    for (let i = place + 1; i < some; i++) chosen[i] = chosen[i - 1]! + 1;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
