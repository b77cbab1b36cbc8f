import { Breather } from '../../../core/browser/breather';
import { thinnedPoints } from '../../../core/domain/camera/thinned-points';
import type { Axis, LimitCourse, RecordPoint } from '../../../core/domain/camera/plot-point';
import { limitCourses, pointsOf } from '../pure/record-fields';
import type { Drift } from './fleet.svelte';

/** Contents of a plot of records, all of the same moment. */
export interface Plotted {
  readonly x: Axis;
  readonly y: Axis;
  readonly points: readonly RecordPoint<Drift>[];
  /** few enough of them to draw */
  readonly thinned: readonly RecordPoint<Drift>[];
  readonly limits: { readonly warning: LimitCourse; readonly drift: LimitCourse };
}

/** Number of records handled before other work may run. */
const AT_ONCE = 500;
/** Points that are drawn in one go without a pause that a person notices. */
const MOST_DRAWN = 1200;

/**
 * The records on two axes, from left to right, with their limits. Tens of thousands are done in pieces, between which the
 * page answers.
 *
 * @param isGone - whether nobody waits for it any more
 * @returns null when nobody does
 */
export async function plotted(
  records: readonly Drift[],
  { x, y }: Pick<Plotted, 'x' | 'y'>,
  isGone: () => boolean,
): Promise<Plotted | null> {
  const breather = new Breather();
  const points: RecordPoint<Drift>[] = [];
  for (let from = 0; from < records.length; from += AT_ONCE) {
    points.push(...pointsOf(records.slice(from, from + AT_ONCE), x, y));
    await breather.pause();
    if (isGone()) return null;
  }
  points.sort((a, b) => a.x - b.x);
  await breather.pause();
  const limits = limitCourses(points, y);
  await breather.pause();
  const thinned = thinnedPoints(points, MOST_DRAWN);
  await breather.pause();
  return isGone() ? null : { x, y, points, thinned, limits };
}
