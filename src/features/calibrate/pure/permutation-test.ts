import { AppError } from '../../../core/domain/errors';
import {
  condensedSquaredDistances,
  kernelScale,
  packSamples,
  pairIndex,
  type Sample,
} from '../../../core/domain/drift/kernel';
import { MersenneTwister } from '../../../core/domain/drift/mersenne-twister';

export interface PermutationTestOptions {
  /** kernel bandwidth, in embedding units, > 0 */
  readonly sigma: number;
  /** integer, 1 to 10⁶; when there are no more orderings than this, each ordering is taken once instead */
  readonly numPermutations: number;
  /** seed of the generator, integer, 0 to 2³² - 1 */
  readonly randomState: number;
}

export interface PermutationTestResult {
  /** squared MMD of the two samples as they were given */
  readonly distance: number;
  /** squared MMD of each permutation, in the order of the draws */
  readonly permutedStatistics: Float64Array;
  /** how many of them are at least the distance */
  readonly numExtreme: number;
  /** (numExtreme + 1) / (numPermutations + 1), Frouros' method `conservative`; above 0, at most 1 */
  readonly pValue: number;
}

const MAX_PERMUTATIONS = 1_000_000;

/**
 * Permuted distances this near to the observed one count as equal to it. The same split drawn in another order
 * differs by rounding, below 1e-14; Frouros leaves it to the rounding whether that is extreme, and in fixture E
 * counts 99 of 120 orderings where 108 are.
 */
const TIE_TOLERANCE = 1e-12;

/**
 * Tests if two samples come from one distribution: the squared MMD, and how often a random regrouping of all samples
 * gives one at least as large.
 *
 * It assumes that samples can be exchanged. Consecutive snapshots of a camera can't: do not set alarm thresholds by it.
 *
 * @param reference - n ≥ 2 embeddings of length d
 * @param test - m ≥ 2 embeddings of length d; memory is 4(n + m)² bytes, the kernels of all pairs
 * @throws AppError `reference-too-small`, `embedding-length`, `embedding-not-finite`, `detector-settings`;
 *   RangeError for fewer than two test embeddings and for options out of range
 * @see equals Frouros `MMD` with `PermutationTestDistanceBased`, permutation by permutation
 *   (tests/fixtures/mmd_batch.json)
 */
export function mmdPermutationTest(
  reference: readonly Sample[],
  test: readonly Sample[],
  { sigma, numPermutations, randomState }: PermutationTestOptions,
): PermutationTestResult {
  const scale = kernelScale(sigma);
  if (!Number.isInteger(numPermutations) || numPermutations < 1 || numPermutations > MAX_PERMUTATIONS) {
    throw new RangeError(
      `numPermutations must be an integer from 1 to ${MAX_PERMUTATIONS}, got ${numPermutations}`,
    );
  }
  if (reference.length < 2) throw new AppError('reference-too-small', String(reference.length));
  if (test.length < 2) throw new RangeError(`${test.length} test embeddings have no unbiased MMD`);

  const size = reference.length + test.length;
  const distanceOf = regroupedMmd2(packSamples([...reference, ...test]), reference.length, scale);
  const order = Uint32Array.from({ length: size }, (_, index) => index);
  const distance = distanceOf(order);

  const numOrderings = cappedFactorial(size);
  const permutedStatistics = new Float64Array(Math.min(numPermutations, numOrderings));
  const random = new MersenneTwister(randomState);
  for (let i = 0; i < permutedStatistics.length; i++) {
    if (numPermutations < numOrderings) {
      // numpy shuffles a fresh copy each time.
      for (let k = 0; k < size; k++) order[k] = k;
      random.shuffle(order);
    } else if (i > 0) {
      toNextOrdering(order);
    }
    permutedStatistics[i] = distanceOf(order);
  }

  const numExtreme = permutedStatistics.reduce((n, x) => (x >= distance - TIE_TOLERANCE ? n + 1 : n), 0);
  // As Frouros does, even if there are fewer orderings than permutations asked for.
  const pValue = (numExtreme + 1) / (numPermutations + 1);
  return { distance, permutedStatistics, numExtreme, pValue };
}

/**
 * The squared MMD of every way to split the rows into n and the rest, from kernels computed once.
 *
 * Needs only the pairs inside the smaller group: what a group has with the other is what it has with all less what
 * it has inside, and the rest of the total is the other's.
 *
 * @returns a function of an order of the rows, the first n of which are the reference
 */
function regroupedMmd2(
  rows: ReturnType<typeof packSamples>,
  n: number,
  scale: number,
): (order: Uint32Array) => number {
  const size = rows.count;
  const m = size - n;
  const kernels = condensedSquaredDistances(rows);
  const withOthers = new Float64Array(size);
  let total = 0;
  for (let i = 1, at = 0; i < size; i++) {
    for (let j = 0; j < i; j++, at++) {
      const kernel = Math.exp(kernels[at]! * scale);
      kernels[at] = kernel;
      withOthers[i]! += kernel;
      withOthers[j]! += kernel;
      total += kernel;
    }
  }

  const small = Math.min(n, m);
  const large = size - small;
  return (order) => {
    const group = m <= n ? order.subarray(n) : order.subarray(0, n);
    let withAll = 0;
    let inside = 0;
    for (let a = 0; a < small; a++) {
      const i = group[a]!;
      withAll += withOthers[i]!;
      for (let b = 0; b < a; b++) {
        inside += kernels[pairIndex(i, group[b]!)]!;
      }
    }
    const cross = withAll - 2 * inside;
    const rest = total - cross - inside;
    return (2 * rest) / (large * (large - 1)) + (2 * inside) / (small * (small - 1)) - (2 * cross) / (n * m);
  };
}

/** size!, or 10⁶ when it is larger than that. */
function cappedFactorial(size: number): number {
  let product = 1;
  for (let i = 2; i <= size && product < MAX_PERMUTATIONS; i++) product *= i;
  return Math.min(product, MAX_PERMUTATIONS);
}

/** Turns an order of distinct numbers into the next one of the dictionary, the order of `itertools.permutations`. */
function toNextOrdering(order: Uint32Array): void {
  let i = order.length - 2;
  while (i >= 0 && order[i]! > order[i + 1]!) i--;
  if (i >= 0) {
    let j = order.length - 1;
    while (order[j]! < order[i]!) j--;
    const item = order[i]!;
    order[i] = order[j]!;
    order[j] = item;
  }
  order.subarray(i + 1).reverse();
}
