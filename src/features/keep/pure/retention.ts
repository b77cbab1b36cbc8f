import type { Camera } from '../../../core/domain/camera/camera';
import { compareJobs, historyKey, type CompletedJob, type Job } from '../../../core/domain/camera/job';
import { isSetAside, learnedVerdictOf } from '../../../core/domain/camera/verdict';
import { Alarm } from '../../../core/domain/drift/persistence';
import type { DriftStatus } from '../../../core/domain/drift/thresholds';
import { countedNeeded, GLASS_MEMORY, GLASS_THRESHOLDS } from '../../../core/domain/glass/glass-facts';

/**
 * The snapshots that the next verdict rests on, and that no deletion by age may take: those of the window, and those
 * since the alarm was last at rest. That is told as the judge is restored, from the stored distances by the present
 * limits and persistence, since those may have been changed since the verdicts were stored.
 *
 * @param jobs - all of the camera, in any order
 * @param staying - ids of those that stay for another reason; the judge sees them too
 */
export function neededByJudge(
  camera: Camera,
  jobs: readonly Job[],
  staying: ReadonlySet<string>,
): ReadonlySet<string> {
  const scored = jobs
    .filter(
      (job): job is CompletedJob => job.jobStatus === 'Completed' && job.modelSha256 === camera.modelSha256,
    )
    .sort(compareJobs);
  const { alarm, since } = replayed(camera, scored);
  const from = Math.min(since, scored.length - camera.detector.windowSize, neededByGlass(camera, scored));
  const left = scored.filter(({ id }, i) => i >= from || staying.has(id));
  const isSame = replayed(camera, left).alarm.standsLike(alarm);
  // A single one of long ago may raise what those between it and the others had cleared.
  const first = isSame ? from : scored.findIndex(({ id }) => staying.has(id));
  return new Set(scored.slice(Math.max(0, first)).map(({ id }) => id));
}

/** The place of the first job whose sight the next one is judged with; the last one's where there are none. */
function neededByGlass({ detector, persistence }: Camera, scored: readonly CompletedJob[]): number {
  if (!scored.some(({ glass }) => glass)) return scored.length;
  const counted = [...scored.keys()].filter((i) => !isSetAside(scored[i]!));
  const sinceRest = (['growth', 'loss'] as const).map((stream) => {
    const alarm = new Alarm(GLASS_THRESHOLDS, persistence);
    let since = 0;
    for (const i of counted) {
      alarm.update(scored[i]!.glass?.[stream]?.distance ?? null);
      if (alarm.isAtRest) since = i + 1;
    }
    return since;
  });
  const windowed = counted.at(-countedNeeded(detector.windowSize)) ?? 0;
  return Math.min(windowed, scored.length - GLASS_MEMORY, ...sinceRest);
}

/** The alarm after these jobs, with the place of the first job that counts for it. */
function replayed(camera: Camera, scored: readonly CompletedJob[]): { alarm: Alarm; since: number } {
  const key = historyKey(camera);
  const alarm = new Alarm(camera.thresholds, camera.persistence);
  let since = 0;
  for (const [i, job] of scored.entries()) {
    const isOther = historyKey(job) !== key;
    // A verdict by other settings stands until these clear it.
    if (isOther) alarm.stand(standingBy(job));
    else if (!isSetAside(job)) alarm.update(job.distance);
    if (alarm.isAtRest) since = i + 1;
    else if (isOther) since = i;
  }
  return { alarm, since };
}

function standingBy(job: CompletedJob): DriftStatus {
  const verdict = learnedVerdictOf(job);
  return verdict === 'not-checked' ? 'normal' : verdict;
}

export type AgedKind = 'originals' | 'thumbnails' | 'snapshots';

/** Reason for a reminder to export; null when no reminder is needed. */
export type ExportReason = 'nearly-full' | 'not-kept' | 'long-ago' | null;

/** Facts on the data's safety. */
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
