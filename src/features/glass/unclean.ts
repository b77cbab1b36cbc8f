import { conclusionOf, lastCleaning, type CompletedJob } from '../../core/domain/camera/job';
import { scoredBy } from '../../core/session/history/history';
import type { Session } from '../../core/session/session.svelte';

/**
 * True if growth has never been below the warning limit since the last cleaning, though a window is full: the glass is
 * not clean everywhere, or scratched.
 */
export function isUncleanSinceCleaning({ events, monitor }: Session, job: CompletedJob): boolean {
  const since = lastCleaning(events, job.capturedAt);
  if (since === null || conclusionOf(job).code !== 'growth') return false;
  const judged = scoredBy(job.modelSha256, monitor.jobs).filter(
    ({ capturedAt, glass, referenceId }) =>
      capturedAt >= since && referenceId === job.referenceId && glass?.growth?.distance != null,
  );
  return judged.length > 0 && judged.every(({ glass }) => glass!.growth!.driftStatus !== 'normal');
}
