import { createDetector, detectorKind, type DetectorKind } from './detectors';
import type { Embedding } from './embedding';
import { Judge } from './judge';
import type { CalibrationEvidence, Judging } from './judging';
import type { DetectorSettings } from '../model/model';
import { Alarm, alarmRuns, NO_PERSISTENCE, type Persistence } from './persistence';
import { studentTQuantile } from './student-t';
import type { Thresholds } from './thresholds';

export interface CalibrationResult {
  readonly windows: CleanWindows;
  readonly proposal: Proposal;
  /** of limits proposed without the days that they are tried on; null when too little would be left to measure on */
  readonly heldOut: FalseAlarms | null;
  readonly independent: { readonly drift: number; readonly falseAlarms: FalseAlarms } | null;
  readonly coverage: Coverage;
  readonly dirty: DirtyRun | null;
}

export function calibrationEvidence({
  windows,
  proposal,
  heldOut,
  independent,
  coverage,
  dirty,
}: CalibrationResult): CalibrationEvidence {
  return {
    snapshots: coverage.snapshots,
    days: coverage.days,
    windows: windows.distances.length,
    effectiveWindows: proposal.effectiveWindows,
    highestDistance: proposal.highest,
    measured: proposal.measured !== null,
    heldOutEvents: heldOut?.events ?? null,
    heldOutDaysInAlarm: heldOut?.daysInAlarm ?? null,
    heldOutDays: heldOut?.days ?? null,
    independentDrift: independent?.drift ?? null,
    independentFalseAlarmEvents: independent?.falseAlarms.events ?? null,
    independentFalseAlarmDays: independent?.falseAlarms.daysInAlarm ?? null,
    dirtySnapshots: dirty?.distances.length ?? 0,
    dirtyDelay: dirty?.delay ?? null,
  };
}

export interface Sighting {
  /** milliseconds since 1970, UTC */
  readonly capturedAt: number;
  readonly embedding: Embedding;
}

/** Distances of full windows of clean days, in time order. */
export interface CleanWindows {
  /** when the newest snapshot of each window was taken */
  readonly at: readonly number[];
  readonly distances: readonly number[];
}

export interface Proposal {
  readonly thresholds: Thresholds;
  /** how many independent windows the overlapping ones are worth */
  readonly effectiveWindows: number;
  readonly highest: number;
  /** limits from clean days alone, before the model's own limits are applied; null when they are worth too little */
  readonly measured: Thresholds | null;
  /** why these limits should not be used; null if they can be accepted */
  readonly refusal: 'few-windows' | 'beyond-dirt' | 'blind-sigma' | null;
}

/** Runs of windows in alarm while the lens was clean. */
export interface FalseAlarms {
  readonly events: number;
  readonly daysInAlarm: number;
  /** days that any window ends on */
  readonly days: number;
}

const DAY = 86_400_000;
/** One independent clean window in a hundred may reach the warning limit, one in a thousand the drift limit. */
const WARNING_LEVEL = 0.99;
const DRIFT_LEVEL = 0.999;
/** With two degrees of freedom the bound of 0.999 is 22 standard deviations away already, with one 318. */
const LEAST_EFFECTIVE_WINDOWS = 3;
const MOST_WARNING_SHARE = 0.8;
/** Blocks of days that are left out in turn. */
const MOST_BLOCKS = 5;
/** Below the first, every distance is about 0; above the second, distances are rounding errors. */
const LEAST_SATURATION = 0.01;
const MOST_SATURATION = 1 - 1e-9;
/** The margin over the highest clean window: facts/calibration.md's rule of thumb. */
const MARGIN = 1.25;

export interface CalibrationInput {
  readonly reference: readonly Embedding[];
  /** known-clean snapshots that the reference has no part in, in capture order */
  readonly clean: readonly (Sighting & { readonly brightness: number | null })[];
  /** known-dirty snapshots in capture order; empty when there are none */
  readonly dirty: readonly Sighting[];
  readonly detector: DetectorSettings;
  readonly persistence: Persistence;
  /** limits below which the model's authors saw clean cameras; null if they gave none */
  readonly floor: Thresholds | null;
  /** when the camera took the snapshots it was judged on */
  readonly usedTimes: readonly number[];
}

/**
 * Limits for a camera from clean days that its reference has not seen, and what speaks for and against them.
 *
 * @returns null when the run holds fewer than two full windows
 * @throws AppError when the detector can't use the embeddings
 */
