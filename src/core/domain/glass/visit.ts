import type { Size } from '../model/model';
import { DRIFT_LENGTH, growthEmbedding } from './growth';
import { LEAST_MOVE, VISIT_MEMORY } from './glass-facts';
import { distanceOf, type Move } from './move';
import { medianMove, medians, robustDeviation } from './order';
import type { Places } from './scene-answer';
import { isSmall, isStep, showsPlaces, STRONG, type ShownCells } from './scene-change';

/** Counted snapshots that agree before a visit is told, */
export const AGREEING = 3;
/** and those before them, from which they differ at once; fewer do not tell what was usual. */
const [BEFORE, LEAST_BEFORE] = [VISIT_MEMORY - AGREEING, 6];
/** Compactness of all cells that may have changed at once in one place: noise is among them. */
const MOSTLY_ONE = 0.2;
/** It is new while one of so many just before them does not show it. */
export const JUST_BEFORE = 2;
/** Agreeing snapshots stand within so many pixels of a picture 192 wide. */
const SHARED = 2;
/** A camera that trembles has stepped if it stands so many of its deviations away. */
const TREMBLING = 3;
/** In so long without a snapshot dirt may have grown: it did not come with a turn. In milliseconds. */
const GAP = 86_400_000;
/** Less than this share of what has changed is left: it is gone. */
const LEFT = 1 / 3;

/** The camera's position at a snapshot. */
export interface StoodAt {
  readonly capturedAt: number;
  readonly move: Move;
  /** false if it shows too few places to tell */
  readonly isSure: boolean;
  /** it was set aside, as one that shows another view */
  readonly isOtherView: boolean;
}

/** A turn of the camera that begins. */
export interface CameraTurn {
  /** capture time of the first snapshot that shows it */
  readonly since: number;
  readonly from: Move;
  readonly to: Move;
}

/**
 * The camera stands elsewhere than before, by more than it trembles: three snapshots agree, the newest last, which may have
 * been set aside for it.
 *
 * @param stood - oldest first
 * @returns null if it does not, or if it stood there before
 */
export function turnIn(stood: readonly StoodAt[]): CameraTurn | null {
  if (stood.at(-1)?.isSure !== true) return null;
  const sure = stood.filter(({ isSure }) => isSure);
  const newest = sure.slice(-AGREEING).map(({ move }) => move);
  const before = sure
    .slice(0, -AGREEING)
    .filter(({ isOtherView }) => !isOtherView)
    .slice(-BEFORE)
    .map(({ move }) => move);
  if (before.length < LEAST_BEFORE) return null;
  const [from, to] = [medianMove(before), medianMove(newest)];
  const trembling = Math.hypot(
    robustDeviation(before.map(({ down }) => down)),
    robustDeviation(before.map(({ right }) => right)),
  );
  const step = distanceOf(to, from);
  const isFar = step >= Math.max(LEAST_MOVE, TREMBLING * trembling);
  const isAgreed = newest.every((move) => distanceOf(move, to) <= SHARED);
  const isNew = distanceOf(sure.at(-AGREEING - 1)!.move, to) > SHARED;
  return isFar && isAgreed && isNew ? { since: sure.at(-AGREEING)!.capturedAt, from, to } : null;
}

/** A counted snapshot, as a change is looked for in it. */
export interface VisitSight extends ShownCells {
  readonly capturedAt: number;
}

/** A change that came at once. */
export interface Step {
  readonly since: number;
  /** none of a clearing */
  readonly places: Places;
}

/**
 * A change that came at once and has stayed for three snapshots, the newest last; null if there is none, or if it was there
 * before these three.
 *
 * @param sights - counted ones, oldest first; the last 15 count
 * @param masked - cells of growth that are not judged
 * @param isTurned - the camera was turned with it: then all that has changed at once belongs to it
 */
export function stepIn(
  sights: readonly VisitSight[],
  masked: readonly number[],
  size: Size,
  isTurned: boolean,
): Step | null {
  const known = sights.slice(-VISIT_MEMORY);
  const [before, newest] = [known.slice(0, -AGREEING), known.slice(-AGREEING)];
  if (before.length < LEAST_BEFORE) return null;
  const places = cellsOfAll(before, newest, masked);
  const isNew = before.slice(-JUST_BEFORE).some((sight) => !showsPlaces(sight, places));
  // Dirt in many places shows some of them more clearly: all that may have changed is mostly one piece, too.
  const seen = seenIn(newest, masked);
  const isOne = () =>
    isStep(places, seen, size) && isStep(steppedCells(before, newest, masked), seen, size, MOSTLY_ONE);
  // One before it may show a little of it by chance.
  const isWhole = () => showsPlaces(newest[0]!, cellsOfAll(before, newest.slice(1), masked));
  const isFound = (isTurned && isAtOnce(before, newest)) || (isNew && isOne() && isWhole());
  return isFound ? { since: newest[0]!.capturedAt, places } : null;
}

