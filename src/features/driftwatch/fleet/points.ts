import { Breather } from '../../../core/browser/breather';
import { sortInPieces } from '../../../core/browser/sort-in-pieces';
import {
  comparing,
  keyed,
  type Keyed,
  type RecordOrder,
} from '../../../core/domain/camera/records/record-order';
import { thinnedPoints } from '../../../core/domain/camera/thinned-points';
import { isDrawable, lineThrough, type LogAxes } from '../../../core/domain/camera/records/record-line';
import {
  limitCourses,
  pointsOf,
  type Axis,
  type LimitCourse,
  type RecordPoint,
} from '../../../core/domain/camera/records/record-fields';
import type { Drift } from './fleet.svelte';

/** What a plot of records shows, all of it of the same moment. */
export interface Plotted {
  readonly x: Axis;
  readonly y: Axis;
  readonly isLog: LogAxes;
  readonly points: readonly RecordPoint<Drift>[];
  /** few enough of them to draw */
  readonly thinned: readonly RecordPoint<Drift>[];
  readonly limits: { readonly warning: LimitCourse; readonly drift: LimitCourse };
  readonly line:
    readonly [{ readonly x: number; readonly y: number }, { readonly x: number; readonly y: number }] | null;
}

/** How many records are looked at before others may have their turn. */
const AT_ONCE = 500;
/** Points that are drawn in one go without a pause that a person notices. */
const MOST_DRAWN = 1200;

/**
 * The records on two axes, from left to right, with their limits and the line through them. Tens of thousands are done in
 * pieces, between which the page answers.
 *
 * @param isGone - whether nobody waits for it any more
 * @returns null when nobody does
 */
export async function plotted(
  records: readonly Drift[],
  { x, y, isLog, hasLine }: Pick<Plotted, 'x' | 'y' | 'isLog'> & { readonly hasLine: boolean },
  isGone: () => boolean,
): Promise<Plotted | null> {
  const breather = new Breather();
  const points: RecordPoint<Drift>[] = [];
  for (let from = 0; from < records.length; from += AT_ONCE) {
    const some = pointsOf(records.slice(from, from + AT_ONCE), x, y);
    points.push(...some.filter((point) => isDrawable(point, isLog)));
    await breather.pause();
    if (isGone()) return null;
  }
  const ordered = await sortInPieces(points, (a, b) => a.x - b.x, breather);
  const limits = limitCourses(ordered, y);
  await breather.pause();
  const line = hasLine ? lineThrough(ordered, isLog) : null;
  const thinned = thinnedPoints(ordered, MOST_DRAWN);
  await breather.pause();
  return isGone() ? null : { x, y, isLog, points: ordered, thinned, limits, line };
}

/** The records as a table sorted by a column shows them, done in pieces too; null when nobody waits for it any more. */
export async function sortedRecords(
  records: readonly Drift[],
  { by, isDescending }: RecordOrder,
  value: Axis | null,
  isGone: () => boolean,
): Promise<readonly Drift[] | null> {
  const breather = new Breather();
  const all: Keyed<Drift>[] = [];
  for (const [place, record] of records.entries()) {
    all.push(keyed(record, place, by, value));
    if (place % AT_ONCE === 0) await breather.pause();
    if (isGone()) return null;
  }
  const ordered = await sortInPieces(all, comparing(isDescending), breather);
  return isGone() ? null : ordered.map(({ record }) => record);
}
