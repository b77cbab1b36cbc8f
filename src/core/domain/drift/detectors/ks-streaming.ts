import { AppError } from '../../errors';
import type { Detector } from './detector';

/** Above this SciPy changes to an asymptotic p-value, and Frouros fails; see `KsStreaming`. */
const MAX_EXACT_SIZE = 10_000;

export interface KsResult {
  /** largest gap between the two empirical distribution functions, 0..1 */
  readonly statistic: number;
  /** exact two-sided probability, 0..1, of a gap at least as large when nothing changed */
  readonly pValue: number;
}

/**
 * Two-sample Kolmogorov-Smirnov test between a reference and a sliding window, for one number a snapshot, such as
 * its brightness.
 *
 * Equals Frouros `IncrementalKSTest` and `scipy.stats.ks_2samp(method="exact")`: the statistic exactly, the p-value
 * within 1e-12 (tests/fixtures/ks_streaming.json). For more than 10000 reference values Frouros fails with an
 * IndexError at the first full window; this refuses in `fit`. It refuses NaN and Infinity too, where Frouros counts
 * NaN as the largest number of all.
 */
export class KsStreaming implements Detector<number, KsResult> {
  readonly windowSize: number;
  /** ascending; null before `fit` */
  #reference: Float64Array | null = null;
  /** oldest first */
  readonly #window: number[] = [];
  /** p-values by the statistic in steps, which are few: a stream meets the same ones again and again */
  readonly #pValues = new Map<number, number>();

  /**
   * @param windowSize - integer, 1 to 10000
   * @throws AppError `detector-settings`
   */
  constructor({ windowSize }: { readonly windowSize: number }) {
    if (!Number.isInteger(windowSize) || windowSize < 1 || windowSize > MAX_EXACT_SIZE) {
      throw new AppError('detector-settings', `windowSize ${windowSize}`);
    }
    this.windowSize = windowSize;
  }

  get windowFill(): number {
    return this.#window.length;
  }

  /**
   * @param reference - 1 to 10000 numbers
   * @throws AppError `reference-too-small` without a number, `detector-settings` above 10000,
   *   `embedding-not-finite`
   */
  fit(reference: readonly number[]): void {
    if (reference.length < 1) throw new AppError('reference-too-small', '0');
    if (reference.length > MAX_EXACT_SIZE) {
      const facts = { most: MAX_EXACT_SIZE, found: reference.length };
      throw new AppError('detector-settings', { code: 'reference-most', ...facts });
    }
    for (const value of reference) requireFinite(value);
    this.#reference = Float64Array.from(reference).sort();
    this.#window.length = 0;
    this.#pValues.clear();
  }

  /**
   * @returns null until the window is full
   * @throws AppError `not-fitted`, `embedding-not-finite`
   */
  update(sample: number): KsResult | null {
    const reference = this.#reference;
    if (reference === null) throw new AppError('not-fitted');
    requireFinite(sample);
    if (this.#window.length === this.windowSize) this.#window.shift();
    this.#window.push(sample);
    if (this.#window.length < this.windowSize) return null;

    const statistic = ksStatistic(reference, Float64Array.from(this.#window).sort());
    // The statistic is a multiple of 1 / lcm(n, m).
    const n = reference.length;
    const m = this.windowSize;
    const steps = Math.round(statistic * (n / greatestCommonDivisor(n, m)) * m);
    let pValue = this.#pValues.get(steps);
    if (pValue === undefined) {
      pValue = ksExactPValue(steps, n, m);
      this.#pValues.set(steps, pValue);
    }
    return { statistic, pValue };
  }

  empty(): void {
    this.#window.length = 0;
  }

  reset(): void {
    this.#reference = null;
    this.empty();
    this.#pValues.clear();
  }
}

function requireFinite(value: number): void {
  if (!Number.isFinite(value)) throw new AppError('embedding-not-finite', String(value));
}

/**
 * Largest |F_a - F_b| of the right-continuous empirical distribution functions. F_a - F_b is largest just before
 * a value of b and smallest at one, so only the values of b are visited.
 *
 * @param a - ascending, not empty
 * @param b - ascending, not empty
 */
function ksStatistic(a: Float64Array, b: Float64Array): number {
  let largest = 0;
  for (let j = 0; j < b.length;) {
    const value = b[j]!;
    const below = countWhere(a, (x) => x < value);
    largest = Math.max(largest, below / a.length - j / b.length);
    while (j < b.length && b[j] === value) j++;
    const upTo = countWhere(a, (x) => x <= value);
    largest = Math.max(largest, j / b.length - upTo / a.length);
  }
  return largest;
}

/** How many leading numbers satisfy a claim that is true up to some place in the array and false after it. */
function countWhere(ascending: Float64Array, claim: (value: number) => boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (claim(ascending[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Probability that a random order of n and m values has a statistic of at least `steps` / lcm(n, m): that a
 * uniformly drawn monotone lattice path from (0, 0) to (n, m) reaches |i·m - j·n| / gcd ≥ steps. Takes n·m steps
 * and only adds positive numbers, so that small p-values keep their digits.
 *
 * @see Hodges 1958, Arkiv för Matematik 3(43), 469-486
 */
function ksExactPValue(steps: number, n: number, m: number): number {
  if (steps === 0) return 1;
  const divisor = greatestCommonDivisor(n, m);
  const stepA = m / divisor;
  const stepB = n / divisor;
  // reached[j]: probability that a path from (0, 0) to (i, j) has touched; row i overwrites row i - 1.
  const reached = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      if (Math.abs(i * stepA - j * stepB) >= steps) reached[j] = 1;
      else if (i + j > 0) {
        const fromA = i > 0 ? i * reached[j]! : 0;
        const fromB = j > 0 ? j * reached[j - 1]! : 0;
        reached[j] = (fromA + fromB) / (i + j);
      }
    }
  }
  return reached[m]!;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
