import type { Embedding } from './embedding';
import { AppError } from '../errors';

/** One point of the embedding space. Embeddings are float32; float64 serves numbers that come from elsewhere. */
export type Sample = Embedding | Float64Array;

/** Samples of one length, end to end: row i is `values[i * length]` up to `values[(i + 1) * length - 1]`. */
export interface PackedSamples {
  readonly values: Float64Array;
  readonly count: number;
  readonly length: number;
}

/**
 * The median heuristic for sigma: the median distance between two embeddings.
 *
 * Libraries mean three different things by it. This is Frouros' convention, σ = median(d) in
 * exp(-d² / 2σ²). alibi-detect's default `GaussianRBF` sigma is this one / √2 (σ² = median(d²) / 2); Evidently
 * writes exp(-γd²) with γ = 1 / median(d)² over the pairs across both samples, which is the same factor √2.
 *
 * @param embeddings - n ≥ 2 embeddings of length d; n(n - 1) / 2 distances are held and sorted at once
 * @returns > 0, in embedding units; of an even number of distances the mean of the middle two, as numpy
 * @throws AppError `reference-too-small`, `embedding-length`, `embedding-not-finite`; `detector-settings`
 *   when more than half of the pairs are equal, for no kernel has bandwidth 0
 * @see Garreau, Jitkrittum, Kanagawa 2017, arXiv 1707.07269
 */
export function medianSigma(embeddings: readonly Sample[]): number {
  const rows = packSamples(atLeastTwo(embeddings));
  const squared = condensedSquaredDistances(rows).sort();
  const upper = squared.length >> 1;
  const lower = squared.length % 2 === 0 ? upper - 1 : upper;
  const median = (Math.sqrt(squared[lower]!) + Math.sqrt(squared[upper]!)) / 2;
  if (median === 0) throw new AppError('detector-settings', { code: 'median-zero' });
  return median;
}

/**
 * How alike the reference looks to itself through this kernel: the mean kernel of two different embeddings.
 *
 * Below about 0.01 sigma is too small, and every distance is about 0 whatever comes; above about 0.99 it is too
 * large, and distances flatten.
 *
 * @param reference - n ≥ 2 embeddings of length d
 * @param sigma - bandwidth, in embedding units, > 0
 * @returns 0..1, dimensionless
 * @throws AppError `reference-too-small`, `embedding-length`, `embedding-not-finite`, `detector-settings`
 * @see equals Frouros `expected_k_xx` (tests/fixtures/mmd_streaming.json)
 */
export function kernelSaturation(reference: readonly Sample[], sigma: number): number {
  const scale = kernelScale(sigma);
  return meanPairKernel(packSamples(atLeastTwo(reference)), scale);
}

/**
 * -1 / 2σ², by which a squared distance becomes the exponent of its kernel, exp(-|a - b|² / 2σ²).
 *
 * @throws AppError `detector-settings` unless sigma is > 0 and neither its square nor the inverse of that leaves
 *   float64: then no distance can give NaN, as 0 · ∞ would; Frouros' `rbf_kernel` divides by 0 without a word
 */
export function kernelScale(sigma: number): number {
  const scale = -1 / (2 * sigma * sigma);
  if (!(sigma > 0) || scale === 0 || !Number.isFinite(scale)) {
    throw new AppError('detector-settings', `sigma ${sigma}`);
  }
  return scale;
}

/**
 * Copies samples into one contiguous float64 array.
 *
 * @param length - what every sample must have; the first sample's when left out
 * @throws AppError `embedding-length` when lengths differ or are 0, `embedding-not-finite` on NaN or Infinity;
 *   Frouros notices neither before the window is full
 */
export function packSamples(samples: readonly Sample[], length = samples[0]?.length ?? 0): PackedSamples {
  const values = new Float64Array(samples.length * length);
  samples.forEach((sample, row) => {
    if (sample.length !== length || length === 0)
      throw wrongLength(sample.length, length, row, samples.length);
    for (let k = 0; k < length; k++) {
      if (!Number.isFinite(sample[k]!)) throw notFinite(sample[k]!, row, samples.length);
    }
    values.set(sample, row * length);
  });
  return { values, count: samples.length, length };
}

