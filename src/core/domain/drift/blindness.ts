import { DETECTORS } from './detectors';
import type { Embedding } from './embedding';
import type { DetectorSettings } from '../model/model';
import type { Blindness } from './detectors/detector';
import type { Thresholds } from './thresholds';

/** The last answer for each reference: the page asks at each redraw, and a history job by job. */
const answers = new WeakMap<
  readonly Embedding[],
  DetectorSettings & { drift: number; blindness: Blindness | null }
>();

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
  const { name, windowSize, sigma } = detector;
  const { drift } = thresholds;
  const last = answers.get(reference);
  if (last?.name === name && last.windowSize === windowSize && last.sigma === sigma && last.drift === drift)
    return last.blindness;
  const blindness = DETECTORS.get(name)?.blindnessOf?.(reference, detector, drift) ?? null;
  answers.set(reference, { ...detector, drift, blindness });
  return blindness;
}
