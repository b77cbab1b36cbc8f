import { lastBreak, type CameraEvent } from '../event';
import type { Job } from '../job';
import { verdictOf } from '../verdict';
import { isAhead, isAside } from './clock';

const DAY = 86_400_000;
/** So long before the newest snapshot a camera's habit is taken from. */
export const HABIT = 14 * DAY;
/** Habits of a day show from so long on. */
export const LEAST_HABIT = 2 * DAY;
/** With fewer snapshots there is no habit yet. */
const LEAST_SNAPSHOTS = 6;
/** So many snapshots that usually would have come must be missing. */
const MISSING = 3;
/** The shortest wait for a camera without a habit of days: one that rests at night is not silent at dusk. */
const WITHOUT_DAYS = DAY;
/** The wait for a camera of a few snapshots, in milliseconds. */
const WITHOUT_HABIT = 7 * DAY;

/** False for an unreadable file without a date of its own: its capture time is not known. */
export function isDated({ jobStatus, capturedAtSource }: Job): boolean {
  return jobStatus === 'Completed' || capturedAtSource !== 'file-date';
}

/** True for a job that shows when its camera took a snapshot: the newest one of these is the newest seen. */
export function isSeen(job: Job, now: number): boolean {
  return isDated(job) && !isAside(job) && !isAhead(job.capturedAt, now);
}

/**
 * Jobs up to the newest one that counts. One that lies ahead of now, also by no more than clocks may differ, hides no alarm:
 * if the newest job up to now is one and the lens was not cleaned since, a later one counts only if it is as urgent.
 *
 * @param jobs - that say something of the lens, in capture order
 */
export function upToNewest<T extends Job>(
  jobs: readonly T[],
  events: readonly CameraEvent[],
  now: number,
): readonly T[] {
  const newest = jobs.at(-1);
  if (!newest || newest.capturedAt <= now) return jobs;
  const past = jobs.filter(({ capturedAt }) => capturedAt <= now);
  const last = past.at(-1);
  if (!last || urgencyOf(last) <= urgencyOf(newest)) return jobs;
  const brokenAt = lastBreak(events, now);
  return brokenAt === null || brokenAt <= last.capturedAt ? past : jobs;
}

function urgencyOf(job: Job): number {
  return ['warning', 'drift'].indexOf(verdictOf(job));
}

/** Age of a camera's newest snapshot, and if that is unusual for it. */
export interface Freshness {
  /** capture time of its newest snapshot, in milliseconds since 1970 */
  readonly newestAt: number;
  /** milliseconds from one snapshot to the next, mostly; null for too few to tell */
  readonly usualStep: number | null;
  /** when the third snapshot was missing that should have come since, in milliseconds since 1970 */
  readonly silentFrom: number;
}

/**
 * When a camera counts as silent: once three snapshots are missing that it usually would have taken by then. What is
 * usual is told by the times of day of its last two weeks, so a camera that rests at night is not silent at dawn; days
 * without any snapshot are no habit. One that has become slower is given three of its present steps.
 *
 * @param times - capture times in milliseconds since 1970, ascending; a snapshot that two models have judged counts once
 * @returns null without any
 */
export function freshnessOf(times: readonly number[]): Freshness | null {
  const newestAt = times.at(-1);
  if (newestAt === undefined) return null;
  const recent = times.filter((at, i) => at > newestAt - HABIT && at !== times[i - 1]);
  if (recent.length < LEAST_SNAPSHOTS) {
    return { newestAt, usualStep: null, silentFrom: newestAt + WITHOUT_HABIT };
  }
  const usualStep = medianStepOf(recent);
  const span = newestAt - recent[0]!;
  const wait = span < LEAST_HABIT ? WITHOUT_DAYS : untilMissing(recent, newestAt);
  const present = MISSING * medianStepOf(recent.slice(-LEAST_SNAPSHOTS - 1));
  return { newestAt, usualStep, silentFrom: newestAt + Math.max(wait, present) };
}

function medianStepOf(times: readonly number[]): number {
  const steps = Float64Array.from(times.slice(1), (at, i) => at - times[i]!).sort();
  return steps[steps.length >> 1]!;
}

/** Milliseconds from the newest of these times until `MISSING` snapshots should have come, as on the days before. */
function untilMissing(times: readonly number[], newestAt: number): number {
  const days = new Set(times.map((at) => Math.floor((newestAt - at) / DAY))).size;
  // How long after the newest one each came on its day; those of its own time of day come a day later.
  const laterBy = Float64Array.from(times, (at) => DAY - ((newestAt - at) % DAY)).sort();
  for (let missing = 0, day = 0; ; day += 1) {
    for (const later of laterBy) {
      missing += 1;
      if (missing >= MISSING * days) return day * DAY + later;
    }
  }
}
