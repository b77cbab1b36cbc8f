import { lastBreak, type CameraEvent } from './event';
import type { CompletedJob } from './job';
import { verdictOf } from './verdict';

/** A person has seen an alarm, and says who comes or when to be reminded. */
export type SeenEvent = CameraEvent & { readonly kind: 'seen'; readonly until: number };

/** How often an alarm is told again while it stands. */
export const REMINDERS = ['never', 'daily', 'weekly'] as const;
export type Reminders = (typeof REMINDERS)[number];

const DAY = 86_400_000;
const EVERY: Readonly<Record<Reminders, number>> = { never: Infinity, daily: DAY, weekly: 7 * DAY };

/**
 * The newest word on the alarm that stands; null without one. A cleaning ends it, and so does a picture that was clear
 * since.
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
  // From the newest back: an alarm is short beside a history of years.
  let clear = course.length - 1;
  while (clear >= 0 && verdictOf(course[clear]!) !== 'normal') clear -= 1;
  const begin = Math.max(course[clear]?.capturedAt ?? -Infinity, lastBreak(events, now) ?? -Infinity);
  const said = events.filter(isSeenEvent).filter(({ at }) => at > begin && at <= now);
  return said.at(-1) ?? null;
}

/** True until the day that was named. */
export function isQuiet(seen: SeenEvent | null, now: number): boolean {
  return seen !== null && now < seen.until;
}

/** An alarm that was told, and when, in milliseconds since 1970. */
export interface ToldAlarm {
  readonly verdict: string;
  readonly at: number;
}

/** True if an alarm is to be told again. After a named day it is, once, however seldom that was chosen. */
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

/** True for an event of that kind which can be used. */
export function isSeenEvent(event: CameraEvent): event is SeenEvent {
  return event.kind === 'seen' && event.until !== undefined;
}
