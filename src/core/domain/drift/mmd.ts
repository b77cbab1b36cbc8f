import { AppError } from '../errors';
import { kernelScale, kernelSum, packSamples, pairKernelSum, type Sample } from './kernel';
import { referenceKernel } from './reference-kernel';

/**
 * Unbiased squared maximum mean discrepancy between two samples.
 *
 * Slightly negative about half of the time when the samples agree; the sign is kept, as in Frouros.
 *
 * @param reference - n ≥ 2 embeddings of length d
 * @param window - m ≥ 2 embeddings of length d
 * @param sigma - kernel bandwidth, in embedding units, > 0
 * @returns dimensionless, at most 2
 * @throws AppError `reference-too-small`, `embedding-length`, `embedding-not-finite`, `detector-settings`;
 *   RangeError when the window has fewer than two embeddings. Frouros returns NaN for most of these
 * @see Gretton et al. 2012, JMLR 13, Lemma 6; equals Frouros `MMD` (tests/fixtures/mmd_batch.json)
 */
export function mmd2(reference: readonly Sample[], window: readonly Sample[], sigma: number): number {
  const scale = kernelScale(sigma);
  if (reference.length < 2) throw new AppError('reference-too-small', String(reference.length));
  if (window.length < 2) throw new RangeError(`a window of ${window.length} has no unbiased MMD`);
  const x = packSamples(reference);
  const y = packSamples(window, x.length);

  const scratch = new Float64Array(x.count);
  let crossSum = 0;
  for (let i = 0; i < y.count; i++) {
    const point = y.values.subarray(i * y.length, (i + 1) * y.length);
    crossSum += kernelSum(x.values, x.count, point, scale, scratch);
  }
  return combineMmd2(
    referenceKernel(reference, x, scale),
    pairKernelSum(y, scale),
    crossSum,
    x.count,
    y.count,
  );
}

/**
 * The last step of the estimator. One function for the batch and the stream, so that both give the same bits.
 *
 * @param meanWithinReference - mean kernel of two different reference samples
 * @param windowPairSum - sum of the kernels of every pair of window samples, each pair once
 * @param crossSum - sum of the kernels between every reference and every window sample
 * @param n - reference size
 * @param m - window size
 */
export function combineMmd2(
  meanWithinReference: number,
  windowPairSum: number,
  crossSum: number,
  n: number,
  m: number,
): number {
  return meanWithinReference + (2 * windowPairSum) / (m * (m - 1)) - (2 * crossSum) / (n * m);
}
