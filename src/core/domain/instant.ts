import { INSTANT, isWithin } from './ranges';

/** Stands in English texts for a number that is no moment. */
export const NOT_A_DATE = 'not a date';

/**
 * A moment as ISO 8601 in UTC, with milliseconds: the one place that asks a `Date` for it, since that throws for a
 * number that it can't hold.
 *
 * @returns `NOT_A_DATE` for a number outside `INSTANT`
 */
export function isoInstant(at: number): string {
  // eslint-disable-next-line no-restricted-properties -- The number was looked at.
  return isWithin(INSTANT, at) ? new Date(at).toISOString() : NOT_A_DATE;
}

/** `2023-07-30`, in UTC. @returns `NOT_A_DATE` for a number outside `INSTANT` */
export function isoDay(at: number): string {
  return isoInstant(at).slice(0, 10);
}
