import { ENOUGH_CLEAN } from '../camera/reference-size';
import type { Embedding } from '../drift/embedding';
import type { ModelManifest } from './model';

/**
 * Share of sigma within which half of the clean snapshots lie on a camera that the model was made for: with the shipped
 * model 0.05 on OBSEA 2023, and on OBSEA 2014, which it never saw, 0.71 to 1.12 (40 to 46 snapshots of three spans); with
 * the one before it 0.11, and 0.97 to 1.2. Half, since single snapshots lie far off: two of OBSEA 2023's 241, at 3.5 and
 * 3.7, brought the root mean square of the one before to 0.36.
 */
const MOST_SPREAD = 1 / 3;

/**
 * True for a model made for the camera of these clean snapshots: then its distance alone can say that a lens
 * is not clean. Elsewhere it says that something is unlike the reference, which light and water do too.
 *
 * A model with a condition head draws clean snapshots of its own camera into a cluster that is small beside sigma. Of
 * other models, which a person brought for this camera, that is not known, so they are taken at their word. Fewer pictures
 * than a camera is judged from prove nothing: seven of another camera lay within a third of sigma.
 */
export function isMadeFor(manifest: ModelManifest, clean: readonly Embedding[]): boolean {
  if (manifest.adaptable === undefined) return true;
  return clean.length >= ENOUGH_CLEAN && spreadOf(clean) < MOST_SPREAD * manifest.detector.sigma;
}

function spreadOf(embeddings: readonly Embedding[]): number {
  const length = embeddings[0]?.length ?? 0;
  const squares = new Float64Array(embeddings.length);
  for (let k = 0; k < length; k++) {
    const mean = embeddings.reduce((sum, embedding) => sum + embedding[k]!, 0) / embeddings.length;
    for (const [i, embedding] of embeddings.entries()) squares[i]! += (embedding[k]! - mean) ** 2;
  }
  return Math.sqrt(squares.sort()[embeddings.length >> 1] ?? 0);
}
