import type { Box, Detections, StoredDetector } from '../../../../core/domain/detection/detection';
import { csvLines, withoutFormula } from '../../../../core/domain/camera/results';
import { isoSeconds } from '../../../../core/domain/camera/summary';
import {
  SET_ASIDE,
  spanAt,
  type Span,
  type SpanReason,
  type Usability,
} from '../../../../core/domain/usable/span';

/** Scores below it are not kept: a detector gives thousands of them. */
export const FLOOR = 0.05;
/** What ultralytics draws unless it is told otherwise. */
export const USUAL_CONFIDENCE = 0.25;
/** What ultralytics and YOLOv5 leave out overlapping boxes by. */
export const OVERLAPS = [0.45, 0.5, 0.6, 0.7] as const;

/** How many boxes of each class there are on one snapshot, from a confidence on. */
export interface Counted {
  readonly jobId: string;
  readonly imageName: string;
  /** milliseconds since 1970 */
  readonly capturedAt: number;
  /** null where nothing is known of that time */
  readonly usability: Usability | null;
  readonly reason: SpanReason | null;
  readonly isAside: boolean;
  /** by class */
  readonly counts: readonly number[];
  readonly total: number;
}

/** What is known of a snapshot that was looked at. */
export interface LookedAt {
  readonly jobId: string;
  readonly imageName: string;
  readonly capturedAt: number;
  readonly found: Pick<Detections, 'boxes' | 'size'>;
}

/** Boxes of at least this score. */
export function confident(boxes: readonly Box[], confidence: number): readonly Box[] {
  return boxes.filter(({ score }) => score >= confidence);
}

/** @param spans - in order, see `spanAt` @param classCount - of the detector; a class beyond it makes the list longer */
export function countAll(
  looked: readonly LookedAt[],
  spans: readonly Span[],
  confidence: number,
  classCount: number,
): Counted[] {
  return looked.map(({ jobId, imageName, capturedAt, found }) => {
    const span = spanAt(spans, capturedAt);
    const seen = confident(found.boxes, confidence);
    const length = seen.reduce((most, { classId }) => Math.max(most, classId + 1), classCount);
    const counts = new Array<number>(length).fill(0);
    for (const { classId } of seen) counts[classId]! += 1;
    return {
      jobId,
      imageName,
      capturedAt,
      usability: span?.usability ?? null,
      reason: span?.reason ?? null,
      isAside: span !== null && SET_ASIDE.includes(span.usability),
      counts,
      total: seen.length,
    };
  });
}

/** What was counted of one class. */
export interface ClassTotal {
  readonly classId: number;
  readonly all: number;
  /** of them in time that is not set aside */
  readonly usable: number;
  /** snapshots with at least one, in time that is not set aside */
  readonly present: number;
}

/** Sums by class; classes of which nothing was found are left out, the most frequent come first. */
export function totalsOf(rows: readonly Counted[]): ClassTotal[] {
  const totals = new Map<number, { all: number; usable: number; present: number }>();
  for (const { counts, isAside } of rows) {
    for (const [classId, count] of counts.entries()) {
      if (count === 0) continue;
      const total = totals.get(classId) ?? { all: 0, usable: 0, present: 0 };
      total.all += count;
      if (!isAside) total.usable += count;
      if (!isAside) total.present += 1;
      totals.set(classId, total);
    }
  }
  return [...totals]
    .map(([classId, total]) => ({ classId, ...total }))
    .sort((a, b) => b.all - a.all || a.classId - b.classId);
}

/** Counts of one stretch of time. */
export interface CountBin {
  /** milliseconds since 1970; `end` does not belong to it */
  readonly begin: number;
  readonly end: number;
  readonly snapshots: number;
  readonly aside: number;
  /** boxes by class for each of its snapshots: of those in usable time, and of those that are set aside */
  readonly usableMean: readonly number[];
  readonly asideMean: readonly number[];
}

const HOUR = 3_600_000;
const STEPS = [1, 3, 6, 12, 24, 48, 24 * 7, 24 * 14, 24 * 28].map((hours) => hours * HOUR);
const MOST_BINS = 90;

/** How long the bins of a time are, in milliseconds: at most 90 of them. */
export function binLength(begin: number, end: number): number {
  const longest = STEPS.at(-1)!;
  return (
    STEPS.find((step) => (end - begin) / step <= MOST_BINS) ??
    Math.ceil((end - begin) / MOST_BINS / longest) * longest
  );
}

