import { isAhead } from '../../../core/domain/camera/time/clock';
import { upToNewest } from '../../../core/domain/camera/time/freshness';
import { lastCleaning, type CameraEvent } from '../../../core/domain/camera/event';
import type { CompletedJob, Job } from '../../../core/domain/camera/job';
import { conclusionOf, verdictOf } from '../../../core/domain/camera/verdict';
import type { DriftStatus } from '../../../core/domain/drift/thresholds';

/** A verdict that says something of the lens; a window that fills says nothing. */
type SpokenVerdict = Exclude<DriftStatus, 'warming-up'>;

/** Content of an alert: a verdict, or what a person is asked, which is none. */
type AlertedVerdict = SpokenVerdict | 'asked';

/** How a camera stands, as far as a change of it is worth telling. */
export interface LastVerdict {
  /** the last one that was spoken, whatever warmed up or could not be read since; null before the first */
  readonly verdict: SpokenVerdict | null;
  /** true if the lens was cleaned since that one */
  readonly isCleaned: boolean;
  /** since when it shows what a person is asked about; null while no question stands */
  readonly asksSince: number | null;
  /** the model that spoke it, and of which capture time, in milliseconds since 1970 */
  readonly modelSha256: string | undefined;
  readonly spokenAt: number;
}

export interface VerdictChange {
  readonly cameraId: string;
  readonly from: SpokenVerdict | null;
  readonly to: AlertedVerdict;
}

/**
 * @param jobs - all of a camera's jobs, in capture order; those that lie ahead of now say nothing, or they would hide
 * every change until then
 * @param events - of the camera
 * @param now - milliseconds since 1970
 * @param question - that stands, if nothing else is raised
 */
export function standingOf(
  jobs: readonly Job[],
  events: readonly CameraEvent[],
  now: number,
  question: { readonly since: number; readonly isAlone: boolean } | null,
): LastVerdict {
  // That something came at once is asked, and is no alarm.
  const isSpeaking = (job: CompletedJob) =>
    !isAhead(job.capturedAt, now) && isSpoken(verdictOf(job)) && !isAsked(job);
  // A history is long, and one of these two is the last that counts.
  const ends = [lastOf(jobs, (job) => job.capturedAt <= now && isSpeaking(job)), lastOf(jobs, isSpeaking)];
  const spoken = upToNewest(ends.flat(), events, now).at(-1);
  return {
    verdict: spoken ? (verdictOf(spoken) as SpokenVerdict) : null,
    isCleaned: spoken !== undefined && spoken.capturedAt < (lastCleaning(events, now) ?? -Infinity),
    asksSince: question?.isAlone ? question.since : null,
    modelSha256: spoken?.modelSha256,
    spokenAt: spoken?.capturedAt ?? -Infinity,
  };
}

/** The last of the scored ones that is so, alone; none if none is. */
function lastOf(jobs: readonly Job[], isSo: (job: CompletedJob) => boolean): readonly CompletedJob[] {
  for (let i = jobs.length - 1; i >= 0; i -= 1) {
    const job = jobs[i]!;
    if (job.jobStatus === 'Completed' && isSo(job)) return [job];
  }
  return [];
}

function isAsked(job: CompletedJob): boolean {
  return Boolean(job.glass) && conclusionOf(job).code === 'changed';
}

/**
 * Compares a camera's state at the begin and the end of a batch, so that a long history gives one alert. Late snapshots
 * give one if they change the newest verdict. A first verdict that all is well gives none, nor does another model's
 * view of the same snapshots. After a cleaning a warning or drift counts as a first one, even if the lens had the same
 * verdict before. A question is told once.
 */
export function changeBetween(
  cameraId: string,
  before: LastVerdict,
  after: LastVerdict,
): VerdictChange | null {
  const isNewQuestion = after.asksSince !== null && after.asksSince !== before.asksSince;
  if (isNewQuestion) return { cameraId, from: before.verdict, to: 'asked' };
  const isOtherModel = after.modelSha256 !== before.modelSha256 && after.spokenAt <= before.spokenAt;
  if (after.verdict === null || isOtherModel) return null;
  const isAnew = before.isCleaned && !after.isCleaned && after.verdict !== 'normal';
  const from = isAnew ? null : before.verdict;
  if (after.verdict === (from ?? 'normal')) return null;
  return { cameraId, from, to: after.verdict };
}

/** Two alerts are at least so far apart, in milliseconds. */
const LEAST_APART = 60_000;

/** Lets one alert of a camera through a minute; those between become one, and none when all is again as it was told last. */
export class AlertPace {
  #toldAt = -Infinity;
  #held: VerdictChange | null = null;

  /** Takes a change. @returns how long it must wait, in milliseconds, or null when there is nothing to tell any more */
  take(change: VerdictChange, now: number): number | null {
    const from = this.#held ? this.#held.from : change.from;
    this.#held = change.to === (from ?? 'normal') ? null : { ...change, from };
    return this.#held && Math.max(0, this.#toldAt + LEAST_APART - now);
  }

  /** Gives out what waits; it counts as told. */
  release(now: number): VerdictChange | null {
    const change = this.#held;
    this.#held = null;
    if (change) this.#toldAt = now;
    return change;
  }
}

/**
 * Content of the alert of a change that has waited. A question that is over by then may have taken the place of an alarm,
 * which is told instead if it stands.
 *
 * @param isAsking - true if a question stands now
 * @param verdict - as it stands now
 * @returns null if nothing is left to tell
 */
export function alertOf(
  { from, to }: VerdictChange,
  isAsking: boolean,
  verdict: DriftStatus | 'not-checked',
): AlertedVerdict | null {
  if (to !== 'asked' || isAsking) return to;
  return isSpoken(verdict) && verdict !== (from ?? 'normal') ? verdict : null;
}

function isSpoken(verdict: DriftStatus | 'not-checked'): verdict is SpokenVerdict {
  return verdict === 'normal' || verdict === 'warning' || verdict === 'drift';
}
