import { expect, test } from '@playwright/test';
import type { CameraEvent } from '../../../src/core/domain/camera/event';
import { outlookOf } from '../../../src/core/domain/camera/outlook';
import { isReminderDue, seenNow, type SeenEvent } from '../../../src/core/domain/camera/seen';
import { wholeEvent } from '../../storage/whole-rows';
import { completed, HOUR, NOON } from './jobs';

const [CLEAR, WATCH, FOULED] = [0.01, 0.07, 0.3];
const DAY = 24 * HOUR;
/** A picture an hour, the last of them at noon. */
const untilNoon = (...distances: number[]) =>
  distances.map((distance, i) => completed(i + 1 - distances.length, distance));
const seen = (hour: number, until = NOON + 7 * DAY) =>
  wholeEvent('seen', { kind: 'seen', at: NOON + hour * HOUR, until, who: 'Dive team' }) as SeenEvent;
const cleaned = (hour: number) => wholeEvent('cleaned', { at: NOON + hour * HOUR });

test('an alarm stays seen while it stands, and until a cleaning or a clear picture ends it', () => {
  const alarm = untilNoon(CLEAR, WATCH, FOULED, FOULED);
  const now = NOON + 2 * HOUR;
  for (const [jobs, events, isSeen] of [
    [alarm, [seen(1)], true],
    // It was a warning when it was said.
    [alarm, [seen(-1.5)], true],
    [alarm, [wholeEvent('note', { kind: 'note', at: NOON }), seen(1)], true],
    [alarm, [], false],
    [alarm, [seen(3)], false],
    // An earlier alarm was seen, and the lens was clear since.
    [alarm, [seen(-4)], false],
    [untilNoon(FOULED, CLEAR, FOULED), [seen(-1.5)], false],
    [untilNoon(FOULED, CLEAR), [seen(-0.5)], false],
    [alarm, [seen(1), cleaned(1.5)], false],
    [alarm, [cleaned(-3.5), seen(1)], true],
    [[], [seen(1)], false],
  ] as const satisfies readonly (readonly [typeof alarm, readonly CameraEvent[], boolean])[]) {
    expect(seenNow(events, jobs, now) !== null, JSON.stringify(events)).toBe(isSeen);
  }
});

test('of two words on an alarm the newer one holds', () => {
  const earlier = { ...seen(0.5), id: 'earlier' };
  expect(seenNow([earlier, seen(1)], untilNoon(FOULED), NOON + 2 * HOUR)?.id).toBe('seen');
});

test('reminders rest until the day that was named, come on it, and then as often as chosen', () => {
  const until = NOON + 7 * DAY;
  const told = (days: number) => ({ verdict: 'drift', at: NOON + days * DAY });
  const word = seen(0, until);
  const due = (every: 'never' | 'daily' | 'weekly', toldOn: number, on: number, said: SeenEvent | null) =>
    isReminderDue(every, told(toldOn), said, NOON + on * DAY);
  expect([0.9, 1, 400].map((day) => due('daily', 0, day, null))).toEqual([false, true, true]);
  expect([6.9, 7].map((day) => due('weekly', 0, day, null))).toEqual([false, true]);
  expect(due('never', 0, 400, null)).toBe(false);
  expect([1, 6.99, 7].map((day) => due('daily', 0, day, word))).toEqual([false, false, true]);
  // Who is never told again asked to be, on that day.
  expect([6.99, 7].map((day) => due('never', 0, day, word))).toEqual([false, true]);
  expect([7.5, 400].map((day) => due('never', 7, day, word))).toEqual([false, false]);
  expect([7.5, 8].map((day) => due('daily', 7, day, word))).toEqual([false, true]);
});

test('a trend does not begin anew where somebody has seen the alarm', () => {
  const jobs = untilNoon(...Array.from({ length: 40 }, (_, i) => 0.02 + i * 0.001));
  const now = NOON + HOUR;
  expect(outlookOf(jobs, [seen(-20)], now)).toEqual(outlookOf(jobs, [], now));
});
