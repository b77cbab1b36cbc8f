import {
  kernelScale,
  kernelsBefore,
  meanPairKernel,
  packSamples,
  type PackedSamples,
  type Sample,
} from './kernel';

/** Keys are the reference and the scale; a reference is never changed. */
const known = new WeakMap<readonly Sample[], Map<number, number>>();

/**
 * The mean kernel of two different embeddings of a reference, which is computed once: n² / 2 kernels, 5 s for 10,000
 * embeddings of 64 numbers.
 *
 * @param rows - the same reference, packed; at least 2
 * @param scale - of `kernelScale`
 */
export function referenceKernel(reference: readonly Sample[], rows: PackedSamples, scale: number): number {
  return known.get(reference)?.get(scale) ?? remember(reference, scale, meanPairKernel(rows, scale));
}

/**
 * Computes it in parts, so that a page can answer between them; who asks for it afterwards has it at once.
 *
 * @param pause - awaited after each row
 * @throws AppError `embedding-length`, `embedding-not-finite`, `detector-settings`
 */
export async function prepareReferenceKernel(
  reference: readonly Sample[],
  sigma: number,
  pause: () => Promise<void>,
): Promise<void> {
  const scale = kernelScale(sigma);
  if (known.get(reference)?.has(scale)) return;
  const rows = packSamples(reference);
  const { count } = rows;
  const scratch = new Float64Array(count);
  let sum = 0;
  for (let row = 1; row < count; row++) {
    sum += kernelsBefore(rows, row, scale, scratch);
    await pause();
  }
  if (count > 1) remember(reference, scale, (2 * sum) / (count * (count - 1)));
}

function remember(reference: readonly Sample[], scale: number, mean: number): number {
  const ofReference = known.get(reference) ?? new Map<number, number>();
  known.set(reference, ofReference.set(scale, mean));
  return mean;
}
