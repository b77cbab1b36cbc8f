import {
  isOfSameHistory,
  isSetAside,
  type CompletedJob,
  type Job,
  type Reference,
} from '../../domain/camera/job';
import { unshownHours, type UnshownHours } from '../../domain/camera/time/shown-hours';
import { isPressing, type VerdictNow } from './verdict-now';

/**
 * Whether the alarm that stands rests on hours of the day that the reference doesn't show.
 *
 * @param jobs - of the camera, in capture order; as many at least as the newest window holds
 * @param reference - that the camera goes on with
 * @returns null where none stands, another reference raised it, or too little of its window is such
 */
export function unshownOf(
  { latest, verdict }: Pick<VerdictNow, 'latest' | 'verdict'>,
  jobs: readonly Job[],
  reference: Pick<Reference, 'id' | 'capturedAt'> | null | undefined,
): UnshownHours | null {
  if (!latest || !reference?.capturedAt || latest.referenceId !== reference.id) return null;
  if (!isPressing(verdict)) return null;
  const window = windowBehind(latest, jobs);
  // The date of a file says when it was copied.
  if (window.some(({ capturedAtSource }) => capturedAtSource === 'file-date')) return null;
  return unshownHours(
    reference.capturedAt,
    window.map(({ capturedAt }) => capturedAt),
  );
}

/** The newest snapshots that count, as many as the window of the latest held. @param jobs - in capture order */
function windowBehind(latest: CompletedJob, jobs: readonly Job[]): readonly CompletedJob[] {
  const window: CompletedJob[] = [];
  for (let i = jobs.length - 1; i >= 0 && window.length < latest.windowFill; i -= 1) {
    const job = jobs[i]!;
    if (job.jobStatus === 'Completed' && isOfSameHistory(job, latest) && !isSetAside(job)) window.push(job);
  }
  return window;
}
