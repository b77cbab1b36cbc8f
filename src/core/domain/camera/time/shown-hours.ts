import { hoursApart } from './same-hour';

const HOUR = 3_600_000;
/** A picture shows the light and the shadows of the time of day this near to it. */
const NEAR = 1.5 * HOUR;
/** Of a window, fewer such snapshots than this share don't raise an alarm. */
const TELLING = 1 / 4;

/** Snapshots of a window that were taken at hours of which the reference has no picture. */
export interface UnshownHours {
  readonly count: number;
  /** how many the window has */
  readonly of: number;
  /** hours of the day, UTC, in which they were taken, as `hourSpans` writes them */
  readonly hours: string;
}

/**
 * Shadows of an hour that the reference doesn't show look like growth: with half of the day as the reference, clean
 * windows drift (benchmark/RESULTS.md).
 *
 * @param reference - when its pictures were taken, milliseconds since 1970; null if that is not known
 * @param window - when the snapshots of a window were taken
 * @returns null if less than a quarter of them are such, or a time of the reference is not known
 */
export function unshownHours(
  reference: readonly (number | null)[],
  window: readonly number[],
): UnshownHours | null {
  if (reference.length === 0 || reference.includes(null)) return null;
  const unshown = window.filter((at) => !isShown(reference as readonly number[], at));
  if (unshown.length === 0 || unshown.length < TELLING * window.length) return null;
  const hours = unshown.map((at) => Math.floor(at / HOUR) % 24);
  return { count: unshown.length, of: window.length, hours: hourSpans(hours) };
}

/**
 * The hours of the day, UTC, that a reference shows.
 *
 * @param reference - when its pictures were taken, milliseconds since 1970
 * @returns as `hourSpans` writes them
 */
export function shownHours(reference: readonly number[]): string {
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  return hourSpans(hours.filter((hour) => isShown(reference, (hour + 0.5) * HOUR)));
}

export function isShown(reference: readonly number[], at: number): boolean {
  return reference.some((time) => hoursApart(time, at) <= NEAR);
}

/** Hours as spans from the beginning of the first to the end of the last: 5, 6, 7 and 22 are `05–08, 22–23`. */
function hourSpans(hours: readonly number[]): string {
  const spans: { first: number; last: number }[] = [];
  for (const hour of [...new Set(hours)].sort((a, b) => a - b)) {
    const span = spans.at(-1);
    if (span?.last === hour - 1) span.last = hour;
    else spans.push({ first: hour, last: hour });
  }
  const two = (hour: number) => String(hour).padStart(2, '0');
  return spans.map(({ first, last }) => `${two(first)}–${two(last + 1)}`).join(', ');
}
