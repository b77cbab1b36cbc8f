import { AppError } from '../../../core/domain/errors';
import {
  condensedSquaredDistances,
  kernelScale,
  packSamples,
  pairIndex,
  type Sample,
} from '../../../core/domain/drift/kernel';
import { MersenneTwister } from '../../../core/domain/drift/mersenne-twister';

/** How the count of extreme permutations becomes a p-value, as Frouros names it; `auto` is always `exact` there. */
export type PValueMethod = 'auto' | 'conservative' | 'exact' | 'approximate' | 'estimate';

export interface PermutationTestOptions {
  /** kernel bandwidth, in embedding units, > 0 */
  readonly sigma: number;
  /** integer, 1 to 10⁶; when there are no more orderings than this, each ordering is taken once instead */
  readonly numPermutations: number;
  /** seed of the generator, integer, 0 to 2³² - 1 */
  readonly randomState: number;
  /** `auto` when left out */
  readonly method?: PValueMethod;
  /** integer ≥ 1, for `exact` and `approximate`; the number of orderings, at most 10⁶, when left out */
  readonly totalNumPermutations?: number;
}

export interface PermutationTestResult {
  /** squared MMD of the two samples as they were given */
  readonly distance: number;
  /** squared MMD of each permutation, in the order of the draws */
  readonly permutedStatistics: Float64Array;
  /** 0..1; `estimate` alone can give 0 */
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
  { sigma, numPermutations, randomState, method = 'auto', totalNumPermutations }: PermutationTestOptions,
): PermutationTestResult {
  const scale = kernelScale(sigma);
  requireInteger('numPermutations', numPermutations, MAX_PERMUTATIONS);
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
  const pValue = permutationPValue(numExtreme, permutedStatistics.length, {
    method,
    numPermutations,
    totalNumPermutations: totalNumPermutations ?? numOrderings,
  });
  return { distance, permutedStatistics, pValue };
}

/**
 * @param numExtreme - b, how many permuted statistics are at least the observed one
 * @param numStatistics - B ≥ b, how many there are
 * @param options - `numPermutations` is the number asked for, which `conservative` divides by even where fewer
 *   orderings exist, as Frouros does; `totalNumPermutations` is N, the number of orderings that could be drawn
 * @returns `estimate`: b / B. `conservative`: (b + 1) / (numPermutations + 1). `exact`: the mean over j = 1..N of
 *   P(Bin(B, j / N) ≤ b). `approximate`: (b + 1) / (B + 1) less Frouros' correction, 1 / 2N times the integral of
 *   P(Bin(B, p) ≤ b) over p from 0 to 1 / 2N; Phipson and Smyth have the integral without that factor
 * @throws RangeError when N is not an integer ≥ 1
 * @see Phipson and Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9(1), 39
 */
export function permutationPValue(
  numExtreme: number,
  numStatistics: number,
  options: {
    readonly method: PValueMethod;
    readonly numPermutations: number;
    readonly totalNumPermutations: number;
  },
): number {
  const total = options.totalNumPermutations;
  requireInteger('totalNumPermutations', total, Number.MAX_SAFE_INTEGER);
  switch (options.method) {
    case 'estimate':
      return numExtreme / numStatistics;
    case 'conservative':
      return (numExtreme + 1) / (options.numPermutations + 1);
    case 'approximate': {
      const limit = 0.5 / total;
      return (
        (numExtreme + 1) / (numStatistics + 1) - limit * binomialCdfIntegral(numExtreme, numStatistics, limit)
      );
    }
    case 'auto':
    case 'exact':
      return meanBinomialCdf(numExtreme, numStatistics, total);
    default:
      throw new RangeError(`no p-value method ${String(options.method satisfies never)}`);
  }
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

/** Mean over j = 1..N of P(Bin(B, j / N) ≤ b). */
function meanBinomialCdf(b: number, B: number, N: number): number {
  if (b === B) return 1;
  // Euler-Maclaurin: the integral over p, (b + 1) / (B + 1), less half a cell because the sum has the right ends
  // of the cells, plus the slopes at both ends (not zero only for b = 0 and b = B - 1). The next term has third
  // derivatives, at most 2B³ at either end: it is below (B / N)³ / 180N. This spares the sum for large N, which
  // takes SciPy 0.25 s for N = 10⁶.
  if ((B / N) ** 3 / (180 * N) < 1e-15) {
    const slopes = (b === 0 ? B : 0) - (b === B - 1 ? B : 0);
    return (b + 1) / (B + 1) - 0.5 / N + slopes / (12 * N * N);
  }
  const logCoefficient = logBinomialCoefficient(B, b);
  let sum = 0;
  for (let j = 1; j <= N; j++) sum += binomialCdf(b, B, j / N, logCoefficient);
  return sum / N;
}

/**
 * Integral of P(Bin(B, p) ≤ b) over p from 0 to `limit`, by parts: the derivative in p is a beta density, and p
 * times that density is another one.
 */
function binomialCdfIntegral(b: number, B: number, limit: number): number {
  return limit * binomialCdf(b, B, limit) + ((b + 1) / (B + 1)) * (1 - binomialCdf(b + 1, B + 1, limit));
}

/** Terms below this can't change a probability, and far from the mean they are all there is. */
const NEGLIGIBLE = 1e-19;

/** P(Bin(trials, p) ≤ k) within 1e-11 absolute up to 10⁶ trials, by adding the shorter tail outwards from k. */
function binomialCdf(
  k: number,
  trials: number,
  p: number,
  logCoefficient = logBinomialCoefficient(trials, k),
): number {
  if (k >= trials || p === 0) return 1;
  if (p === 1) return 0;
  let term = Math.exp(logCoefficient + k * Math.log(p) + (trials - k) * Math.log1p(-p));
  let tail = 0;
  if (k < trials * p) {
    const odds = (1 - p) / p;
    for (let i = k; term > NEGLIGIBLE; i--) {
      tail += term;
      term *= (i / (trials - i + 1)) * odds;
    }
    return tail;
  }
  const odds = p / (1 - p);
  for (let i = k + 1; ; i++) {
    term *= ((trials - i + 1) / i) * odds;
    if (term < NEGLIGIBLE) return 1 - tail;
    tail += term;
  }
}

function logBinomialCoefficient(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= Math.min(k, n - k); i++) sum += Math.log((n - i + 1) / i);
  return sum;
}

function requireInteger(name: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new RangeError(`${name} must be an integer from 1 to ${max}, got ${value}`);
  }
}
