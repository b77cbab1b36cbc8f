import { DETECTORS } from './detectors';
import type { Embedding } from './embedding';
import type { DetectorSettings } from '../model/model';
import type { Blindness } from './detectors/detector';
import type { Thresholds } from './thresholds';

/**
 * Tells if no distance by these settings could exceed the drift limit: then "clear" would say nothing.
 *
 * @param reference - embeddings of one length
 * @returns null when it can tell, or when its detector does not know
 */
export function blindnessOf(
  reference: readonly Embedding[],
  { detector, thresholds }: { readonly detector: DetectorSettings; readonly thresholds: Thresholds },
): Blindness | null {
  return DETECTORS.get(detector.name)?.blindnessOf?.(reference, detector, thresholds.drift) ?? null;
}
