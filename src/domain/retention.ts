import { compareJobs, verdictOf, type Camera, type CompletedJob, type Job } from './job';

/**
 * The snapshots that the next verdict rests on, and that no deletion by age may take: those of the window, those by
 * which the alarm counts, and where it is raised, all since it was.
 *
 * @param jobs - all of the camera, in any order
 */
export function neededByJudge(camera: Camera, jobs: readonly Job[]): ReadonlySet<string> {
  const scored = jobs
    .filter(
      (job): job is CompletedJob => job.jobStatus === 'Completed' && job.modelSha256 === camera.modelSha256,
    )
    .sort(compareJobs);
  const { windowSize } = camera.detector;
  const { raiseAfter, clearAfter } = camera.persistence;
  const counted = Math.max(raiseAfter, clearAfter);
  let calm = scored.length - 1;
  while (calm >= 0 && !['normal', 'warming-up'].includes(verdictOf(scored[calm]!))) calm -= 1;
  const from = Math.min(scored.length - windowSize, calm + 1 - counted);
  return new Set(scored.slice(Math.max(0, from)).map(({ id }) => id));
}

/** What can be deleted by age. */
export type Aged = 'originals' | 'thumbnails' | 'snapshots';

/** What a reminder to export is about; null when nobody need be reminded. */
export type ExportReason = 'nearly-full' | 'not-kept' | 'long-ago' | null;

/** What is known of the data's safety. */
export interface Safety {
  readonly isPersisted: boolean | null;
  readonly usage: number | null;
  readonly quota: number | null;
  /** the last export, milliseconds since 1970; null for never */
  readonly exportedAt: number | null;
  /** snapshots that were checked since then */
  readonly fresh: number;
  readonly now: number;
}

/** So many snapshots are worth a reminder. */
const WORTH_EXPORTING = 100;
const NEARLY_FULL = 0.9;
const LONG_AGO = 30 * 86_400_000;

/** Why everything should be exported now, the most pressing reason first. */
export function exportReason(safety: Safety): ExportReason {
  const { isPersisted, usage, quota, exportedAt, fresh, now } = safety;
  if (usage !== null && quota !== null && usage >= NEARLY_FULL * quota) return 'nearly-full';
  if (fresh < WORTH_EXPORTING) return null;
  if (isPersisted === false) return 'not-kept';
  return exportedAt === null || now - exportedAt > LONG_AGO ? 'long-ago' : null;
}
