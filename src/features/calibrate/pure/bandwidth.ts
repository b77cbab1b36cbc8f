import type { Embedding } from '../../../core/domain/drift/embedding';
import { AppError } from '../../../core/domain/errors';
import {
  condensedSquaredDistances,
  kernelScale,
  medianSigma,
  packSamples,
} from '../../../core/domain/drift/kernel';

export interface BandwidthReport {
  readonly sigma: number;
  /** mean kernel of two different embeddings, 0..1 */
  readonly saturation: number;
  readonly verdict: 'too-small' | 'small' | 'fine' | 'large' | 'too-large';
  /** median distance of two embeddings: the median heuristic in Frouros' convention; null when more than half are equal */
  readonly median: number | null;
  /** "median" sigma of other libraries, in Frouros' convention; null as above */
  readonly others: { readonly alibiDetect: number; readonly evidently: number } | null;
  /** counts of distances in bins of equal width from 0 to the largest */
  readonly histogram: { readonly largest: number; readonly counts: readonly number[] };
}

/** Below the first every distance is about 0; above the last they all flatten. */
const TOO_SMALL = 0.01;
const SMALL = 0.1;
const LARGE = 0.95;
const TOO_LARGE = 0.99;
const BINS = 40;

/**
 * Looks at a bandwidth as a doctor would.
 *
 * alibi-detect takes σ² = median(d²) / 2 and Evidently γ = 1 / median(d)², which in exp(-d² / 2σ²) are both
 * σ = median(d) / √2.
 *
 * @param embeddings - n ≥ 2, of length d; takes n² / 2 distances at once
 * @throws AppError `reference-too-small`, `embedding-length`, `embedding-not-finite`, `detector-settings`
 */
export function examineBandwidth(embeddings: readonly Embedding[], sigma: number): BandwidthReport {
  const scale = kernelScale(sigma);
  const median = medianOrNull(embeddings);
  const squared = condensedSquaredDistances(packSamples(embeddings));
  let kernels = 0;
  let largest = 0;
  for (const value of squared) {
    kernels += Math.exp(value * scale);
    largest = Math.max(largest, value);
  }
  const saturation = kernels / squared.length;
  const top = Math.sqrt(largest);
  const counts = new Array<number>(BINS).fill(0);
  for (const value of squared) {
    const bin = top === 0 ? 0 : Math.floor((Math.sqrt(value) / top) * BINS);
    counts[Math.min(BINS - 1, bin)]! += 1;
  }
  return {
    sigma,
    saturation,
    verdict: verdictOn(saturation),
    median,
    others: median === null ? null : { alibiDetect: median / Math.SQRT2, evidently: median / Math.SQRT2 },
    histogram: { largest: top, counts },
  };
}

function verdictOn(saturation: number): BandwidthReport['verdict'] {
  if (saturation < TOO_SMALL) return 'too-small';
  if (saturation < SMALL) return 'small';
  if (saturation > TOO_LARGE) return 'too-large';
  return saturation > LARGE ? 'large' : 'fine';
}

/** No kernel has bandwidth 0. */
function medianOrNull(embeddings: readonly Embedding[]): number | null {
  try {
    return medianSigma(embeddings);
  } catch (error) {
    if (error instanceof AppError && error.code === 'detector-settings') return null;
    throw error;
  }
}