export async function proposeLimits(input: CalibrationInput): Promise<CalibrationResult | null> {
  const { reference, clean, dirty, detector, persistence, floor, usedTimes } = input;
  const windows = cleanWindows(reference, clean, detector);
  if (windows.distances.length < 2) return null;
  const kind = detectorKind(detector.name);
  const proposal = {
    ...proposeThresholds(windows, detector.windowSize, floor, kind.reachOfDirt),
    ...(isBlind(kind, reference, detector) && { refusal: 'blind-sigma' as const }),
  };
  const { thresholds } = proposal;
  const run = clean.map(({ embedding }) => embedding);
  const independentDrift = (await kind.independentLimit?.(reference, run, detector)) ?? null;
  const brightness = clean.map((sighting) => sighting.brightness).filter((value) => value !== null);
  return {
    windows,
    proposal,
    heldOut: heldOutAlarms(windows, detector.windowSize, floor, persistence),
    independent: independentDrift === null ? null : independentAlarms(windows, independentDrift),
    coverage: coverageOf(
      clean.map(({ capturedAt }) => capturedAt),
      brightness,
      usedTimes,
      proposal.effectiveWindows,
    ),
    dirty:
      dirty.length > 0
        ? dirtyRun(
            { detector, thresholds, persistence },
            reference,
            run,
            dirty.map(({ embedding }) => embedding),
          )
        : null,
  };
}

/** True if a kernel separates nothing: all clean snapshots are unlike each other, or all are the same. */
function isBlind(kind: DetectorKind, reference: readonly Embedding[], settings: DetectorSettings): boolean {
  const saturation = kind.saturationOf?.(reference, settings);
  if (saturation === undefined) return false;
  return saturation < LEAST_SATURATION || saturation > MOST_SATURATION;
}

/** Without persistence: if snapshots were independent, every window could raise an alarm. */
function independentAlarms(windows: CleanWindows, drift: number): CalibrationResult['independent'] {
  return { drift, falseAlarms: falseAlarms(windows, { warning: drift, drift }, NO_PERSISTENCE) };
}

/** Number of the UTC day that an instant lies in. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY);
}

/**
 * Splits a run by whole days, never by single snapshots: neighbours in time are alike, and a threshold would be
 * judged on what the reference has nearly seen.
 *
 * @param run - in capture order
 * @param share - of the days, 0..1, that go to the reference; at least one day stays on each side where there are two
 */
export function splitByDays<T extends { readonly capturedAt: number }>(
  run: readonly T[],
  share: number,
): { readonly reference: readonly T[]; readonly rest: readonly T[] } {
  const days = [...new Set(run.map(({ capturedAt }) => dayOf(capturedAt)))];
  const count = Math.max(1, Math.min(days.length - 1, Math.round(days.length * share)));
  const first = new Set(days.slice(0, count));
  const isReference = ({ capturedAt }: T) => first.has(dayOf(capturedAt));
  return { reference: run.filter(isReference), rest: run.filter((sighting) => !isReference(sighting)) };
}

/**
 * Distances of all contiguous windows of a clean run.
 *
 * @param reference - n ≥ 2 embeddings that the run has no part in
 * @param run - in capture order
 * @throws AppError when the detector can't use them
 */
export function cleanWindows(
  reference: readonly Embedding[],
  run: readonly Sighting[],
  settings: DetectorSettings,
): CleanWindows {
  const detector = createDetector(settings);
  detector.fit(reference);
  const at: number[] = [];
  const distances: number[] = [];
  for (const { capturedAt, embedding } of run) {
    const distance = detector.update(embedding);
    if (distance === null) continue;
    at.push(capturedAt);
    distances.push(distance);
  }
  return { at, distances };
}

/**
 * How many independent values an autocorrelated series is worth.
 *
 * At most the number of windows that share no snapshot, and at most n over the integrated autocorrelation time up
 * to its first lag without correlation.
 *
 * @param distances - of overlapping windows, in time order
 * @returns ≥ 1
 * @see Geyer 1992, Statist. Sci. 7(4), 473-483, initial positive sequence
 */
export function effectiveCount(distances: readonly number[], windowSize: number): number {
  const n = distances.length;
  const mean = meanOf(distances);
  const deviations = distances.map((distance) => distance - mean);
  const variance = deviations.reduce((sum, x) => sum + x * x, 0);
  if (n < 3 || variance === 0) return Math.max(1, n / windowSize);
  let time = 1;
  for (let lag = 1; lag < n / 2; lag++) {
    let covariance = 0;
    for (let i = lag; i < n; i++) covariance += deviations[i]! * deviations[i - lag]!;
    if (covariance <= 0) break;
    time += (2 * covariance) / variance;
  }
  return Math.max(1, Math.min(n / windowSize, n / time));
}

/** True if the windows of so many snapshots may be worth the independent ones that limits need; they may be worth less. */
export function mayBound(snapshots: number, windowSize: number): boolean {
  return snapshots - windowSize + 1 >= LEAST_EFFECTIVE_WINDOWS * windowSize;
}

