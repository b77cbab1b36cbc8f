import type { Embedding } from '../drift/embedding';
import type { Camera, Reference } from './job';

/** The distance takes the reference's embeddings in pairs. */
const LEAST_REFERENCE = 2;

/** How many clean snapshots a set-up takes when so many of them are kept out of the reference. */
export function cleanNeeded(keepOut: number): number {
  return LEAST_REFERENCE + keepOut;
}

/** The embeddings that stand in the window before the first snapshot. */
export function warmUpEmbeddings(camera: Camera, reference: Reference): readonly Embedding[] {
  switch (camera.warmUp) {
    case 'none':
      return [];
    case 'reference':
      return reference.embeddings.slice(-camera.detector.windowSize);
    case 'snapshots':
      return reference.warmUpEmbeddings.slice(-camera.detector.windowSize);
  }
}
