import type { Embedding } from './embedding';
import { kernelScale, kernelSum, meanPairKernel, packSamples, squaredDistance } from './kernel';
import { MersenneTwister } from './mersenne-twister';
import { combineMmd2 } from './mmd';
import type { DetectorSettings } from '../model/model';

/** Kernels that a bootstrap may compute: a quarter of a second. Large windows get fewer draws. */
const MOST_KERNELS = 700_000;
const LEAST_DRAWS = 100;

/**
 * The limit of a bootstrap that draws single snapshots as if they were independent: what most libraries call a
 * threshold of false-alarm rate 1 - level. Snapshots of one hour look alike, so real windows exceed it far more
 * often; it is shown for comparison only.
 *
 * @param reference - n ≥ 2 embeddings of length d
 * @param run - m ≥ windowSize clean embeddings that the reference has no part in
 * @param options - `draws` is the most; a window of w takes w² / 2 kernels a draw, and there are fewer of large ones
 * @returns the quantile of the drawn squared MMDs, or null when the run is shorter than a window
 */
export function mmdIndependentLimit(
  reference: readonly Embedding[],
  run: readonly Embedding[],
  { windowSize, sigma }: DetectorSettings,
  { level = 0.99, draws = 10_000, seed = 1 } = {},
): number | null {
  const m = run.length;
  if (m < windowSize) return null;
  const scale = kernelScale(sigma);
  const x = packSamples(reference);
  const y = packSamples(run, x.length);
  const within = meanPairKernel(x, scale);
  const rows = run.map((_, i) => y.values.subarray(i * y.length, (i + 1) * y.length));
  const crossSums = rows.map((row) => kernelSum(x.values, x.count, row, scale));
  const affordable = Math.floor((2 * MOST_KERNELS) / (windowSize * (windowSize - 1)));
  const count = Math.min(draws, Math.max(LEAST_DRAWS, affordable));
  const random = new MersenneTwister(seed);
  const order = Uint32Array.from({ length: m }, (_, i) => i);
  const distances = new Float64Array(count);
  for (let draw = 0; draw < count; draw++) {
    let crossSum = 0;
    let pairSum = 0;
    for (let a = 0; a < windowSize; a++) {
      // A partial shuffle: the first windowSize places are a draw without repetition.
      const b = a + random.upTo(m - a - 1);
      const i = order[b]!;
      order[b] = order[a]!;
      order[a] = i;
      crossSum += crossSums[i]!;
      for (let c = 0; c < a; c++) pairSum += Math.exp(squaredDistance(rows[i]!, rows[order[c]!]!) * scale);
    }
    distances[draw] = combineMmd2(within, pairSum, crossSum, x.count, windowSize);
  }
  distances.sort();
  return distances[Math.min(count - 1, Math.ceil(level * count))]!;
}
