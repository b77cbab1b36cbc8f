import type { CompletedJob } from '../../../core/domain/camera/job';
import { verdictOf } from '../../../core/domain/camera/verdict';
import { mayBound } from '../../../core/domain/drift/calibration';
import { isoDay } from '../../../core/domain/instant';

type Day = readonly CompletedJob[];

/** UTC days as `YYYY-MM-DD`, the last one included. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/**
 * The clean days until the first with an alarm of the learned distance; all of them if these are too few: with limits that
 * nobody measured, every day may have one.
 *
 * @param days - one or more, in capture order
 */
export function suggestedRange(days: readonly Day[], windowSize: number): DayRange {
  const first = days.findIndex(hasAlarm);
  const calm = first < 0 ? days : days.slice(0, first);
  const isEnough = mayBound(calm.flat().length, windowSize);
  return { from: dayName(days[0]!), to: dayName((isEnough ? calm : days).at(-1)!) };
}

export function daysWithin(days: readonly Day[], { from, to }: DayRange): readonly Day[] {
  return days.filter((day) => dayName(day) >= from && dayName(day) <= to);
}

export function hasAlarm(day: Day): boolean {
  return day.some((job) => job.byEye !== 'clean' && ['warning', 'drift'].includes(verdictOf(job)));
}

function dayName([first]: Day): string {
  return isoDay(first!.capturedAt);
}
