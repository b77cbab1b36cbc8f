import type { Embedding } from '../drift/embedding';
import type { Camera } from './camera';
import type { Reference } from './reference';

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
