import type { Blindness } from '../domain/drift/detectors/detector';
import { isAhead } from '../domain/camera/clock';
import {
  historyKey,
  lastCleaning,
  verdictOf,
  type CameraEvent,
  type CompletedJob,
  type Job,
} from '../domain/camera/job';
import type { DriftStatus } from '../domain/drift/thresholds';
import { explain, t } from '../i18n/messages';
import type { Session } from './session.svelte';

/** What is said of the lens now. */
export interface VerdictNow {
  readonly latest: CompletedJob | undefined;
  readonly verdict: DriftStatus | 'not-checked';
  /** cleaned since the newest snapshot: what it says is no longer so */
  readonly isOutdated: boolean;
  readonly cleanedAt: number | null;
  /** the newest snapshot lies ahead of this device's clock: one of the two is wrong, so all may not be well */
  readonly isDoubted: boolean;
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
  now: number,
  sight: Blindness | null = null,
): VerdictNow {
  const cleanedAt = lastCleaning(events, now);
  const isOutdated = latest !== undefined && cleanedAt !== null && cleanedAt > latest.capturedAt;
  const said = latest ? (isOutdated ? 'warming-up' : verdictOf(latest)) : 'not-checked';
  // An alarm stands, whatever may be wrong with the clock or the settings.
  const blindness = isPressing(said) ? null : (sight ?? latest?.blindness ?? null);
  const isDoubted = latest !== undefined && isAhead(latest.capturedAt, now) && !isPressing(said);
  const verdict = blindness || isDoubted ? 'not-checked' : said;
  return { latest, verdict, isOutdated, cleanedAt, isDoubted, blindness };
}

/**
 * Those of one history that the verdict is about: all of them. Where the newest lie ahead of now and say that all is
 * well, while those before them say otherwise, they hide nothing.
 *
 * @param jobs - in capture order
 */
export function spokenOf(jobs: readonly CompletedJob[], now: number): readonly CompletedJob[] {
  const newest = jobs.at(-1);
  if (!newest || !isAhead(newest.capturedAt, now) || isPressing(verdictOf(newest))) return jobs;
  const last = jobs.findLastIndex(({ capturedAt }) => !isAhead(capturedAt, now));
  return last >= 0 && isPressing(verdictOf(jobs[last]!)) ? jobs.slice(0, last + 1) : jobs;
}

function isPressing(verdict: VerdictNow['verdict']): boolean {
  return verdict === 'warning' || verdict === 'drift';
}

/** The newest job of what the chosen camera goes on with, as far as the verdict is about it. */
export function latestOf(session: Session): CompletedJob | undefined {
  const { camera, monitor } = session;
  const key = camera && historyKey(camera);
  const isOfHistory = (job: Job): job is CompletedJob =>
    job.jobStatus === 'Completed' && historyKey(job) === key;
  // Mostly the newest of all, which is found without looking at the others.
  if (monitor.doubted.length === 0) return monitor.jobs.findLast(isOfHistory);
  return spokenOf(monitor.jobs.filter(isOfHistory), session.now()).at(-1);
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

export function verdictWord({ latest, verdict, isOutdated, isDoubted, blindness }: VerdictNow): string {
  if (blindness) return t.verdict.cantTell.word;
  if (!latest) return t.verdict.none;
  if (isDoubted) return t.verdict.words[verdict];
  if (isOutdated) return t.verdict.warmingUp({ fill: 0, windowSize: latest.detector.windowSize });
  if (latest.distance === null)
    return t.verdict.warmingUp({ fill: latest.windowFill, windowSize: latest.detector.windowSize });
  return t.verdict.words[verdict];
}

/** The number, the limit and what to do. */
export function verdictSentence(
  { latest, verdict, isOutdated, cleanedAt, isDoubted, blindness }: VerdictNow,
  lasting: number,
  { judgingModels, monitor }: Session,
): string {
  if (blindness) return explain('detector-blind', blindness);
  if (!latest) {
    const model = judgingModels.length > 1 ? judgingModels.at(-1) : undefined;
    const hasJudged = monitor.present.some(({ jobStatus }) => jobStatus === 'Completed');
    return model && !hasJudged ? t.verdict.noneOfModel({ name: model.name }) : t.verdict.noneSentence;
  }
  if (isDoubted) return t.verdict.clockDoubted({ newest: latest.capturedAt });
  const { distance, windowFill, detector } = latest;
  if (isOutdated) {
    return (
      t.verdict.cleanedSince({ at: cleanedAt ?? 0 }) +
      t.verdict.warmingUpSentence({ missing: detector.windowSize })
    );
  }
  return distance === null
    ? t.verdict.warmingUpSentence({ missing: detector.windowSize - windowFill })
    : t.verdict.sentence(verdict === 'not-checked' ? 'normal' : verdict, { ...latest, distance }, lasting);
}
