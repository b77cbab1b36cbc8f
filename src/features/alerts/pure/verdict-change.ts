import { isAhead } from '../../../core/domain/camera/time/clock';
import { upToNewest } from '../../../core/domain/camera/time/freshness';
import { lastCleaning, type CameraEvent } from '../../../core/domain/camera/event';
import type { CompletedJob, Job } from '../../../core/domain/camera/job';
import { conclusionOf, isSetAside, verdictOf } from '../../../core/domain/camera/verdict';
import type { DriftStatus } from '../../../core/domain/drift/thresholds';

/** A verdict that says something of the lens; a window that fills says nothing. */
type SpokenVerdict = Exclude<DriftStatus, 'warming-up'>;

/** Content of an alert: a verdict, or that the camera has another view for good, which gets no verdict. */
export type AlertedVerdict = SpokenVerdict | 'moved';

/** How a camera stands, as far as a change of it is worth telling. */
export interface LastVerdict {
  /** the last one that was spoken, whatever warmed up or could not be read since; null before the first */
  readonly verdict: SpokenVerdict | null;
  /** true if the lens was cleaned since that one */
  readonly isCleaned: boolean;
  /** true if it was found to have moved for good since a snapshot last showed the reference's view */
  readonly hasMoved: boolean;
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
 */
export function standingOf(jobs: readonly Job[], events: readonly CameraEvent[], now: number): LastVerdict {
  const believed = jobs.filter(({ capturedAt }) => !isAhead(capturedAt, now));
  const scored = believed.filter((job) => job.jobStatus === 'Completed');
  const speaking = scored.filter((job) => isSpoken(verdictOf(job)));
  const spoken = upToNewest(speaking, events, now).at(-1);
  return {
    verdict: spoken ? (verdictOf(spoken) as SpokenVerdict) : null,
    isCleaned: spoken !== undefined && spoken.capturedAt < (lastCleaning(events, now) ?? -Infinity),
    hasMoved: hasMoved(scored),
    modelSha256: spoken?.modelSha256,
    spokenAt: spoken?.capturedAt ?? -Infinity,
  };
}

/** Nights and fish in between are no return. */
function hasMoved(scored: readonly CompletedJob[]): boolean {
  let isMoved = false;
  for (const job of scored) isMoved = isSetAside(job) && (isMoved || conclusionOf(job).code === 'moved');
  return isMoved;
}

/**
 * Compares a camera's state at the begin and the end of a batch, so that a long history gives one alert. Late snapshots
 * give one if they change the newest verdict. A first verdict that all is well gives none, nor does another model's
 * view of the same snapshots. After a cleaning a warning or drift counts as a first one, even if the lens had the same
 * verdict before. A camera that moved for good gives one alert, until a snapshot shows the reference's view again.
 */
export function changeBetween(
  cameraId: string,
  before: LastVerdict,
  after: LastVerdict,
): VerdictChange | null {
  if (after.hasMoved && !before.hasMoved) return { cameraId, from: before.verdict, to: 'moved' };
  const isOtherModel = after.modelSha256 !== before.modelSha256 && after.spokenAt <= before.spokenAt;
  if (after.verdict === null || isOtherModel) return null;
  const isAnew = before.isCleaned && !after.isCleaned && after.verdict !== 'normal';
  const from = isAnew ? null : before.verdict;
  if (after.verdict === (from ?? 'normal')) return null;
  return { cameraId, from, to: after.verdict };
}

/** Two alerts are at least so far apart, in milliseconds. */
const LEAST_APART = 60_000;

/** Lets one alert through a minute; those between become one, and none when all is again as it was told last. */
export class AlertPace {
  #toldAt = -Infinity;
  #held: VerdictChange | null = null;

  /** Takes a change. @returns how long it must wait, in milliseconds, or null when there is nothing to tell any more */
  take(change: VerdictChange, now: number): number | null {
    const held = this.#held?.cameraId === change.cameraId ? this.#held : null;
    const from = held ? held.from : change.from;
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

function isSpoken(verdict: DriftStatus | 'not-checked'): boolean {
  return verdict === 'normal' || verdict === 'warning' || verdict === 'drift';
}
