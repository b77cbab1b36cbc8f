import type { CameraEvent } from '../../domain/camera/event';
import type { Job } from '../../domain/camera/job';
import type { Reference } from '../../domain/camera/reference';
import { unshownHours, type UnshownHours } from '../../domain/camera/time/shown-hours';
import { placeOf, windowBehind } from '../../domain/camera/window';
import { isPressing, type VerdictNow } from './verdict-now';

/**
 * Hours of the day that the present alarm rests on and the reference doesn't show.
 *
 * @param jobs - of the camera, in capture order; as many at least as the newest window holds
 * @param reference - that the camera goes on with
 * @returns null if none stands, another reference raised it, or too little of its window is such
 */
export function unshownOf(
  { latest, verdict }: Pick<VerdictNow, 'latest' | 'verdict'>,
  jobs: readonly Job[],
  events: readonly CameraEvent[],
  reference: Pick<Reference, 'id' | 'capturedAt'> | null | undefined,
): UnshownHours | null {
  if (!latest || !reference?.capturedAt || latest.referenceId !== reference.id) return null;
  if (!isPressing(verdict)) return null;
  const window = windowBehind(jobs, placeOf(latest, jobs), events);
  // A file's date shows when it was copied.
  if (window.some(({ capturedAtSource }) => capturedAtSource === 'file-date')) return null;
  return unshownHours(
    reference.capturedAt,
    window.map(({ capturedAt }) => capturedAt),
  );
}
