import type { RecordPoint, RecordStatus } from './plot-point';

/** The most points that a plot draws: they still answer a pointer at once on a tablet. */
const MOST_DRAWN = 3000;
/** Columns of the finest grid, about the plot's width in points. Rows are half as many. */
const FINEST = 400;
const STATUSES: readonly RecordStatus[] = ['normal', 'warming-up', 'not-checked', 'warning', 'drift'];

type Edges<P> = readonly [left: P, right: P, bottom: P, top: P];
type Place = Pick<RecordPoint<unknown>, 'x' | 'y' | 'status'>;

/**
 * Few enough points to draw, in their order: the highest of each cell and status in a grid.
 *
 * The outermost points stay, so that the axes keep their ranges, and so does every status, wherever it occurs.
 *
 * @param most - how many points there may be, ≥ 20; fewer than that are left as they are
 */
export function thinnedPoints<P extends Place>(points: readonly P[], most = MOST_DRAWN): readonly P[] {
  if (points.length <= most) return points;
  const edges = outermost(points);
  let kept = points;
  for (let columns = FINEST; kept.length > most; columns = Math.floor(columns * 0.8)) {
    // Thins the points kept so far: a coarser grid seldom needs one that a finer grid dropped.
    kept = onGrid(kept, edges, columns);
  }
  return kept;
}

function onGrid<P extends Place>(points: readonly P[], edges: Edges<P>, columns: number): readonly P[] {
  const rows = Math.ceil(columns / 2);
  const [left, right, bottom, top] = edges;
  const across = columns / (right.x - left.x || 1);
  const up = rows / (top.y - bottom.y || 1);
  const highest = new Map<number, P>();
  for (const point of points) {
    const column = Math.floor((point.x - left.x) * across);
    const row = Math.floor((point.y - bottom.y) * up);
    const cell = (row * (columns + 1) + column) * STATUSES.length + STATUSES.indexOf(point.status);
    const rival = highest.get(cell);
    if (!rival || point.y > rival.y) highest.set(cell, point);
  }
  const kept = new Set([left, right, bottom, top, ...highest.values()]);
  return points.filter((point) => kept.delete(point));
}

function outermost<P extends Place>(points: readonly P[]): Edges<P> {
  let [left, right, bottom, top] = Array<P>(4).fill(points[0]!) as [P, P, P, P];
  for (const point of points) {
    if (point.x < left.x) left = point;
    if (point.x > right.x) right = point;
    if (point.y < bottom.y) bottom = point;
    if (point.y > top.y) top = point;
  }
  return [left, right, bottom, top];
}
