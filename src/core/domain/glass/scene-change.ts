import type { Size } from '../model/model';
import { GROWTH_CELL } from './growth';
import { LOSS_CELL } from './loss';
import { isNear, type Move } from './move';
import { medianMove, medians } from './order';
import type { Places, SceneAnswer, SceneChange } from './scene-answer';
import { REGION_CELL, regionOf } from './scene-region';

/** An answer, and the snapshots that it is for. */
export interface StandingAnswer extends Places {
  readonly answer: SceneAnswer;
  /** capture times: from the first on, before the second */
  readonly from: number;
  readonly until: number;
}

/** The answers of one kind in force at a capture time. */
export function heldAt(
  answers: readonly StandingAnswer[],
  said: StandingAnswer['answer'],
  capturedAt: number,
): readonly StandingAnswer[] {
  return answers.filter(
    ({ answer, from, until }) => answer === said && from <= capturedAt && capturedAt < until,
  );
}

/** A change is one piece that fills its box, */
const COMPACT = 0.4;
/** less so if it has been found before, or its cells changed together while something happened, */
const LESS_COMPACT = 0.3;
/** and leaves most of the glass that is seen and judged as it was. */
export const MOST_AREA = 0.3;
/** Least share of the picture that comes at once in one piece. */
const LEAST_STEP = 0.02;
/** Cells of growth around it are still judged if they changed less, in deviations beyond the zone. */
export const STRONG = 2;
/** Share of the changed cells that change together, within so many snapshots of each other, */
const [TOGETHER, WITHIN] = [0.6, 2];
/** and where no snapshot came for so long, in milliseconds, or the camera moved by so many pixels of a picture 192 wide. */
const [GAP, MOVED] = [86_400_000, 3];
/** Least overlap of two changes that are the same, as a share of the smaller one. */
const SAME = 0.5;

/**
 * True if cells that changed at once are one compact piece, and more than noise.
 *
 * @param seen - as of `shapeOf`
 * @param leastCompact - less for cells that may be noise
 */
export function isStep(places: Places, seen: number, size: Size, leastCompact = COMPACT): boolean {
  const { largest, compact, area } = shapeOf(places, seen, size);
  return largest >= LEAST_STEP && compact >= leastCompact && area <= MOST_AREA;
}

/** True if the cells leave most of the glass as it was. @param seen - as of `shapeOf` */
export function isSmall(places: Places, seen: number, size: Size): boolean {
  return shapeOf(places, seen, size).area <= MOST_AREA;
}

/** True if at least half of the smaller one lies in the other. */
export function isSamePlace(one: Places, other: Places): boolean {
  const common = {
    growth: one.growth.filter((cell) => other.growth.includes(cell)),
    loss: one.loss.filter((cell) => other.loss.includes(cell)),
  };
  const smaller = Math.min(areaOf(one), areaOf(other));
  return smaller > 0 && areaOf(common) >= SAME * smaller;
}

/** Of the picture. */
export function shareOf(places: Places, { height, width }: Size): number {
  const { grid, isMarked } = regionOf(places, { height, width });
  return isMarked.filter(Boolean).length / (grid.height * grid.width);
}

/** In pixels. */
function areaOf({ growth, loss }: Places): number {
  return growth.length * GROWTH_CELL ** 2 + loss.length * LOSS_CELL ** 2;
}

/**
 * @param seen - cells of growth that the snapshots show and that are not masked
 * @returns the share of the largest piece times the share of its bounding box that it fills, the share of the seen cells, and
 *   the largest piece's share of the picture
 */
function shapeOf(places: Places, seen: number, size: Size) {
  const { grid, isMarked } = regionOf(places, size);
  const count = isMarked.filter(Boolean).length;
  const piece = largestPiece(isMarked, grid.width);
  return {
    compact: count === 0 ? 0 : (piece.count / count) * (piece.count / piece.box),
    area: (count * REGION_CELL ** 2) / (seen * GROWTH_CELL ** 2),
    largest: piece.count / isMarked.length,
  };
}

/** The largest piece of squares that touch each other, at corners too, and the squares of its bounding box. */
function largestPiece(isMarked: readonly boolean[], width: number) {
  const left = new Set<number>();
  isMarked.forEach((is, square) => is && left.add(square));
  let largest = { count: 0, box: 0 };
  for (const start of left) {
    const piece = [start];
    left.delete(start);
    // The list grows while it is walked through.
    for (const square of piece) {
      const column = square % width;
      for (let down = -1; down <= 1; down++) {
        for (let right = -1; right <= 1; right++) {
          const isBeside = column + right >= 0 && column + right < width;
          const next = square + down * width + right;
          if (isBeside && left.delete(next)) piece.push(next);
        }
      }
    }
    if (piece.length <= largest.count) continue;
    const rows = piece.map((square) => Math.floor(square / width));
    const columns = piece.map((square) => square % width);
    const span = (values: readonly number[]) => Math.max(...values) - Math.min(...values) + 1;
    largest = { count: piece.length, box: span(rows) * span(columns) };
  }
  return largest;
}

