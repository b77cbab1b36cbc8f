import type { Embedding } from '../drift/embedding';
import type { ModelManifest } from './model';

/**
 * Share of sigma within which clean snapshots lie on a camera that the model was made for: on OBSEA 2023 they are at
 * 0.13 of it, on OBSEA 2014, which the shipped model never saw, at 1.1 to 1.4 (40 to 153 snapshots of each).
 */
const MOST_SPREAD = 1 / 3;

/**
 * Whether a model was made for the camera that these clean snapshots are of: then its distance alone can say that a lens
 * is not clean. Elsewhere it says that something is unlike the reference, which light and water do too.
 *
 * A model with a condition head draws clean snapshots of its own camera into a cluster that is small beside sigma. Of
 * other models, which a person brought for this camera, that is not known, so they are taken at their word.
 */
export function isMadeFor(manifest: ModelManifest, clean: readonly Embedding[]): boolean {
  return manifest.adaptable === undefined || spreadOf(clean) < MOST_SPREAD * manifest.detector.sigma;
}

/** The root mean square distance of embeddings to their mean. */
function spreadOf(embeddings: readonly Embedding[]): number {
  const length = embeddings[0]?.length ?? 0;
  let squares = 0;
  for (let k = 0; k < length; k++) {
    const mean = embeddings.reduce((sum, embedding) => sum + embedding[k]!, 0) / embeddings.length;
    for (const embedding of embeddings) squares += (embedding[k]! - mean) ** 2;
  }
  return Math.sqrt(squares / embeddings.length);
}
