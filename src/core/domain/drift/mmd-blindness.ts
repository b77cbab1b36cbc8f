import type { Blindness } from './detectors/detector';
import type { Embedding } from './embedding';
import { meanPairKernel, packSamples } from './kernel';

/**
 * How far from the reference and how close together the snapshots of a dirty window may be, in spreads of the reference:
 * its root mean square distance between two embeddings. Measured with the models that ship, on the OBSEA and the demo
 * camera: no dirty snapshot was further than 83.7 spreads from a clean one (16.7 by the first model, whose clean
 * snapshots lie less close together), and no window of 12 tighter than 0.6. At a drift limit of 0.1 this calls sigma
 * blind below 0.004 and above 9.7 for OBSEA, below 0.0013 and above 2.9 for the demo.
 */
const FAR = 85;
const TIGHT = 1 / 4;

/** More embeddings of a reference say nothing more of how alike it is to itself. */
const MOST_COMPARED = 1000;

/** Embeddings are float32: closer together than some of its steps they are one embedding with rounding on it. */
const LEAST_SPREAD = 1e-6;

/**
 * Tells if no squared MMD could exceed the drift limit.
 *
 * Costs the reference's size times its length; near the cut at most 500,000 kernels. Settings or embeddings that no detector
 * takes are for the detector to refuse.
 *
 * @param reference - embeddings of one length
 * @param sigma - any number
 * @returns null when it can tell
 */
export function mmdBlindness(
  reference: readonly Embedding[],
  sigma: number,
  drift: number,
): Blindness | null {
  if (reference.length < 2) return null;
  const { spread2, size2 } = spreadOf(reference);
  if (spread2 <= LEAST_SPREAD ** 2 * size2) return 'no-spread';
  const scale = -1 / (2 * sigma ** 2);
  if (!(sigma > 0) || !Number.isFinite(scale)) return 'empty';
  if (scale === 0) return 'saturated';
  // Of the three means of the unbiased MMD² the last two; the first, of the reference itself, is 0 or more.
  const reach = Math.exp(scale * TIGHT ** 2 * spread2) - 2 * Math.exp(scale * FAR ** 2 * spread2);
  if (reach > drift) return null;
  const meanKernel = meanPairKernel(packSamples(thinned(reference)), scale);
  if (meanKernel + reach > drift) return null;
  if (!(meanKernel + 1 > drift)) return 'out-of-reach';
  return meanKernel > 0.5 ? 'saturated' : 'empty';
}

/** Few enough to compare each with each while a person types, evenly over the reference. */
function thinned(reference: readonly Embedding[]): readonly Embedding[] {
  const step = Math.ceil(reference.length / MOST_COMPARED);
  return reference.filter((_, i) => i % step === 0);
}

/** Mean squared distance of two different embeddings, and mean squared size of one. */
function spreadOf(embeddings: readonly Embedding[]): { spread2: number; size2: number } {
  const count = embeddings.length;
  const mean = new Float64Array(embeddings[0]?.length ?? 0);
  for (const embedding of embeddings) for (const [k, value] of embedding.entries()) mean[k]! += value / count;
  let [about, size] = [0, 0];
  for (const embedding of embeddings) {
    for (const [k, value] of embedding.entries()) {
      about += (value - mean[k]!) ** 2;
      size += value ** 2;
    }
  }
  return { spread2: (2 * about) / (count - 1), size2: size / count };
}
