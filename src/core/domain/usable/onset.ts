import type { CompletedJob } from '../camera/job';
import { isSetAside, verdictOf } from '../camera/verdict';
import { spokenOf, timesOf } from '../camera/spoken';

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
 * The onsets of a stretch of snapshots, one for each alarm: after the first drift the next one begins when a whole window
 * of verdicts in a row was normal.
 *
 * A distance is of a window, so it follows the lens late: while the window fills with pictures of a lens that is not clean,
 * the distance rises in step with their share. So a step from one snapshot to the next is sought whose share of each window
 * explains the distances best, by least squares, from a window before the first warning that never cleared to the alarm.
 * Windows that overlap tell the same, so of n windows n / size count for the likelihood of other steps. The interval
 * holds these, and the time from the first picture of the window that warned first to the last time the warning
 * came back.
 *
 * @param jobs - of one model, reference and detector, in capture order, with no cleaning between them
 */
export function onsetsOf(jobs: readonly CompletedJob[]): Onset[] {
  const counted = jobs.filter((job) => !isSetAside(job));
  const onsets: Onset[] = [];
  let calm = 0;
  let isAlarmed = false;
  for (const [i, job] of counted.entries()) {
    const verdict = verdictOf(job);
    if (verdict === 'normal') calm += 1;
    else if (verdict === 'warning' || verdict === 'drift') calm = 0;
    if (calm >= job.detector.windowSize) isAlarmed = false;
    if (verdict !== 'drift' || isAlarmed) continue;
    isAlarmed = true;
    onsets.push(onsetBefore(counted, i));
  }
  return onsets;
}

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
