import type { Embedding } from '../../../core/domain/drift/embedding';

export interface Neighbour {
  /** its place in the reference */
  readonly index: number;
  /** Euclidean, in embedding units */
  readonly distance: number;
}

/** The reference's embeddings, the nearest first; of equally near ones the earlier. */
export function neighbours(point: Embedding, reference: readonly Embedding[]): Neighbour[] {
  return reference
    .map((embedding, index) => {
      let sum = 0;
      for (let k = 0; k < point.length; k++) sum += (embedding[k]! - point[k]!) ** 2;
      return { index, distance: Math.sqrt(sum) };
    })
    .sort((a, b) => a.distance - b.distance || a.index - b.index);
}
