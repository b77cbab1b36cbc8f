import { isOfSameHistory, isSetAside, verdictOf } from '../../core/domain/camera/job';
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
  const window = session.monitor.jobs
    .filter((job) => job.jobStatus === 'Completed' && isOfSameHistory(job, latest) && !isSetAside(job))
    .slice(-latest.windowFill);
  // The date of a file says when it was copied.
  if (window.some(({ capturedAtSource }) => capturedAtSource === 'file-date')) return null;
  return unshownHours(
    reference.capturedAt,
    window.map(({ capturedAt }) => capturedAt),
  );
}
