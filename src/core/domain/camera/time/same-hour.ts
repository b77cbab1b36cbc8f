const DAY = 86_400_000;

/** A clean picture to compare with a snapshot. */
export interface SameHour {
  /** its place in the reference */
  readonly index: number;
  /** the camera was moved after it, and no clean picture is newer than that */
  readonly isBeforeMove: boolean;
}

/**
 * The clean picture whose hour of the day is nearest to a snapshot's, so that both have the same light; of equally near
 * ones the one taken nearest to it.
 *
 * @param times - of the reference's pictures, in milliseconds since 1970; null if that is not known
 * @param at - when the snapshot was taken
 * @param movedAt - when the camera was last moved before it: only pictures taken since show its view, where there are any
 * @returns null when no time is known
 */
export function sameHour(
  times: readonly (number | null)[],
  at: number,
  movedAt: number | null,
): SameHour | null {
  const known = times.flatMap((time, index) => (time === null ? [] : [{ time, index }]));
  const since = known.filter(({ time }) => time >= (movedAt ?? -Infinity));
  const [nearest] = (since.length > 0 ? since : known).sort(
    (a, b) =>
      hoursApart(a.time, at) - hoursApart(b.time, at) || Math.abs(a.time - at) - Math.abs(b.time - at),
  );
  return nearest ? { index: nearest.index, isBeforeMove: since.length === 0 } : null;
}

/** Difference of two times of day, in milliseconds, at most half a day. */
export function hoursApart(a: number, b: number): number {
  const apart = Math.abs(a - b) % DAY;
  return Math.min(apart, DAY - apart);
}
