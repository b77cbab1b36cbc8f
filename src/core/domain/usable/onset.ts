import { breaksWindow, lastBreak, type CameraEvent } from '../camera/event';
import type { CompletedJob, Job } from '../camera/job';
import { alarmsOf, isSetAside, verdictOf } from '../camera/verdict';
import { spokenOf, timesOf } from '../camera/spoken';

/** When a lens began to be dirty, and the alarm that came of it: the one answer of every place that says since when. */
export interface Onset {
  /** the likeliest moment; the earliest and the latest likely one are estimates too. Milliseconds since 1970 */
  readonly at: number;
  readonly low: number;
  readonly high: number;
  /** capture time of the first snapshot of which drift was said */
  readonly alarmAt: number;
  readonly referenceId: string;
}

/** Largest number of snapshots searched before an alarm, to limit the time. */
const FARTHEST = 1000;
/**
 * Twice the logarithm of a likelihood falls by so much at the borders of the interval. It would hold nine of ten onsets if
 * windows were independent and lenses changed in one step; on cycles that were kept back it held half (docs/science.md).
 */
const LIKELY = 2.71;
/** Squares of distances, in times of the limit, that are rounding: what fits exactly is no likelier than that. */
const LEAST_REST = 1e-9;
/** Fewer windows than this have no course that a step could be fitted to. */
const LEAST_WINDOWS = 3;

/**
 * The onsets of a history, one for each alarm, in the order of their times.
 *
 * @param jobs - one for each snapshot, in capture order
 * @param breaks - times of cleanings and new views, ascending
 */
export function onsetsOf(jobs: readonly Job[], breaks: readonly number[]): Onset[] {
  return onsets(jobs, breaks, alarmsOf);
}

/** The earliest of `onsetsOf`, in less time: of each stretch only the first alarm is looked at. */
export function firstOnset(jobs: readonly Job[], breaks: readonly number[]): Onset | null {
  return onsets(jobs, breaks, (stretch) => alarmsOf(stretch).slice(0, 1))[0] ?? null;
}

function onsets(jobs: readonly Job[], breaks: readonly number[], alarms: typeof alarmsOf): Onset[] {
  return stretchesOf(jobs, breaks)
    .flatMap((stretch) => alarms(stretch).map(({ first }) => onsetBefore(stretch, first)))
    .sort((a, b) => a.at - b.at);
}

/** Times of the events that no window crosses, ascending. */
export function breaksOf(events: readonly CameraEvent[]): readonly number[] {
  return events
    .filter(breaksWindow)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
}

const standing = new WeakMap<readonly CompletedJob[], Onset | null>();

/**
 * The onset of the alarm that stands at the newest snapshot of a history; null if none does.
 *
 * @param jobs - of one model, in capture order
 */
export function standingOnset(jobs: readonly CompletedJob[], events: readonly CameraEvent[]): Onset | null {
  // Several places ask of one history.
  const known = standing.get(jobs);
  if (known !== undefined) return known;
  const newest = jobs.at(-1);
  const from = newest ? (lastBreak(events, newest.capturedAt) ?? -Infinity) : 0;
  const stretch = jobs.filter(
    (job) => !isSetAside(job) && job.capturedAt >= from && isOfOneStretch(job, newest!),
  );
  const alarm = alarmsOf(stretch).at(-1);
  const found = alarm && alarm.last === stretch.length - 1 ? onsetBefore(stretch, alarm.first) : null;
  standing.set(jobs, found);
  return found;
}

/** Judged scored jobs of one model, reference and window with no break between them. */
function stretchesOf(jobs: readonly Job[], breaks: readonly number[]): CompletedJob[][] {
  const stretches = new Map<string, CompletedJob[]>();
  let next = 0;
  for (const job of jobs) {
    while (next < breaks.length && breaks[next]! <= job.capturedAt) next += 1;
    if (job.jobStatus === 'Failed' || isSetAside(job)) continue;
    const key = `${job.modelSha256} ${job.referenceId} ${String(job.detector.windowSize)} ${String(next)}`;
    const stretch = stretches.get(key);
    if (stretch) stretch.push(job);
    else stretches.set(key, [job]);
  }
  return [...stretches.values()];
}

function isOfOneStretch(a: CompletedJob, b: CompletedJob): boolean {
  return (
    a.modelSha256 === b.modelSha256 &&
    a.referenceId === b.referenceId &&
    a.detector.windowSize === b.detector.windowSize
  );
}

