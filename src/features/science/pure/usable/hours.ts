import type { TimeInterval } from './effort';
import { USABILITIES, type Span, type Usability } from '../../../../core/domain/usable/span';

/** Units that hours are counted by, in UTC; a week begins on Monday. */
export const UNITS = ['day', 'week', 'month'] as const;
export type Unit = (typeof UNITS)[number];

/** The time of one day, week or month, in milliseconds. */
export interface Hours extends TimeInterval {
  /** per use, the time that snapshots stand for; for silence its whole length */
  readonly of: Readonly<Record<Usability, number>>;
  readonly effort: number;
}

const DAY = 86_400_000;
/** 1970 began on a Thursday. */
const MONDAY = 4 * DAY;

export function beginOf(unit: Unit, at: number): number {
  if (unit === 'day') return Math.floor(at / DAY) * DAY;
  if (unit === 'week') return Math.floor((at - MONDAY) / (7 * DAY)) * 7 * DAY + MONDAY;
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

export function endOf(unit: Unit, begin: number): number {
  if (unit === 'day') return begin + DAY;
  if (unit === 'week') return begin + 7 * DAY;
  const date = new Date(begin);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/**
 * @param spans - in order, without overlap
 * @param efforts - the times that snapshots stand for, in order, without overlap
 * @returns each day, week or month that has any, in order
 */
export function hoursOf(spans: readonly Span[], efforts: readonly TimeInterval[], unit: Unit): Hours[] {
  const rows = new Map<number, Record<Usability, number>>();
  const add = (usability: Usability, from: number, to: number) => {
    for (let begin = beginOf(unit, from); begin < to; begin = endOf(unit, begin)) {
      const row = rows.get(begin) ?? none();
      row[usability] += Math.min(to, endOf(unit, begin)) - Math.max(from, begin);
      rows.set(begin, row);
    }
  };
  let effort = 0;
  for (const { usability, begin, end } of spans) {
    if (usability === 'silent') add(usability, begin, end);
    while (effort < efforts.length && efforts[effort]!.end <= begin) effort += 1;
    for (let i = effort; usability !== 'silent' && i < efforts.length && efforts[i]!.begin < end; i += 1) {
      const [from, to] = [Math.max(begin, efforts[i]!.begin), Math.min(end, efforts[i]!.end)];
      if (to > from) add(usability, from, to);
    }
  }
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([begin, of]) => {
      const effort = USABILITIES.reduce(
        (sum, usability) => sum + (usability === 'silent' ? 0 : of[usability]),
        0,
      );
      return { begin, end: endOf(unit, begin), of, effort };
    });
}

function none(): Record<Usability, number> {
  return { usable: 0, suspect: 0, fouled: 0, murky: 0, moved: 0, dark: 0, silent: 0, unknown: 0 };
}
