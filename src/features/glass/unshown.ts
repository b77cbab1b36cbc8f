import {
  isOfSameHistory,
  isSetAside,
  verdictOf,
  type CompletedJob,
  type Job,
} from '../../core/domain/camera/job';
import { unshownHours, type UnshownHours } from '../../core/domain/camera/time/shown-hours';
import type { Session } from '../../core/session/session.svelte';
import { latestOf } from '../../core/session/history/verdict-now';

/**
 * Whether the alarm that stands rests on hours of the day that the reference doesn't show.
 *
 * @returns null where none stands, another reference raised it, or too little of its window is such
 */
export function unshownOf(session: Session): UnshownHours | null {
  const latest = latestOf(session);
  const { reference } = session;
  if (!latest || !reference?.capturedAt || latest.referenceId !== reference.id) return null;
  const verdict = verdictOf(latest);
  if (verdict !== 'warning' && verdict !== 'drift') return null;
  const window = windowBehind(latest, session.monitor.jobs);
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
