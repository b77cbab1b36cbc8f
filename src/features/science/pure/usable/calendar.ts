import type { TimeInterval } from './effort';
import { beginOf, endOf } from './hours';
import type { Span, Usability } from '../../../../core/domain/usable/span';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface Cell {
  /** hours since the day began, 0 … 24 */
  readonly from: number;
  readonly to: number;
  readonly usability: Usability;
  /** true if snapshots stand for them */
  readonly isSeen: boolean;
}

export interface Month {
  /** its first moment, in UTC */
  readonly begin: number;
  /** of each of its days from the first to the last; none where nothing is known */
  readonly days: readonly (readonly Cell[])[];
}

/** The first moments of the months that spans reach over, oldest first. */
export function monthsOf(spans: readonly Span[]): number[] {
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return [];
  const months: number[] = [];
  for (let begin = beginOf('month', first.begin); begin < last.end; begin = endOf('month', begin)) {
    months.push(begin);
  }
  return months;
}

/** Months, given by their first moments in order, as a calendar: each hour has the use that most of it had. */
export function usableCalendar(
  months: readonly number[],
  spans: readonly Span[],
  efforts: readonly TimeInterval[],
): Month[] {
  const [from, last] = [months[0], months.at(-1)];
  if (from === undefined || last === undefined) return [];
  const to = endOf('month', last);
  const most = new Map<number, { usability: Usability; length: number }>();
  inHours(spans, from, to, (hour, length, { usability }) => {
    if (length > (most.get(hour)?.length ?? 0)) most.set(hour, { usability, length });
  });
  const seen = new Set<number>();
  inHours(efforts, from, to, (hour) => seen.add(hour));
  return months.map((begin) => {
    const days: Cell[][] = [];
    for (let day = begin; day < endOf('month', begin); day += DAY) days.push(cellsOf(day, most, seen));
    return { begin, days };
  });
}

function cellsOf(
  day: number,
  most: ReadonlyMap<number, { readonly usability: Usability }>,
  seen: ReadonlySet<number>,
): Cell[] {
  const cells: Cell[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    const place = day / HOUR + hour;
    const usability = most.get(place)?.usability;
    if (!usability) continue;
    const isSeen = seen.has(place) && usability !== 'silent';
    const last = cells.at(-1);
    if (last?.to === hour && last.usability === usability && last.isSeen === isSeen) {
      cells[cells.length - 1] = { ...last, to: hour + 1 };
    } else cells.push({ from: hour, to: hour + 1, usability, isSeen });
  }
  return cells;
}

/** Goes through the hours of stretches between two instants: the hour since 1970, and how long the stretch lasts in it. */
function inHours<S extends TimeInterval>(
  stretches: readonly S[],
  from: number,
  to: number,
  visit: (hour: number, length: number, stretch: S) => void,
): void {
  for (const stretch of stretches) {
    const [begin, end] = [Math.max(from, stretch.begin), Math.min(to, stretch.end)];
    for (let hour = Math.floor(begin / HOUR); hour * HOUR < end; hour += 1) {
      const length = Math.min(end, (hour + 1) * HOUR) - Math.max(begin, hour * HOUR);
      if (length > 0) visit(hour, length, stretch);
    }
  }
}
