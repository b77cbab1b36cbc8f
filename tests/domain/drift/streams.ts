import { MersenneTwister } from '../../../src/core/domain/drift/mersenne-twister';
import type { Embedding } from '../../../src/core/domain/drift/embedding';

/** Standard normal numbers, always the same ones for a seed. */
export function normalNumbers(seed: number): () => number {
  const random = new MersenneTwister(seed);
  const uniform = () => (random.nextUint32() + 0.5) / 2 ** 32;
  // Box and Muller 1958
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/**
 * A stationary AR(1) stream of embeddings, each number with variance 1 and autocorrelation `phi` from one to the next.
 *
 * @returns one embedding each hour
 */
export function autoregressiveStream(
  count: number,
  { phi, length = 4, seed, start = 0 }: { phi: number; length?: number; seed: number; start?: number },
): { capturedAt: number; embedding: Embedding }[] {
  const normal = normalNumbers(seed);
  let state = Array.from({ length }, normal);
  return Array.from({ length: count }, (_, i) => {
    if (i > 0) state = state.map((x) => phi * x + Math.sqrt(1 - phi * phi) * normal());
    return { capturedAt: start + i * 3_600_000, embedding: Float32Array.from(state) };
  });
}
