import type { Blindness } from '../domain/blindness';
import { historyKey, lastCleaning, verdictOf, type CameraEvent, type CompletedJob } from '../domain/job';
import type { DriftStatus } from '../domain/thresholds';
import { explain, t } from './messages';
import type { Porthole } from './porthole.svelte';

/** What is said of the lens now. */
export interface VerdictNow {
  readonly latest: CompletedJob | undefined;
  readonly verdict: DriftStatus | 'not-checked';
  /** cleaned since the newest snapshot: what it says is no longer so */
  readonly isOutdated: boolean;
  readonly cleanedAt: number | null;
  /** why nothing can be told; null where something can, and where an alarm stands */
  readonly blindness: Blindness | null;
}

/**
 * @param latest - the newest job of the history that the camera goes on with
 * @param events - of its camera
 * @param now - milliseconds since 1970
 * @param sight - why the camera's present settings can tell nothing; null when they can
 */
export function verdictNow(
  latest: CompletedJob | undefined,
  events: readonly CameraEvent[],
  now = Date.now(),
  sight: Blindness | null = null,
): VerdictNow {
  const cleanedAt = lastCleaning(events, now);
  const isOutdated = latest !== undefined && cleanedAt !== null && cleanedAt > latest.capturedAt;
  const said = latest ? (isOutdated ? 'warming-up' : verdictOf(latest)) : 'not-checked';
  const isAlarm = said === 'warning' || said === 'drift';
  const blindness = isAlarm ? null : (sight ?? latest?.blindness ?? null);
  return { latest, verdict: blindness ? 'not-checked' : said, isOutdated, cleanedAt, blindness };
}

/** The newest job of what the chosen camera goes on with. */
export function latestOf({ camera, monitor }: Porthole): CompletedJob | undefined {
  const key = camera && historyKey(camera);
  return monitor.jobs.findLast(
    (job): job is CompletedJob => job.jobStatus === 'Completed' && historyKey(job) === key,
  );
}

/** How many newest snapshots in a row have this verdict. */
export function lastingOf(jobs: readonly CompletedJob[], verdict: VerdictNow['verdict']): number {
  return jobs.length - 1 - jobs.findLastIndex((job) => verdictOf(job) !== verdict);
}

/** How full the ring is, 0..1: at the drift limit two thirds, and it never quite closes. */
export function filledBy({ latest, isOutdated, blindness }: VerdictNow): number {
  const distance = isOutdated || blindness ? 0 : Math.max(0, latest?.distance ?? 0);
  return latest && distance > 0 ? distance / (distance + latest.thresholds.drift / 2) : 0;
}

/** What to do, or how the lens is, in a few words. */
export function instructionOf({ verdict, blindness }: Pick<VerdictNow, 'verdict' | 'blindness'>): string {
  return blindness ? t.verdict.cantTell.instruction : t.verdict.instruction[verdict];
}

export function verdictWord({ latest, verdict, isOutdated, blindness }: VerdictNow): string {
  if (blindness) return t.verdict.cantTell.word;
  if (!latest) return t.verdict.none;
  if (isOutdated) return t.verdict.warmingUp(0, latest.detector.windowSize);
  if (latest.distance === null) return t.verdict.warmingUp(latest.windowFill, latest.detector.windowSize);
  return t.verdict.words[verdict];
}

/** The number, the limit and what to do. */
export function verdictSentence(
  { latest, verdict, isOutdated, cleanedAt, blindness }: VerdictNow,
  lasting: number,
  { judgingModels, monitor }: Porthole,
): string {
  if (blindness) return explain('detector-blind', blindness);
  if (!latest) {
    const model = judgingModels.length > 1 ? judgingModels.at(-1) : undefined;
    const hasJudged = monitor.present.some(({ jobStatus }) => jobStatus === 'Completed');
    return model && !hasJudged ? t.verdict.noneOfModel(model.name) : t.verdict.noneSentence;
  }
  const { distance, windowFill, detector } = latest;
  if (isOutdated) {
    return t.verdict.cleanedSince(cleanedAt ?? 0) + t.verdict.warmingUpSentence(detector.windowSize);
  }
  return distance === null
    ? t.verdict.warmingUpSentence(detector.windowSize - windowFill)
    : t.verdict.sentence(verdict === 'not-checked' ? 'normal' : verdict, { ...latest, distance }, lasting);
}
