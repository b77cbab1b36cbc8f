/** Hours of a day, UTC. */
export const HOURS = 24;
const HOUR = 3_600_000;
const DAY = HOURS * HOUR;
const MOST_COLUMNS = 12;

/** Snapshots of one day, by hour: of each the positions in what the sheet was made of. */
interface SheetDay {
  /** its first moment, in milliseconds since 1970 */
  readonly at: number;
  readonly hours: readonly (readonly number[])[];
}

/** Snapshots laid out by day and hour, so that what is missing is seen. */
export interface ContactSheet {
  /** those that have any, oldest first */
  readonly days: readonly SheetDay[];
  /** how many snapshots each hour has, over all days */
  readonly perHour: readonly number[];
  /** snapshots of which nobody knows when they were taken */
  readonly untimed: number;
}

/** Hours that follow each other, over midnight too: from the beginning of the first to the end of the last. */
export interface HourRange {
  /** 0..23 */
  readonly from: number;
  /** 1..24 */
  readonly to: number;
}

/** @param times - of each snapshot, milliseconds since 1970; null where that is not known */
export function contactSheet(times: readonly (number | null)[]): ContactSheet {
  const days = new Map<number, number[][]>();
  const perHour = Array<number>(HOURS).fill(0);
  let untimed = 0;
  for (const [index, time] of times.entries()) {
    if (time === null) {
      untimed += 1;
      continue;
    }
    const at = Math.floor(time / DAY) * DAY;
    const hour = hourOf(time);
    const hours = days.get(at) ?? Array.from({ length: HOURS }, (): number[] => []);
    hours[hour]!.push(index);
    days.set(at, hours);
    perHour[hour]! += 1;
  }
  const sorted = [...days].sort(([a], [b]) => a - b);
  return { days: sorted.map(([at, hours]) => ({ at, hours })), perHour, untimed };
}

/** The hour of the day that a moment lies in, 0..23 UTC. */
export function hourOf(time: number): number {
  return Math.floor((((time % DAY) + DAY) % DAY) / HOUR);
}

/** Hours without a snapshot, run together; one run may reach over midnight. None where no hour has any. */
export function gapsOf(perHour: readonly number[]): readonly HourRange[] {
  const starts = [...perHour.keys()].filter(
    (hour) => perHour[hour] === 0 && perHour[(hour + HOURS - 1) % HOURS]! > 0,
  );
  return starts.map((from) => {
    let length = 1;
    while (perHour[(from + length) % HOURS] === 0) length += 1;
    const to = (from + length) % HOURS;
    return { from, to: to === 0 ? HOURS : to };
  });
}

/** Hours that have a snapshot, each a column; where there are many, two hours share one. */
export function columnsOf(perHour: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const hours = [...Array(HOURS).keys()].filter((hour) => perHour.some((counts) => counts[hour]! > 0));
  if (hours.length <= MOST_COLUMNS) return hours.map((hour) => [hour]);
  const evens = new Set(hours.map((hour) => hour - (hour % 2)));
  return [...evens].map((hour) => [hour, hour + 1]);
}
