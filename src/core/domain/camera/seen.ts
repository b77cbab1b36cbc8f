import { lastBreak, type CameraEvent } from './event';
import type { CompletedJob } from './job';
import { verdictOf } from './verdict';

/** A person has seen an alarm, and says who comes or when to be reminded. */
export type SeenEvent = CameraEvent & { readonly kind: 'seen'; readonly until: number };

/** Interval at which a standing alarm is repeated. */
export const REMINDERS = ['never', 'daily', 'weekly'] as const;
export type Reminders = (typeof REMINDERS)[number];

const DAY = 86_400_000;
const EVERY: Readonly<Record<Reminders, number>> = { never: Infinity, daily: DAY, weekly: 7 * DAY };

/**
 * The newest acknowledgement of the standing alarm; null without one. It ends with a cleaning or a clear picture.
 *
 * @param course - the jobs that the verdict is about, in capture order
 * @param now - milliseconds since 1970
 */
export function seenNow(
  events: readonly CameraEvent[],
  course: readonly CompletedJob[],
  now: number,
): SeenEvent | null {
  const latest = course.at(-1);
  if (!latest || !isAlarm(latest)) return null;
  // Searches from the newest back: an alarm is short compared to a history of years.
  let clear = course.length - 1;
  while (clear >= 0 && verdictOf(course[clear]!) !== 'normal') clear -= 1;
  const begin = Math.max(course[clear]?.capturedAt ?? -Infinity, lastBreak(events, now) ?? -Infinity);
  const said = events.filter(isSeenEvent).filter(({ at }) => at > begin && at <= now);
  return said.at(-1) ?? null;
}

/** True until the chosen day. */
export function isQuiet(seen: SeenEvent | null, now: number): boolean {
  return seen !== null && now < seen.until;
}

/** An alarm that was sent, and when, in milliseconds since 1970. */
export interface ToldAlarm {
  readonly verdict: string;
  readonly at: number;
}

/** True if an alarm is due again. After a chosen day it is due once, for every interval. */
export function isReminderDue(
  every: Reminders,
  alarm: ToldAlarm,
  seen: SeenEvent | null,
  now: number,
): boolean {
  if (isQuiet(seen, now)) return false;
  return (seen !== null && alarm.at < seen.until) || now - alarm.at >= EVERY[every];
}

function isAlarm(job: CompletedJob): boolean {
  return ['warning', 'drift'].includes(verdictOf(job));
}

/** True for a valid event of that kind. */
export function isSeenEvent(event: CameraEvent): event is SeenEvent {
  return event.kind === 'seen' && event.until !== undefined;
}
