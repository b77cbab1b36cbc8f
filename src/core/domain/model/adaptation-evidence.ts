import { dayOf } from '../drift/calibration';
import { FOULINGS, type Fouling } from '../picture/fouling';
import type { Embedding } from '../drift/embedding';
import { createDetector, detectorKind } from '../drift/detectors';
import type { DetectorSettings } from './model';
import type { Thresholds } from '../drift/thresholds';

/** Fewer clean snapshots, or fewer days, don't show what varies before a clean lens. */
export const FEWEST_SNAPSHOTS = 60;
export const FEWEST_DAYS = 3;

export interface TrialEmbeddings {
  /** of the days that the adaptation was fitted on, in capture order */
  readonly reference: readonly Embedding[];
  /** of clean days kept out of it, in capture order */
  readonly clean: readonly Embedding[];
  /** a window of the kept-out ones through each lens */
  readonly fouled: readonly FouledWindow[];
  /** known to be dirty, in capture order; empty when none were given */
  readonly dirty: readonly Embedding[];
}

interface FouledWindow {
  readonly kind: Fouling;
  readonly severity: number;
  readonly embeddings: readonly Embedding[];
}

export interface Performance {
  readonly thresholds: Thresholds;
  /** of the windows that end in a kept-out snapshot */
  readonly aboveWarning: number;
  readonly aboveDrift: number;
  readonly highestClean: number;
  /** in the order of the lenses: distance of the window */
  readonly fouled: readonly number[];
  /** known-dirty snapshots until drift, after a window of clean ones; null when it is never raised */
  readonly dirtyDelay: number | null;
  /** distance after the last dirty one; null when there are none */
  readonly dirtyLast: number | null;
}

/** Shown before an adaptation changes anything; travels with the model afterwards. */
export interface AdaptationEvidence {
  readonly fitted: number;
  readonly fittedDays: number;
  readonly keptOut: number;
  readonly keptOutDays: number;
  readonly dirtySnapshots: number;
  readonly lenses: readonly Pick<FouledWindow, 'kind' | 'severity'>[];
  readonly before: Performance;
  readonly after: Performance;
}

/** Share of the days, the newest ones, that are kept out of an adaptation. */
const KEPT_OUT = 0.25;

/**
 * Splits clean snapshots into those that an adaptation is fitted on and those that it is tried on: the newest quarter of
 * the days, and more of them until there is a window to judge.
 *
 * @param snapshots - in capture order
 * @returns null when the rest would be less than half of them, or of fewer than two days
 */
export function keepOut<T extends { readonly capturedAt: number }>(
  snapshots: readonly T[],
  windowSize: number,
): { readonly fitted: readonly T[]; readonly keptOut: readonly T[] } | null {
  const days = [...new Set(snapshots.map(({ capturedAt }) => dayOf(capturedAt)))];
  const isKeptOut = (newest: number) => {
    const last = new Set(days.slice(-newest));
    return ({ capturedAt }: T) => last.has(dayOf(capturedAt));
  };
  let newest = Math.max(1, Math.round(KEPT_OUT * days.length));
  while (newest < days.length && snapshots.filter(isKeptOut(newest)).length < windowSize) newest++;
  const keptOut = snapshots.filter(isKeptOut(newest));
  const fitted = snapshots.filter((snapshot) => !isKeptOut(newest)(snapshot));
  return days.length - newest < 2 || fitted.length < snapshots.length / 2 ? null : { fitted, keptOut };
}

export type AdaptationRefusal =
  | { readonly because: 'clean-alarms' }
  | { readonly because: 'overlooks'; readonly kinds: readonly Fouling[] }
  | { readonly because: 'overlooks-dirty' }
  | { readonly because: 'no-gain' };

/**
 * The clean stream begins with the newest of the fitted snapshots, which then are no part of the reference: windows that
 * share snapshots with it score low.
 *
 * @throws AppError when the detector can't use the embeddings
 */
export function performanceOf(
  { reference, clean, fouled, dirty }: TrialEmbeddings,
  settings: DetectorSettings,
  thresholds: Thresholds,
): Performance {
  const { warning, drift } = thresholds;
  const { windowSize, name } = settings;
  const kind = detectorKind(name);
  const held = reference.slice(0, 1 - windowSize);
  const stream = (embeddings: readonly Embedding[]) => {
    const detector = createDetector(settings);
    detector.fit(held);
    return embeddings.flatMap((embedding) => detector.update(embedding) ?? []);
  };
  const warmUp = reference.slice(1 - windowSize);
  const distances = stream([...warmUp, ...clean]);
  // From the last clean window on there is one distance for each dirty snapshot, and one before the first.
  const calm = [...reference, ...clean].slice(-windowSize);
  const soiled = stream([...calm, ...dirty]).slice(1);
  const raised = soiled.findIndex((distance) => distance > drift);
  return {
    thresholds,
    aboveWarning: distances.filter((distance) => distance > warning).length,
    aboveDrift: distances.filter((distance) => distance > drift).length,
    highestClean: Math.max(...distances),
    fouled: fouled.map(({ embeddings }) => kind.distanceOf(reference, embeddings, settings)),
    dirtyDelay: dirty.length === 0 || raised < 0 ? null : raised + 1,
    dirtyLast: dirty.length === 0 ? null : (soiled.at(-1) ?? null),
  };
}

