/** Which axes are drawn by the logarithm of their numbers. */
export interface LogAxes {
  readonly x: boolean;
  readonly y: boolean;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Whether a point has a place on these axes: a logarithm has none for zero and below. */
export function isDrawable({ x, y }: Place, isLog: LogAxes): boolean {
  return (!isLog.x || x > 0) && (!isLog.y || y > 0);
}

/**
 * The straight line that lies nearest to the points as they are drawn, by least squares of the heights: on a logarithmic
 * axis by the logarithm.
 *
 * @param points - drawable on these axes
 * @returns its ends, at the leftmost and the rightmost point; null where there are fewer than three points or all lie
 *   above each other
 */
export function lineThrough(points: readonly Place[], isLog: LogAxes): readonly [Place, Place] | null {
  if (points.length < 3) return null;
  const across = isLog.x ? Math.log : Number;
  const up = isLog.y ? Math.log : Number;
  let [meanX, meanY] = [0, 0];
  for (const { x, y } of points) {
    meanX += across(x) / points.length;
    meanY += up(y) / points.length;
  }
  let [spread, together, left, right] = [0, 0, Infinity, -Infinity];
  for (const { x, y } of points) {
    const aside = across(x) - meanX;
    spread += aside * aside;
    together += aside * (up(y) - meanY);
    left = Math.min(left, x);
    right = Math.max(right, x);
  }
  if (!(spread > 0) || left === right) return null;
  const at = (x: number): Place => {
    const height = meanY + (together / spread) * (across(x) - meanX);
    return { x, y: isLog.y ? Math.exp(height) : height };
  };
  const ends = [at(left), at(right)] as const;
  return ends.every(({ y }) => Number.isFinite(y)) ? ends : null;
}