/**
 * The limit that one further clean window stays below with the given probability, when the ones at hand are worth
 * only so many independent ones: the one-sided prediction bound of a normal sample. With few of them it is wide,
 * as it should be.
 *
 * @param level - probability, such as 0.999
 * @throws RangeError when there are fewer than two windows
 * @see Hahn and Meeker 1991, Statistical Intervals, 4.8
 */
export function predictionBound(distances: readonly number[], windowSize: number, level: number): number {
  const n = distances.length;
  if (n < 2) throw new RangeError(`${n} windows bound nothing`);
  const mean = meanOf(distances);
  const variance = distances.reduce((sum, distance) => sum + (distance - mean) ** 2, 0) / (n - 1);
  const count = Math.max(2, effectiveCount(distances, windowSize));
  return mean + studentTQuantile(level, count - 1) * Math.sqrt(variance * (1 + 1 / count));
}

/**
 * Limits for a camera from its own clean days: above the prediction bound, and with a margin over the highest clean
 * window.
 *
 * A run worth fewer than three independent windows bounds nothing. It can still confirm the limits that a model was
 * judged with; without those it is refused.
 *
 * @param floor - limits below which the model's authors saw clean cameras; null if they gave none
 * @param reachOfDirt - about what a covered lens gives, where the detector knows it
 * @throws RangeError when there are fewer than two windows
 */
export function proposeThresholds(
  { distances }: CleanWindows,
  windowSize: number,
  floor: Thresholds | null,
  reachOfDirt = Infinity,
): Proposal {
  const highest = most(distances);
  const effectiveWindows = effectiveCount(distances, windowSize);
  if (effectiveWindows < LEAST_EFFECTIVE_WINDOWS) {
    const confirms = floor !== null && highest <= floor.warning;
    const thresholds = floor ?? { warning: MOST_WARNING_SHARE * highest, drift: highest };
    return {
      thresholds,
      effectiveWindows,
      highest,
      measured: null,
      refusal: confirms ? null : 'few-windows',
    };
  }
  // A limit at or below 0 would alarm on half of all clean windows.
  const drift = Math.max(
    predictionBound(distances, windowSize, DRIFT_LEVEL),
    MARGIN * highest,
    Number.EPSILON,
  );
  const warning = Math.min(
    Math.max(predictionBound(distances, windowSize, WARNING_LEVEL), highest),
    drift * MOST_WARNING_SHARE,
  );
  const thresholds = {
    warning: Math.max(warning, floor?.warning ?? -Infinity),
    drift: Math.max(drift, floor?.drift ?? -Infinity),
  };
  return {
    thresholds,
    effectiveWindows,
    highest,
    measured: { warning, drift },
    refusal: thresholds.drift > reachOfDirt ? 'beyond-dirt' : null,
  };
}

/**
 * False alarms of limits on days that had no part in them: the run is cut into blocks of whole days, and each block is
 * judged by what the others propose. On its own days a limit is above every window by construction.
 *
 * @returns null when the days that are left measure too little for any block
 */
export function heldOutAlarms(
  { at, distances }: CleanWindows,
  windowSize: number,
  floor: Thresholds | null,
  persistence: Persistence,
): FalseAlarms | null {
  const days = [...new Set(at.map(dayOf))];
  const blocks = Math.min(MOST_BLOCKS, days.length);
  const blockOf = new Map(days.map((day, i) => [day, Math.floor((i * blocks) / days.length)]));
  const total = { events: 0, daysInAlarm: 0, days: 0 };
  for (let block = 0; block < blocks; block++) {
    const isLeftOut = at.map((time) => blockOf.get(dayOf(time)) === block);
    const part = (wanted: boolean): CleanWindows => ({
      at: at.filter((_, i) => isLeftOut[i] === wanted),
      distances: distances.filter((_, i) => isLeftOut[i] === wanted),
    });
    const others = part(false);
    if (others.distances.length < 2) continue;
    const { thresholds, measured } = proposeThresholds(others, windowSize, floor);
    if (measured === null && floor === null) continue;
    const { events, daysInAlarm, days } = falseAlarms(part(true), thresholds, persistence);
    total.events += events;
    total.daysInAlarm += daysInAlarm;
    total.days += days;
  }
  return total.days > 0 ? total : null;
}

/** The false alarms of drift that these settings would have raised on clean windows; those in a row are one event. */
export function falseAlarms(
  { at, distances }: CleanWindows,
  thresholds: Thresholds,
  persistence: Persistence,
): FalseAlarms {
  const alarm = new Alarm(thresholds, persistence);
  const statuses = distances.map((distance) => alarm.update(distance));
  const daysInAlarm = new Set(at.filter((_, i) => statuses[i] === 'drift').map(dayOf));
  return {
    events: alarmRuns(statuses).length,
    daysInAlarm: daysInAlarm.size,
    days: new Set(at.map(dayOf)).size,
  };
}