/** The severity by which a camera's own model must see a kind of dirt. */
const MUST_SEE = 4;
/** Kinds that the shipped model was trained on must be seen, even if the present model misses them. */
const ALWAYS: readonly Fouling[] = ['film', 'silt', 'growth', 'droplets', 'defocus', 'cover'];
/** Share of clean windows above the drift threshold that no model may have, however bad the present one is. */
const UNBEARABLE = 0.1;
/** Fewer dirty snapshots don't raise drift in a window of 12, however far they are: three give at most 0.091. */
export const FEWEST_DIRTY = 6;
/** Share of clean windows above the warning threshold that is no reason against a model. */
const CALM = 0.02;
/**
 * By how much the highest clean distance, in drift limits, must fall, where no dirt is noticed sooner. A foreign camera may be calm on a
 * week of late summer, at 0.046, and alarm on 78 % of the next month's windows.
 */
const CALMER = 0.7;

/** Lowest severity from which every window of a kind is above a threshold; null if not even the highest is. */
export function noticedFrom(
  { lenses }: Pick<AdaptationEvidence, 'lenses'>,
  { fouled, thresholds }: Pick<Performance, 'fouled' | 'thresholds'>,
  kind: Fouling,
  which: keyof Thresholds,
): number | null {
  const severities = [
    ...new Set(lenses.filter((lens) => lens.kind === kind).map(({ severity }) => severity)),
  ];
  let noticed: number | null = null;
  for (const severity of severities.sort((a, b) => b - a)) {
    const isSeen = lenses.every(
      (lens, i) => lens.kind !== kind || lens.severity !== severity || fouled[i]! > thresholds[which],
    );
    if (!isSeen) break;
    noticed = severity;
  }
  return noticed;
}

/** The kinds of dirt that a model was tried on: those that could be drawn then. */
export function triedKinds({ lenses }: Pick<AdaptationEvidence, 'lenses'>): readonly Fouling[] {
  return FOULINGS.filter((kind) => lenses.some((lens) => lens.kind === kind));
}

/** True if a model warns on more of the clean windows than any may. */
export function isAlarming({ aboveWarning }: Pick<Performance, 'aboveWarning'>, keptOut: number): boolean {
  return aboveWarning > Math.floor(CALM * keptOut);
}

/**
 * Why a camera may not have a changed model, or that nothing at all speaks for it.
 *
 * The model's earlier sight is no measure where it alarms on clean snapshots: then it alarms on everything.
 *
 * @returns null for one that it may have; how clear its gain is tells `adviceOn`
 */
export function adaptationRefusalOf(evidence: AdaptationEvidence): AdaptationRefusal | null {
  const { before, after, keptOut } = evidence;
  if (
    after.aboveDrift > UNBEARABLE * keptOut ||
    after.aboveDrift > before.aboveDrift ||
    (isAlarming(after, keptOut) && after.aboveWarning > before.aboveWarning)
  ) {
    return { because: 'clean-alarms' };
  }
  const tried = triedKinds(evidence);
  const severity = (performance: Performance, kind: Fouling) =>
    noticedFrom(evidence, performance, kind, 'drift') ?? Infinity;
  const kinds = tried.filter(
    (kind) =>
      severity(after, kind) > MUST_SEE && (ALWAYS.includes(kind) || severity(before, kind) <= MUST_SEE),
  );
  if (kinds.length > 0) return { because: 'overlooks', kinds };
  if (evidence.dirtySnapshots >= FEWEST_DIRTY && after.dirtyDelay === null) {
    return { because: 'overlooks-dirty' };
  }
  const isSooner = tried.some((kind) => severity(after, kind) < severity(before, kind));
  const isCalmer = inDriftLimits(after) < CALMER * inDriftLimits(before);
  if (!isSooner && !isCalmer) return { because: 'no-gain' };
  return null;
}

/** The highest clean distance by its own limit: distances of two detectors can't be compared otherwise. */
function inDriftLimits({ highestClean, thresholds }: Performance): number {
  return highestClean / thresholds.drift;
}
