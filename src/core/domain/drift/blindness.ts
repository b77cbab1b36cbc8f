import { DETECTORS } from './detectors';
import type { Embedding } from './embedding';
import type { Judging } from './judge';

/**
 * Why a detector can't tell a dirty lens from a clean one, whatever the snapshots show: to its kernel all snapshots are
 * alike, or all are strangers; the reference has no spread to compare with; or no distance can exceed the drift limit.
 */
export const BLINDNESSES = ['saturated', 'empty', 'no-spread', 'out-of-reach'] as const;

export type Blindness = (typeof BLINDNESSES)[number];

/**
 * Whether no distance by these settings could exceed the drift limit: then "clear" would say nothing.
 *
 * @param reference - embeddings of one length
 * @returns null when it can tell, or when its detector does not know
 */
export function blindnessOf(
  reference: readonly Embedding[],
  { detector, thresholds }: Pick<Judging, 'detector' | 'thresholds'>,
): Blindness | null {
  return DETECTORS.get(detector.name)?.blindnessOf?.(reference, detector, thresholds.drift) ?? null;
}
