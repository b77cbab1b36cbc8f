/** Minutes by which a zone is ahead of UTC at a moment. */
export type OffsetAt = (at: number) => number;

const MINUTE = 60_000;
const DAY = 86_400_000;

/** A clock by IANA name: `UTC`, `Europe/Madrid`, `Etc/GMT-2` (UTC + 2 h). @throws RangeError for an unknown name */
export function zoneOf(name: string): OffsetAt {
  if (name === 'UTC') return () => 0;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const known = new Map<number, number>();
  return (at) => {
    // Clocks are set at full quarters of an hour.
    const quarter = Math.floor(at / (15 * MINUTE)) * 15 * MINUTE;
    let offset = known.get(quarter);
    if (offset === undefined) {
      const parts = new Map(format.formatToParts(quarter).map(({ type, value }) => [type, Number(value)]));
      const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type)!;
      const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'));
      offset = Math.round((local - quarter) / MINUTE);
      known.set(quarter, offset);
    }
    return offset;
  };
}

/**
 * The moment at which a zone's clock shows this time; NaN where it never does, or twice, as in the hours in which clocks
 * are set forward and back: nobody can tell which of the two was meant.
 *
 * @param local - milliseconds since 1970 as if the clock showed UTC
 */
export function momentOf(local: number, offsetAt: OffsetAt): number {
  const before = local - offsetAt(local - DAY) * MINUTE;
  const after = local - offsetAt(local + DAY) * MINUTE;
  const fits = (at: number) => at + offsetAt(at) * MINUTE === local;
  if (before === after) return fits(before) ? before : NaN;
  return fits(before) === fits(after) ? NaN : fits(before) ? before : after;
}
