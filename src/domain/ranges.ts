/** Both ends belong to it. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * A moment that is kept, in milliseconds since 1970. The year 2200 is far beyond any camera, and far below what a `Date`
 * can hold: each such number can be written as a date.
 */
export const INSTANT: Range = { least: 0, most: Date.UTC(2200, 0, 1) };

/** What is added to what a camera's wrong clock states, in milliseconds: from any moment that is kept to any other. */
export const CLOCK_SHIFT: Range = { least: -INSTANT.most, most: INSTANT.most };

/** Whether it is a number of the range; NaN and what is no number are in none. */
export function isWithin({ least, most }: Range, value: unknown): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}
