import { isAnsweredFor, isSetAside, verdictOf, type CompletedJob } from '../../../core/domain/camera/job';
import type { Session } from '../../../core/session/session.svelte';

/** So many clean snapshots with a changed scene can be a reference, and more than these are not needed. */
const LEAST = 24;
const MOST = 40;

/**
 * The first clean snapshots since the last change that was said to be in the scene; none while there are too few of
 * them, or another reference judges by now.
 */
export function cleanSince({ events, monitor, reference }: Session): readonly CompletedJob[] {
  const since = events.findLast(
    ({ scene }) =>
      scene?.answer === 'in-scene' &&
      scene.liftedAt === undefined &&
      reference &&
      isAnsweredFor(scene, reference),
  )?.at;
  if (since === undefined) return [];
  const clean = monitor.jobs.filter(
    (job): job is CompletedJob =>
      job.jobStatus === 'Completed' &&
      job.referenceId === reference?.id &&
      job.capturedAt >= since &&
      !isSetAside(job) &&
      verdictOf(job) === 'normal',
  );
  return clean.length < LEAST ? [] : clean.slice(0, MOST);
}
