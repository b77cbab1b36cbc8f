const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A stretch of time that is looked at, in milliseconds since 1970. */
export interface TimeView {
  readonly from: number;
  readonly to: number;
}

/** Lengths that one press chooses, the shortest first; null is all there is. */
export const VIEW_LENGTHS = [DAY, 7 * DAY, 30 * DAY, null] as const;

export type ViewLength = (typeof VIEW_LENGTHS)[number];

/** is seen first, up to the newest picture */
export const FIRST_LENGTH: ViewLength = 30 * DAY;

/** Nothing shorter is looked at. */
export const SHORTEST = 2 * HOUR;
/** So much of a range at most lies after the newest snapshot. */
const FORESEEN = 0.25;
/** Each press of a key makes the view so many times as long, or goes on by such a share of it. */
const ZOOM_STEP = 1.6;
const PAN_STEP = 0.25;

/** A range up to `newest` (milliseconds since 1970) with some of the forecast; all there is if that is no longer. */
export function latestView(range: ViewLength, whole: TimeView, newest: number): TimeView {
  if (range === null) return whole;
  const to = Math.min(whole.to, newest + FORESEEN * range);
  return viewWithin({ from: to - range, to }, whole);
}

/** The same view, no longer than the whole and not beyond it. */
export function viewWithin({ from, to }: TimeView, whole: TimeView): TimeView {
  const length = Math.min(Math.max(to - from, SHORTEST), whole.to - whole.from);
  const begin = Math.min(Math.max(from, whole.from), whole.to - length);
  return { from: begin, to: begin + length };
}

/** The view that a key leads to; null for a key that means nothing here. */
export function viewByKey(key: string, { from, to }: TimeView, whole: TimeView): TimeView | null {
  const length = to - from;
  const zoomed = (factor: number) => {
    const middle = (from + to) / 2;
    return viewWithin({ from: middle - (length * factor) / 2, to: middle + (length * factor) / 2 }, whole);
  };
  const moved = (by: number) => viewWithin({ from: from + by, to: to + by }, whole);
  switch (key) {
    case '+':
    case '=':
      return zoomed(1 / ZOOM_STEP);
    case '-':
      return zoomed(ZOOM_STEP);
    case 'ArrowLeft':
      return moved(-PAN_STEP * length);
    case 'ArrowRight':
      return moved(PAN_STEP * length);
    case '0':
      return whole;
    default:
      return null;
  }
}
