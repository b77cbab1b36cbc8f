import type { DetectorLayout } from '../../../../core/domain/detection/detection';
import { AppError } from '../../../../core/domain/errors';

/** A box in pixels of the picture that a detector was given. */
export interface RawBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** 0 … 1 */
  readonly score: number;
  readonly classId: number;
}

/** How a detector's output becomes boxes. */
export interface Decoding {
  readonly layout: DetectorLayout;
  /** how many classes there are; null where that is not known */
  readonly classCount: number | null;
  /** scores below it are left out, 0 … 1 */
  readonly floor: number;
  /** overlap above which the lesser of two boxes of one class is left out, 0 … 1: area of both over area of either */
  readonly overlap: number;
}

/** The best that are kept, as ultralytics has it (`max_det`). */
const MOST_BOXES = 300;
/** The best that are looked at (`max_nms`). */
const MOST_CANDIDATES = 30_000;
/** A sigmoid of float32 may come out a little over 1. */
const SCORE_SLACK = 1e-3;
const MOST_CLASSES = 10_000;

/**
 * The boxes in a detector's output for one picture, the best first, at most 300. Each has the one class that has the
 * highest score. The lesser of boxes that overlap are left out class by class, greedily, where the detector has not done
 * that: a box can only make one of a lower score go, so those above a higher floor are the same as had it been that.
 *
 * @param output - of the shape `dims`, row by row
 * @throws AppError `not-a-detector` for scores and classes that can't be any: the output means something else
 * @see by the rules of ultralytics' `non_max_suppression` with `multi_label=False`; equals numpy
 *   (tests/fixtures/detection/golden.json)
 */
export function decodeBoxes(
  output: Float32Array,
  dims: readonly number[],
  { layout, classCount, floor, overlap }: Decoding,
): RawBox[] {
  const candidates = READERS[layout](output, dims, floor, classCount).sort((a, b) => b.score - a.score);
  if (layout === 'suppressed' || layout === 'end2end') return candidates.slice(0, MOST_BOXES);
  return suppress(candidates.slice(0, MOST_CANDIDATES), overlap);
}

type Reader = (
  output: Float32Array,
  dims: readonly number[],
  floor: number,
  classCount: number | null,
) => RawBox[];

const READERS: Readonly<Record<DetectorLayout, Reader>> = {
  v8(output, [, rows = 0, anchors = 0], floor) {
    const boxes: RawBox[] = [];
    for (let i = 0; i < anchors; i++) {
      let [score, classId] = [-1, 0];
      for (let row = 4; row < rows; row++) {
        const value = sound(output[row * anchors + i]!);
        if (value > score) [score, classId] = [value, row - 4];
      }
      if (score < floor) continue;
      const at = (row: number) => output[row * anchors + i]!;
      push(boxes, centred(at(0), at(1), at(2), at(3), score, classId));
    }
    return boxes;
  },

  v5(output, [, anchors = 0, columns = 0], floor) {
    const boxes: RawBox[] = [];
    for (let i = 0; i < anchors; i++) {
      const row = i * columns;
      const objectness = sound(output[row + 4]!);
      let [score, classId] = [-1, 0];
      for (let column = 5; column < columns; column++) {
        const value = objectness * sound(output[row + column]!);
        if (value > score) [score, classId] = [value, column - 5];
      }
      if (score < floor) continue;
      const at = (column: number) => output[row + column]!;
      push(boxes, centred(at(0), at(1), at(2), at(3), score, classId));
    }
    return boxes;
  },

  suppressed(output, [, rows = 0], floor, classCount) {
    const boxes: RawBox[] = [];
    for (let i = 0; i < rows; i++) {
      const [left, top, right, bottom, score, classId] = output.subarray(6 * i, 6 * i + 6);
      // Places that are not needed hold 0, or less.
      if (!(score! >= floor)) continue;
      sound(score!);
      push(boxes, { left, top, right, bottom, score, classId: classOf(classId!, classCount) } as RawBox);
    }
    return boxes;
  },

  end2end(output, [rows = 0], floor, classCount) {
    const boxes: RawBox[] = [];
    for (let i = 0; i < rows; i++) {
      const [picture, left, top, right, bottom, classId, score] = output.subarray(7 * i, 7 * i + 7);
      if (picture !== 0 || !(score! >= floor)) continue;
      sound(score!);
      push(boxes, { left, top, right, bottom, score, classId: classOf(classId!, classCount) } as RawBox);
    }
    return boxes;
  },
};

function centred(
  x: number,
  y: number,
  width: number,
  height: number,
  score: number,
  classId: number,
): RawBox {
  return {
    left: x - width / 2,
    top: y - height / 2,
    right: x + width / 2,
    bottom: y + height / 2,
    score,
    classId,
  };
}

/** Leaves out boxes without an area or without an end. */
function push(boxes: RawBox[], box: RawBox): void {
  const { left, top, right, bottom } = box;
  const isSound = [left, top, right, bottom].every(Number.isFinite) && right > left && bottom > top;
  if (isSound) boxes.push(box);
}

function sound(score: number): number {
  if (score >= 0 && score <= 1) return score;
  if (!(score >= -SCORE_SLACK && score <= 1 + SCORE_SLACK)) {
    throw new AppError('not-a-detector', { code: 'detector-score', found: score.toPrecision(3) });
  }
  return Math.min(Math.max(score, 0), 1);
}

function classOf(classId: number, classCount: number | null): number {
  if (!Number.isInteger(classId) || classId < 0 || classId >= (classCount ?? MOST_CLASSES)) {
    throw new AppError('not-a-detector', { code: 'detector-class', found: String(classId) });
  }
  return classId;
}

/** @param boxes - the best first */
function suppress(boxes: readonly RawBox[], overlap: number): RawBox[] {
  const kept: RawBox[] = [];
  for (const box of boxes) {
    if (kept.length === MOST_BOXES) break;
    const isLesser = kept.some(
      (better) => better.classId === box.classId && overlapOf(better, box) > overlap,
    );
    if (!isLesser) kept.push(box);
  }
  return kept;
}

/** The area that two boxes share over the area that either covers, 0 … 1. */
function overlapOf(a: RawBox, b: RawBox): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (areaOf(a) + areaOf(b) - shared);
}

function areaOf({ left, top, right, bottom }: RawBox): number {
  return (right - left) * (bottom - top);
}