/**
 * The onset of an alarm in a stretch of snapshots.
 *
 * A distance is of a window, so it follows the lens late: while the window fills with pictures of a lens that is not clean,
 * the distance rises in step with their share. So a step from one snapshot to the next is sought whose share of each window
 * explains the distances best, by least squares, from a window before the first warning that never cleared to the alarm.
 * Windows that overlap tell the same, so of n windows n / size count for the likelihood of other steps. The interval
 * holds these, and the time from the first picture of the window that warned first to the last time the warning
 * came back.
 *
 * @param jobs - of one model, reference and detector, in capture order, with no cleaning between them
 * @param alarm - place of the first drift
 */
function onsetBefore(jobs: readonly CompletedJob[], alarm: number): Onset {
  const { capturedAt: alarmAt, referenceId, detector } = jobs[alarm]!;
  const size = detector.windowSize;
  const { first, last } = warningsBefore(jobs, alarm, size);
  const begin = Math.max(0, first - size + 1);
  const at = (i: number) => jobs[i]!.capturedAt;
  const step = likeliestStep(jobs, Math.max(0, first - size), alarm, size);
  const from = step ? Math.min(step.low, at(begin)) : at(begin);
  const to = step ? Math.max(step.high, at(last)) : at(last);
  const found = step ? Math.min(step.at, at(first)) : (at(begin) + at(first)) / 2;
  return { at: found, low: Math.min(from, found), high: Math.max(to, found), alarmAt, referenceId };
}

/** The first warning of those that never cleared for a whole window before an alarm, and the last that came anew. */
function warningsBefore(jobs: readonly CompletedJob[], alarm: number, size: number) {
  let [first, last, calm] = [alarm, -1, 0];
  for (let i = alarm - 1; i >= Math.max(0, alarm - FARTHEST) && calm < size; i -= 1) {
    const verdict = verdictOf(jobs[i]!);
    if (verdict === 'warning' || verdict === 'drift') {
      first = i;
      calm = 0;
    } else {
      if (last < 0) last = i + 1;
      calm += 1;
    }
  }
  return { first, last: last < 0 ? first : last };
}

/** @returns null if too few windows were judged */
function likeliestStep(jobs: readonly CompletedJob[], from: number, alarm: number, size: number) {
  const windows: { place: number; times: number }[] = [];
  for (let i = from; i <= alarm; i += 1) {
    const spoken = spokenOf(asDirt(jobs[i]!));
    if (spoken) windows.push({ place: i, times: Math.max(0, timesOf(spoken)) });
  }
  if (windows.length < LEAST_WINDOWS) return null;
  const begin = Math.max(0, windows[0]!.place - size + 1) + 1;
  const rests: number[] = [];
  for (let step = begin; step <= alarm; step += 1) rests.push(restOf(windows, step, size));
  const least = Math.min(...rests);
  const enough = Math.max(LEAST_WINDOWS, windows.length / size);
  const likely = [...rests.keys()].filter(
    (i) => enough * Math.log((rests[i]! + LEAST_REST) / (least + LEAST_REST)) <= LIKELY,
  );
  const at = (i: number) => jobs[i]!.capturedAt;
  const best = begin + rests.indexOf(least);
  return {
    at: (at(best - 1) + at(best)) / 2,
    low: at(begin + likely[0]! - 1),
    high: at(begin + likely.at(-1)!),
  };
}

/** A change that a person was asked about was on the glass if drift came of it. */
function asDirt(job: CompletedJob): CompletedJob {
  if (!job.glass?.changed) return job;
  const { changed: _, ...glass } = job.glass;
  return { ...job, glass };
}

/** Sum of the squared distances that remains if the lens changed at `step`. */
function restOf(windows: readonly { place: number; times: number }[], step: number, size: number): number {
  const shares = windows.map(({ place }) => Math.min(size, Math.max(0, place - step + 1)) / size);
  const share = mean(shares);
  const times = mean(windows.map((window) => window.times));
  let [squares, products, rest] = [0, 0, 0];
  for (const [i, window] of windows.entries()) {
    squares += (shares[i]! - share) ** 2;
    products += (shares[i]! - share) * (window.times - times);
    rest += (window.times - times) ** 2;
  }
  // A lens that becomes cleaner is no onset.
  return squares > 0 && products > 0 ? Math.max(0, rest - products ** 2 / squares) : rest;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
