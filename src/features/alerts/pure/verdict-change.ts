import { isAhead } from '../../../core/domain/camera/time/clock';
import { upToNewest } from '../../../core/domain/camera/time/freshness';
import {
  conclusionOf,
  isSetAside,
  lastCleaning,
  verdictOf,
  type CameraEvent,
  type CompletedJob,
  type Job,
} from '../../../core/domain/camera/job';
import type { DriftStatus } from '../../../core/domain/drift/thresholds';

/** A verdict that says something of the lens; a window that fills says nothing. */
type SpokenVerdict = Exclude<DriftStatus, 'warming-up'>;

/** What is told: a verdict, or that the camera has another view for good, of which no verdict can be given. */
export type AlertedVerdict = SpokenVerdict | 'moved';

/** How a camera stands, as far as a change of it is worth telling. */
export interface LastVerdict {
  /** the last one that was spoken, whatever warmed up or could not be read since; null before the first */
  readonly verdict: SpokenVerdict | null;
  /** whether the lens was cleaned since that one */
  readonly isCleaned: boolean;
  /** whether it has been found to have moved for good since a snapshot last showed the reference's view */
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
 * What a batch changed, from how the camera stood when it began to how it stands when it ends: whatever happened in
 * between, a long history is told once. Late snapshots are told if they change the newest verdict. A first verdict that all
 * is well is not told, nor what another model says of the same snapshots. After a cleaning a warning or drift is told as a
 * first one, though the lens had the same verdict before it. That the camera has moved for good is told once, until a
 * snapshot shows the reference's view again.
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
