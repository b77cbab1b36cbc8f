import { isInScene, verdictOf, type CompletedJob, type Job } from '../../../core/domain/camera/job';
import { joinable } from '../../../core/session/reference/next-reference';
import type { Cameras } from '../../../core/session/cameras.svelte';

/** So many clean snapshots with a changed scene can be a reference, and more than these are not needed. */
const LEAST = 24;
const MOST = 40;

/**
 * The first clean snapshots since the last change that was said to be in the scene, without those of the present window;
 * none while there are too few of them, or another reference judges by now.
 */
export function cleanSince(
  { chosen: camera, events, reference }: Pick<Cameras, 'chosen' | 'events' | 'reference'>,
  jobs: readonly Job[],
): readonly CompletedJob[] {
  if (!camera || !reference) return [];
  const since = events.findLast((event) => isInScene(event, reference))?.at;
  if (since === undefined) return [];
  const clean = jobs.filter(
    (job): job is CompletedJob =>
      job.jobStatus === 'Completed' &&
      job.referenceId === reference.id &&
      job.capturedAt >= since &&
      verdictOf(job) === 'normal',
  );
  const free = joinable(clean, { camera, reference, jobs });
  return free.length < LEAST ? [] : free.slice(0, MOST);
}