function wrongLength(found: number, length: number, row: number, count: number): AppError {
  const facts = { found, wanted: length || '≥ 1' };
  return new AppError(
    'embedding-length',
    count > 1 ? { code: 'length-in-row', ...facts, row } : { code: 'length-instead', ...facts },
  );
}

function notFinite(value: number, row: number, count: number): AppError {
  const detail = count > 1 ? ({ code: 'value-in-row', value: String(value), row } as const) : String(value);
  return new AppError('embedding-not-finite', detail);
}

/**
 * Sum of the kernels between one point and the first rows, added in row order.
 *
 * @param rows - at least `count` rows of the point's length
 * @param scale - of `kernelScale`
 * @param scratch - room for `count` numbers, overwritten
 */
export function kernelSum(
  rows: Float64Array,
  count: number,
  point: Float64Array,
  scale: number,
  scratch: Float64Array = new Float64Array(count),
): number {
  squaredDistances(rows, count, point, scratch);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.exp(scratch[i]! * scale);
  return sum;
}

/** Takes at least 2 rows, and a scale of `kernelScale`. */
export function meanPairKernel(rows: PackedSamples, scale: number): number {
  const { count } = rows;
  return (2 * pairKernelSum(rows, scale)) / (count * (count - 1));
}

/** Sum of the kernels of every pair of rows once: row by row, each with the rows before it. */
export function pairKernelSum(rows: PackedSamples, scale: number): number {
  const scratch = new Float64Array(rows.count);
  let sum = 0;
  for (let i = 1; i < rows.count; i++) sum += kernelsBefore(rows, i, scale, scratch);
  return sum;
}

/** Sum of the kernels of a row with the rows before it. */
export function kernelsBefore(
  { values, length }: PackedSamples,
  row: number,
  scale: number,
  scratch: Float64Array,
): number {
  return kernelSum(values, row, values.subarray(row * length, (row + 1) * length), scale, scratch);
}

/** Squared distances of all pairs once: n(n - 1) / 2 numbers, the pair of rows i > j at i(i - 1) / 2 + j. */
function condensedSquaredDistances({ values, count, length }: PackedSamples): Float64Array {
  const condensed = new Float64Array((count * (count - 1)) / 2);
  for (let i = 1; i < count; i++) {
    const start = (i * (i - 1)) / 2;
    const point = values.subarray(i * length, (i + 1) * length);
    squaredDistances(values, i, point, condensed.subarray(start, start + i));
  }
  return condensed;
}

/** @param a, b - of one length */
export function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) {
    const d = a[k]! - b[k]!;
    sum += d * d;
  }
  return sum;
}

function atLeastTwo<T>(samples: readonly T[]): readonly T[] {
  if (samples.length < 2) throw new AppError('reference-too-small', String(samples.length));
  return samples;
}

/**
 * The inner loop of everything here. Four rows at a time, because their sums are independent: at 253 rows of 64
 * that takes 12 µs where one row at a time takes 25 (Node 20, AMD EPYC). Each row is still summed in its own
 * order, so a distance has the same bits wherever its row stands, and with its two samples exchanged.
 */
function squaredDistances(rows: Float64Array, count: number, point: Float64Array, out: Float64Array): void {
  const length = point.length;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const row0 = i * length;
    const row1 = row0 + length;
    const row2 = row1 + length;
    const row3 = row2 + length;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let k = 0; k < length; k++) {
      const x = point[k]!;
      const d0 = rows[row0 + k]! - x;
      const d1 = rows[row1 + k]! - x;
      const d2 = rows[row2 + k]! - x;
      const d3 = rows[row3 + k]! - x;
      sum0 += d0 * d0;
      sum1 += d1 * d1;
      sum2 += d2 * d2;
      sum3 += d3 * d3;
    }
    out[i] = sum0;
    out[i + 1] = sum1;
    out[i + 2] = sum2;
    out[i + 3] = sum3;
  }
  for (; i < count; i++) out[i] = squaredDistance(rows.subarray(i * length, (i + 1) * length), point);
}
