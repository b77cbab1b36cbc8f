import { lastCleaning, type CameraEvent } from '../../core/domain/camera/event';
import type { CompletedJob } from '../../core/domain/camera/job';
import { scaledDistance } from '../../core/domain/camera/spoken';
import { isByGrowth, isSetAside } from '../../core/domain/camera/verdict';
import { cleaningReports } from '../../core/domain/drift/cleaning';
import type { VerdictNow } from '../../core/session/history/verdict-now';

/** A cleaning that helped. */
export interface Reward {
  readonly event: CameraEvent;
  readonly before: CompletedJob;
  readonly after: CompletedJob;
  /** covered shares of the glass; null where growth was not what was wrong */
  readonly cover: { readonly before: number; readonly after: number } | null;
}

/**
 * The last cleaning, while it is news that it helped: until the clean view is learned, or for another window where none is
 * learned. Null if nothing was wrong before, and once something is wrong again.
 *
 * @param jobs - that the verdict is about, in capture order
 */
export function rewardOf(
  { verdict, cycle, latest, cleanedAt }: VerdictNow,
  jobs: readonly CompletedJob[],
  events: readonly CameraEvent[],
): Reward | null {
  if (!latest || verdict !== 'normal' || cleanedAt === null) return null;
  if (cycle !== null && cycle.kind !== 'learning') return null;
  const report = cleaningReports(events, jobs).findLast(({ event }) => event.at === cleanedAt);
  if (report?.recovery.kind !== 'confirmed' || !report.wasInAlarm || report.relapseAt !== null) return null;
  const since = jobs.filter(({ capturedAt }) => lastCleaning(events, capturedAt) === cleanedAt).length;
  if (cycle === null && since > report.recovery.snapshots + latest.detector.windowSize) return null;
  const before = jobs.findLast(
    (job) => job.capturedAt < cleanedAt && !isSetAside(job) && scaledDistance(job) !== null,
  )!;
  const covers = [before.glass?.cover, latest.glass?.cover] as const;
  const cover =
    isByGrowth(before) && covers[0] !== undefined && covers[1] !== undefined
      ? { before: covers[0], after: covers[1] }
      : null;
  return { event: report.event, before, after: latest, cover };
}
