import { rootOf } from '../../../core/domain/camera/course';

/** A distance in times of the drift limit, and the capture time of its snapshot. */
export interface SparkPoint {
  /** milliseconds since 1970 */
  readonly at: number;
  readonly times: number;
}

/** The most times of the limit that a line shows; all lines of the wall share this axis. */
const MOST_TIMES = 4;
/** So many points a line has at most: two in each of its stretches, the lowest and the highest. */
const STRETCHES = 60;

/** How high a number of times of the limit stands, 0..1, on the square-root axis that the wall's lines share. */
export function heightOf(times: number): number {
  return rootOf(Math.min(times, MOST_TIMES) / MOST_TIMES);
}

/** How high what is so far from its limit floats on the tide line, 0..1: the wave, in its middle, is the limit. */
export function tideOf(times: number | null): number {
  const limit = heightOf(1);
  const height = heightOf(times ?? 0);
  return (height < limit ? height / limit : 1 + (height - limit) / (1 - limit)) / 2;
}

/**
 * A line over a span, in pieces where the camera paused, as points of a box 1 wide and 1 high with its origin at the
 * top left.
 *
 * @param points - in capture order
 * @param from - to which instant the left edge belongs, and `to` the right one, in milliseconds since 1970
 * @param longest - a pause longer than this breaks the line, in milliseconds
 */
export function sparkOf(
  points: readonly SparkPoint[],
  from: number,
  to: number,
  longest: number,
): (readonly [x: number, y: number])[][] {
  const seen = thinned(points.filter(({ at }) => at >= from && at <= to));
  const pieces: (readonly [number, number])[][] = [];
  let before = -Infinity;
  for (const { at, times } of seen) {
    if (at - before > longest) pieces.push([]);
    pieces.at(-1)!.push([(at - from) / (to - from), 1 - heightOf(times)]);
    before = at;
  }
  return pieces;
}

function thinned(points: readonly SparkPoint[]): readonly SparkPoint[] {
  if (points.length <= 2 * STRETCHES) return points;
  const stretch = Math.ceil(points.length / STRETCHES);
  return Array.from({ length: Math.ceil(points.length / stretch) }, (_, i) => {
    const part = points.slice(i * stretch, (i + 1) * stretch);
    const lowest = part.reduce((a, b) => (b.times < a.times ? b : a));
    const highest = part.reduce((a, b) => (b.times > a.times ? b : a));
    return lowest.at < highest.at ? [lowest, highest] : lowest === highest ? [lowest] : [highest, lowest];
  }).flat();
}