/**
 * The first of the last three snapshots if growth that stood above its limit is gone from them, or null.
 *
 * @param sights - as of `stepIn`
 */
export function clearingIn(sights: readonly VisitSight[], masked: readonly number[]): number | null {
  if (sights.length <= AGREEING) return null;
  // Two of three show it in the median of three: of these the first may be a dirty one.
  const medianLengths = [sights.slice(-AGREEING - 1, -1), sights.slice(-AGREEING)].map((three) =>
    lengthOf(three, masked),
  );
  const isClear = medianLengths.every((length) => length < DRIFT_LENGTH / 2);
  const wasGrown = isGrownAgain(sights.slice(0, -AGREEING), masked);
  return isClear && wasGrown ? sights.at(-AGREEING)!.capturedAt : null;
}

/** True if the last three snapshots show growth above its limit, again. @param sights - as of `stepIn` */
export function isGrownAgain(sights: readonly VisitSight[], masked: readonly number[]): boolean {
  return lengthOf(sights.slice(-AGREEING), masked) >= DRIFT_LENGTH;
}

/**
 * The cells that changed with a visit: while the snapshots before it are remembered, those that most since then show; after
 * that it keeps them, though its shape flickers.
 *
 * @param known - those so far
 * @param isTurned - the camera was turned with it: they may be in many places then
 */
export function changedSince(
  sights: readonly VisitSight[],
  since: number,
  masked: readonly number[],
  size: Size,
  known: Places,
  isTurned: boolean,
): Places {
  const before = sights.filter(({ capturedAt }) => capturedAt < since).slice(-BEFORE);
  const after = sights.filter(({ capturedAt }) => capturedAt >= since);
  if (before.length < LEAST_BEFORE || after.length <= AGREEING) return known;
  const found = steppedCells(before, after, masked);
  const isNothing = found.growth.length + found.loss.length === 0;
  const isOne = isTurned && isAtOnce(before, after) ? isSmall : isStep;
  return isNothing || !isOne(found, seenIn(after, masked), size) ? known : found;
}

/** True if none of the last three snapshots shows what has changed. */
export function isGone(places: Places, sights: readonly VisitSight[]): boolean {
  return !sights.slice(-AGREEING).some((sight) => sight.gone === null || showsPlaces(sight, places, LEFT));
}

/** Cells that each of the newest snapshots shows changed beyond doubt, and hardly one before them. */
function cellsOfAll(
  before: readonly VisitSight[],
  newest: readonly VisitSight[],
  masked: readonly number[],
): Places {
  const leftOut = new Set(masked);
  const then = medians(before.map(({ excess }) => excess));
  const growth = [...then.keys()].filter(
    (cell) =>
      !leftOut.has(cell) && !(then[cell]! >= 1) && newest.every(({ excess }) => excess[cell]! >= STRONG),
  );
  const isGone = ({ gone }: VisitSight, cell: number) => gone?.includes(cell) ?? false;
  const loss = (newest[0]!.gone ?? []).filter(
    (cell) =>
      newest.every((sight) => isGone(sight, cell)) &&
      before.filter((sight) => isGone(sight, cell)).length <= before.length / 3,
  );
  return { growth, loss };
}

/** Cells that most of the later snapshots show changed, and the earlier ones do not. */
function steppedCells(
  before: readonly VisitSight[],
  after: readonly VisitSight[],
  masked: readonly number[],
): Places {
  const leftOut = new Set(masked);
  const [then, now] = [before, after].map((sights) => medians(sights.map(({ excess }) => excess)));
  const growth = [...now!.keys()].filter(
    (cell) => now![cell]! >= 1 && !(then![cell]! >= 1) && !leftOut.has(cell),
  );
  const shareGone = (sights: readonly VisitSight[], cell: number) => {
    const seen = sights.filter(({ gone }) => gone !== null);
    return seen.length === 0 ? 0 : seen.filter(({ gone }) => gone!.includes(cell)).length / seen.length;
  };
  const ever = [...new Set(after.flatMap(({ gone }) => gone ?? []))].sort((a, b) => a - b);
  const loss = ever.filter((cell) => shareGone(after, cell) > 0.5 && shareGone(before, cell) < 0.5);
  return { growth, loss };
}

function isAtOnce(before: readonly VisitSight[], after: readonly VisitSight[]): boolean {
  return after[0]!.capturedAt - before.at(-1)!.capturedAt < GAP;
}

/** Number of cells of growth that are seen and judged. */
function seenIn(sights: readonly VisitSight[], masked: readonly number[]): number {
  const leftOut = new Set(masked);
  return medians(sights.map(({ excess }) => excess)).filter(
    (value, cell) => !Number.isNaN(value) && !leftOut.has(cell),
  ).length;
}

/** Squared length of what these snapshots show of growth. */
function lengthOf(sights: readonly VisitSight[], masked: readonly number[]): number {
  const embedding = growthEmbedding(
    sights.map(({ excess }) => excess),
    masked,
  );
  return embedding.reduce((sum, value) => sum + value ** 2, 0);
}
