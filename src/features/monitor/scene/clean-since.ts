import { isInScene } from '../../../core/domain/camera/event';
import type { CompletedJob, Job } from '../../../core/domain/camera/job';
import { verdictOf } from '../../../core/domain/camera/verdict';
import { BEST_CLEAN, ENOUGH_CLEAN } from '../../../core/domain/camera/reference-size';
import { joinable } from '../../../core/session/reference/next-reference';
import type { Cameras } from '../../../core/session/cameras.svelte';

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
  return free.length < ENOUGH_CLEAN ? [] : free.slice(0, BEST_CLEAN);
}
