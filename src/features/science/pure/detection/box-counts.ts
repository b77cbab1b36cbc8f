import type { Box, Detections } from '../../../../core/domain/detection/detection';
import { isoSeconds } from '../../../../core/domain/camera/summary';
import { csvLines, withoutFormula } from '../../../../core/domain/files/csv';
import {
  SET_ASIDE,
  spanAt,
  type Span,
  type SpanReason,
  type Usability,
} from '../../../../core/domain/usable/span';

/** Scores below it are not kept: a detector gives thousands of them. */
export const FLOOR = 0.05;
/** Ultralytics draws boxes of at least this score unless it is told otherwise. */
export const USUAL_CONFIDENCE = 0.25;

export interface Counted {
  readonly jobId: string;
  readonly imageName: string;
  /** milliseconds since 1970 */
  readonly capturedAt: number;
  /** null where nothing is known of that time */
  readonly usability: Usability | null;
  readonly reason: SpanReason | null;
  readonly isAside: boolean;
  /** by class, up to the last one of which there is any */
  readonly counts: readonly number[];
  readonly total: number;
}

export interface LookedAt {
  readonly jobId: string;
  readonly imageName: string;
  readonly capturedAt: number;
  readonly found: Pick<Detections, 'boxes' | 'size'>;
}

export function confident(boxes: readonly Box[], confidence: number): readonly Box[] {
  return boxes.filter(({ score }) => score >= confidence);
}

/** @param spans - in order, see `spanAt` */
export function countAll(looked: readonly LookedAt[], spans: readonly Span[], confidence: number): Counted[] {
  return looked.map(({ jobId, imageName, capturedAt, found }) => {
    const span = spanAt(spans, capturedAt);
    const seen = confident(found.boxes, confidence);
    const length = seen.reduce((most, { classId }) => Math.max(most, classId + 1), 0);
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

/** Boxes of one class, in time that is set aside and in other time. */
export interface ClassTotal {
  readonly classId: number;
  readonly usable: number;
  readonly aside: number;
}

/** Sums by class; classes of which nothing was found are left out, the most frequent come first. */
export function totalsOf(rows: readonly Counted[]): ClassTotal[] {
  const totals = new Map<number, { usable: number; aside: number }>();
  for (const { counts, isAside } of rows) {
    for (const [classId, count] of counts.entries()) {
      if (count === 0) continue;
      const total = totals.get(classId) ?? { usable: 0, aside: 0 };
      total[isAside ? 'aside' : 'usable'] += count;
      totals.set(classId, total);
    }
  }
  return [...totals]
    .map(([classId, total]) => ({ classId, ...total }))
    .sort((a, b) => b.usable + b.aside - a.usable - a.aside || a.classId - b.classId);
}

export interface CountBin {
  /** milliseconds since 1970; `end` does not belong to it */
  readonly begin: number;
  readonly end: number;
  readonly snapshots: number;
  readonly aside: number;
  /** boxes for each of its snapshots: of those in usable time, and of those that are set aside */
  readonly usableMean: number;
  readonly asideMean: number;
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
export function binsOf(rows: readonly Counted[]): CountBin[] {
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
    const meanOf = (isAside: boolean) =>
      inside.reduce((sum, row) => sum + (row.isAside === isAside ? row.total : 0), 0) / inside.length;
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
export function countsCsv(rows: readonly Counted[], classes: readonly string[]): string {
  const names = columnsOf(classes);
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
export function boxesCsv(
  looked: readonly LookedAt[],
  classes: readonly string[],
  confidence: number,
): string {
  const lines = looked.flatMap(({ capturedAt, imageName, found }) =>
    confident(found.boxes, confidence).map(({ classId, score, left, top, width, height }) => [
      isoSeconds(capturedAt),
      withoutFormula(imageName),
      withoutFormula(classes[classId] ?? String(classId)),
      score.toFixed(4),
      ...[left, top, width, height].map((pixels) => pixels.toFixed(1)),
    ]),
  );
  return csvLines([[...BOX_COLUMNS], ...lines]);
}

/** A mean as a person reads it: `0.04`, `1.3`, `27` */
export function meanWords(value: number): string {
  return value === 0 ? '0' : value < 10 ? String(Number(value.toPrecision(2))) : value.toFixed(0);
}