/** A counted snapshot's cells, for the search for a change. */
export interface ShownCells {
  /** of each cell of growth: deviations beyond the zone; NaN where it is not seen */
  readonly excess: Float32Array;
  /** cells of loss whose pattern is gone; null if murk could be the cause */
  readonly gone: readonly number[] | null;
  readonly capturedAt?: number | undefined;
  readonly move?: Move | undefined;
}

/**
 * Finds something compact and small that has changed in a window, in the scene or on the glass: dirt grows in many
 * places.
 *
 * @param sights - counted ones, oldest first; the window is the last of them
 * @param isGrown - of each cell of growth, `coverOf` the window
 * @param masked - cells of growth that are left out of it
 * @param before - of the snapshot before, whose change goes on in the same place
 */
export function changeIn(
  sights: readonly ShownCells[],
  windowSize: number,
  isGrown: readonly boolean[],
  masked: readonly number[],
  size: Size,
  before: SceneChange | null,
): SceneChange | null {
  const window = sights.slice(-windowSize);
  const places = { growth: isGrown.flatMap((is, cell) => (is ? [cell] : [])), loss: mostlyGone(window) };
  const middle = medians(window.map(({ excess }) => excess));
  const leftOut = new Set(masked);
  const seen = middle.filter((value, cell) => !Number.isNaN(value) && !leftOut.has(cell)).length;
  const goesOn = before !== null && isSamePlace(places, before);
  const { compact, area } = shapeOf(places, seen, size);
  // While it goes on, its shape flickers.
  const isOne = goesOn || compact >= COMPACT || (compact >= LESS_COMPACT && changedTogether(sights, places));
  if (area > MOST_AREA || !isOne) return null;
  const first = goesOn
    ? before.since
    : window.find((sight) => sight.capturedAt !== undefined && showsPlaces(sight, places))?.capturedAt;
  const growth = places.growth.filter((cell) => middle[cell]! >= STRONG);
  if (growth.length + places.loss.length === 0) return null;
  return { growth, loss: places.loss, since: first ?? window.at(-1)!.capturedAt ?? 0 };
}

function mostlyGone(window: readonly ShownCells[]): number[] {
  const goneCells = window.flatMap(({ gone }) => (gone ? [gone] : []));
  const counts = new Map<number, number>();
  for (const cell of goneCells.flat()) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return [...counts.keys()].filter((cell) => 2 * counts.get(cell)! > goneCells.length).sort((a, b) => a - b);
}

/** True if at least such a share of the cells have changed in a snapshot. */
export function showsPlaces({ excess, gone }: ShownCells, { growth, loss }: Places, share = 0.5): boolean {
  const changed = [
    ...growth.filter((cell) => excess[cell]! >= 1),
    ...loss.filter((cell) => gone?.includes(cell)),
  ];
  return changed.length >= share * (growth.length + loss.length);
}

/** True if most of the cells changed at the same time, and the camera was moved or silent then. */
function changedTogether(sights: readonly ShownCells[], places: Places): boolean {
  const onsets = {
    growth: places.growth.map((cell) => onsetOf(sights.map(({ excess }) => excess[cell]! || 0))),
    loss: places.loss.map((cell) => onsetOf(sights.map(({ gone }) => Number(gone?.includes(cell) ?? 0)))),
  };
  const areaNear = (at: number) => {
    const isNear = (onset: number) => Math.abs(onset - at) <= WITHIN;
    return areaOf({ growth: onsets.growth.filter(isNear), loss: onsets.loss.filter(isNear) });
  };
  return sights
    .slice(WITHIN, 1 - WITHIN)
    .some((_, i) => areaNear(i + WITHIN) >= TOGETHER * areaOf(places) && isBreak(sights, i + WITHIN));
}

/** The index of the largest step upwards, with at least two values on either side. */
function onsetOf(values: readonly number[]): number {
  const mean = (some: readonly number[]) => some.reduce((sum, value) => sum + value, 0) / some.length;
  const gains = values.map((_, at) =>
    at < 2 || at > values.length - 2
      ? -Infinity
      : (mean(values.slice(at)) - mean(values.slice(0, at))) * Math.sqrt(at * (values.length - at)),
  );
  return gains.indexOf(Math.max(...gains));
}

function isBreak(sights: readonly ShownCells[], at: number): boolean {
  const around = sights.slice(Math.max(0, at - WITHIN), at + WITHIN + 1);
  const isSilent = around.some(
    ({ capturedAt = 0 }, i) => i > 0 && capturedAt - (around[i - 1]!.capturedAt ?? Infinity) >= GAP,
  );
  const moves = (some: readonly ShownCells[]) => medianMove(some.flatMap(({ move }) => (move ? [move] : [])));
  return isSilent || !isNear(moves(sights.slice(0, at)), moves(sights.slice(at)), MOVED - 1);
}
