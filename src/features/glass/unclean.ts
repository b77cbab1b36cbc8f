import { lastCleaning, type CameraEvent } from '../../core/domain/camera/event';
import type { CompletedJob, Job } from '../../core/domain/camera/job';
import { conclusionOf } from '../../core/domain/camera/verdict';
import { scoredBy } from '../../core/session/history/history';

/**
 * True if growth has never been below the warning limit since the last cleaning, though a window is full: the glass is
 * not clean everywhere, or scratched.
 */
export function isUncleanSinceCleaning(
  events: readonly CameraEvent[],
  jobs: readonly Job[],
  job: CompletedJob,
): boolean {
  const since = lastCleaning(events, job.capturedAt);
  if (since === null || conclusionOf(job).code !== 'growth') return false;
  const judged = scoredBy(job.modelSha256, jobs).filter(
    ({ capturedAt, glass, referenceId }) =>
      capturedAt >= since && referenceId === job.referenceId && glass?.growth?.distance != null,
  );
  return judged.length > 0 && judged.every(({ glass }) => glass!.growth!.driftStatus !== 'normal');
}