/** Means over time, in bins of one length that begin with whole ones of UTC; those without a snapshot are left out. */
export function binsOf(rows: readonly Counted[], classCount: number): CountBin[] {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return [];
  const length = binLength(first.capturedAt, last.capturedAt);
  const byBegin = new Map<number, Counted[]>();
  for (const row of rows) {
    const begin = Math.floor(row.capturedAt / length) * length;
    const others = byBegin.get(begin);
    if (others) others.push(row);
    else byBegin.set(begin, [row]);
  }
  return [...byBegin].map(([begin, inside]) => {
    const meanOf = (isAside: boolean) => {
      const sums = new Array<number>(classCount).fill(0);
      for (const row of inside) {
        if (row.isAside === isAside) for (const [id, count] of row.counts.entries()) sums[id]! += count;
      }
      return sums.map((sum) => sum / inside.length);
    };
    return {
      begin,
      end: begin + length,
      snapshots: inside.length,
      aside: inside.filter(({ isAside }) => isAside).length,
      usableMean: meanOf(false),
      asideMean: meanOf(true),
    };
  });
}

/** What counts were made with, for who reads them elsewhere. */
export interface CountedWith {
  readonly camera: string;
  readonly detector: Pick<StoredDetector, 'name' | 'sha256' | 'classes'>;
  readonly confidence: number;
  /** null where the detector leaves out overlapping boxes itself */
  readonly overlap: number | null;
}

/** Names of the classes as columns: two of one name get their number. */
function columnsOf(classes: readonly string[]): string[] {
  return classes.map((name, id) =>
    classes.indexOf(name) === classes.lastIndexOf(name) ? name : `${name} (${String(id)})`,
  );
}

/**
 * Counts as CSV (RFC 4180), a row for each snapshot: when, which, how far it can be used and why, the boxes of each class,
 * and the same again where the time is not set aside (empty where it is).
 */
export function countsCsv(rows: readonly Counted[], { detector }: CountedWith): string {
  const names = columnsOf(detector.classes);
  const head = [
    'captured_at',
    'image_name',
    'usability',
    'reason',
    ...names,
    ...names.map((n) => `usable: ${n}`),
  ];
  const lines = rows.map(({ capturedAt, imageName, usability, reason, isAside, counts }) => {
    const numbers = names.map((_, id) => String(counts[id] ?? 0));
    return [
      isoSeconds(capturedAt),
      withoutFormula(imageName),
      usability ?? '',
      reason ?? '',
      ...numbers,
      ...numbers.map((number) => (isAside ? '' : number)),
    ];
  });
  return csvLines([head.map(withoutFormula), ...lines]);
}

const NOTE =
  'What a detector counts is not the number of animals: it misses some, sees some twice and takes other things for them. Nothing of it was checked by Porthole.';

/**
 * The same as JSON, with what the counts were made with.
 *
 * @param madeBy - what the verdicts were made by that set snapshots aside, as `madeBy` says it
 */
export function countsJson(rows: readonly Counted[], made: CountedWith, madeBy: object): string {
  const names = columnsOf(made.detector.classes);
  return JSON.stringify({
    ...describe(made, madeBy),
    snapshots: rows.map(({ capturedAt, imageName, usability, reason, isAside, counts }) => ({
      captured_at: isoSeconds(capturedAt),
      image_name: imageName,
      usability,
      reason,
      is_set_aside: isAside,
      counts: Object.fromEntries(names.map((name, id) => [name, counts[id] ?? 0])),
    })),
  });
}

const BOX_COLUMNS = [
  'captured_at',
  'image_name',
  'class',
  'score',
  'left',
  'top',
  'width',
  'height',
] as const;

/** Every box from a confidence on as CSV, in pixels of the whole picture. */
export function boxesCsv(looked: readonly LookedAt[], { detector, confidence }: CountedWith): string {
  const lines = looked.flatMap(({ capturedAt, imageName, found }) =>
    confident(found.boxes, confidence).map(({ classId, score, left, top, width, height }) => [
      isoSeconds(capturedAt),
      withoutFormula(imageName),
      withoutFormula(detector.classes[classId] ?? String(classId)),
      score.toFixed(4),
      ...[left, top, width, height].map((pixels) => pixels.toFixed(1)),
    ]),
  );
  return csvLines([[...BOX_COLUMNS], ...lines]);
}

/** The same as JSON, by snapshot, with the size of each picture. @param madeBy - see `countsJson` */
export function boxesJson(looked: readonly LookedAt[], made: CountedWith, madeBy: object): string {
  const { detector, confidence } = made;
  return JSON.stringify({
    ...describe(made, madeBy),
    snapshots: looked.map(({ capturedAt, imageName, found }) => ({
      captured_at: isoSeconds(capturedAt),
      image_name: imageName,
      height: found.size.height,
      width: found.size.width,
      boxes: confident(found.boxes, confidence).map(({ classId, ...box }) => ({
        class: detector.classes[classId] ?? String(classId),
        ...box,
      })),
    })),
  });
}

function describe({ camera, detector, confidence, overlap }: CountedWith, madeBy: object) {
  const { name, sha256, classes } = detector;
  return { note: NOTE, made_by: madeBy, camera, detector: { name, sha256, classes }, confidence, overlap };
}