/** Verdicts while dirty snapshots follow clean ones, and clean ones follow again. */
export interface DirtyRun {
  /** distances of the windows that end on each dirty snapshot, the first ones mixed with clean ones */
  readonly distances: readonly number[];
  /** dirty snapshots until the verdict was drift, this one included; null when it never was */
  readonly delay: number | null;
  /** the same until a warning or drift */
  readonly warningDelay: number | null;
  /** clean snapshots after the last dirty one until the verdict was normal again; null when it never was otherwise, or they did not suffice */
  readonly recovery: number | null;
}

/**
 * Lets dirty snapshots follow a full window of clean ones, and clean ones follow again.
 *
 * @param clean - at least a window, in capture order: its last ones come before the dirty snapshots and its first
 *   ones after, as if the lens had been wiped without a note
 * @param dirty - in capture order
 */
export function dirtyRun(
  judging: Judging,
  reference: readonly Embedding[],
  clean: readonly Embedding[],
  dirty: readonly Embedding[],
): DirtyRun {
  const { windowSize } = judging.detector;
  const judge = new Judge(judging, reference);
  for (const embedding of clean.slice(-windowSize)) judge.update(embedding);
  const soiled = dirty.map((embedding) => judge.update(embedding));
  const after = clean
    .slice(0, 4 * windowSize)
    .map((embedding) => judge.update(embedding).driftStatus === 'normal');
  // An alarm that persists may be raised by the last dirty ones only among the clean ones.
  const lastAlarm = after.lastIndexOf(false);
  const wasRaised = lastAlarm >= 0 || soiled.some(({ driftStatus }) => driftStatus !== 'normal');
  const isBack = wasRaised && lastAlarm < after.length - 1;
  const first = (place: number) => (place < 0 ? null : place + 1);
  return {
    distances: soiled.map(({ distance }) => distance ?? Number.NaN),
    delay: first(soiled.findIndex(({ driftStatus }) => driftStatus === 'drift')),
    warningDelay: first(
      soiled.findIndex(({ driftStatus }) => driftStatus === 'drift' || driftStatus === 'warning'),
    ),
    recovery: isBack ? lastAlarm + 2 : null,
  };
}

export interface Coverage {
  readonly snapshots: number;
  readonly days: number;
  /** snapshots by UTC hour, 24 of them */
  readonly byHour: readonly number[];
  /** lowest and highest mean luminance, 0..1; null when it is not known */
  readonly brightness: readonly [number, number] | null;
  readonly gaps: readonly CoverageGap[];
}

type CoverageGap = 'few-days' | 'few-hours' | 'few-windows' | 'one-light';

/** A threshold from fewer is a guess: worst splits of one camera's days gave up to 82 % false alarms. */
const FEW_DAYS = 7;
const FEW_EFFECTIVE_WINDOWS = 4;
/** Snapshots in use at this share of the hours that the camera is used in, at least. */
const FEW_HOURS_SHARE = 0.75;
const LEAST_LIGHT_RANGE = 0.05;

/**
 * @param times - milliseconds since 1970, UTC
 * @param brightness - of the same snapshots; empty when it is not known
 * @param usedTimes - when the camera took the snapshots it was judged on; empty when there are none yet
 * @param effectiveWindows - of the run's windows
 */
export function coverageOf(
  times: readonly number[],
  brightness: readonly number[],
  usedTimes: readonly number[],
  effectiveWindows: number,
): Coverage {
  const byHour = hoursOf(times);
  const days = new Set(times.map(dayOf)).size;
  // An hour counts as used when it holds a fair part of the snapshots, not when one strayed into it.
  const used = hoursOf(usedTimes).map((count) => count > usedTimes.length / 200);
  const missing = used.filter((isUsed, hour) => isUsed && byHour[hour] === 0).length;
  const range: readonly [number, number] | null =
    brightness.length > 0 ? [least(brightness), most(brightness)] : null;
  const gaps: CoverageGap[] = [];
  if (days < FEW_DAYS) gaps.push('few-days');
  const usedHours = used.filter(Boolean).length;
  if (usedHours > 0 ? missing > (1 - FEW_HOURS_SHARE) * usedHours : byHour.filter(Boolean).length < 3) {
    gaps.push('few-hours');
  }
  if (effectiveWindows < FEW_EFFECTIVE_WINDOWS) gaps.push('few-windows');
  if (range && range[1] - range[0] < LEAST_LIGHT_RANGE) gaps.push('one-light');
  return { snapshots: times.length, days, byHour, brightness: range, gaps };
}

function hoursOf(times: readonly number[]): number[] {
  const byHour = new Array<number>(24).fill(0);
  for (const at of times) byHour[new Date(at).getUTCHours()]! += 1;
  return byHour;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function least(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Infinity);
}

function most(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), -Infinity);
}
