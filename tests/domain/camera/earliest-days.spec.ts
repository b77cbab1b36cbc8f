import { expect, test } from '@playwright/test';
import { earliestDays } from '../../../src/core/domain/camera/earliest-days';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** One snapshot for each of these hours, on so many days. */
const days = (count: number, hours: readonly number[], first = 0) =>
  Array.from({ length: count }, (_, day) => hours.map((hour) => (first + day) * DAY + hour * HOUR)).flat();

test('the earliest whole days that reach forty are the reference, however many come after them', () => {
  const hours = [8, 9, 10, 11, 12, 13, 14];
  for (const count of [6, 9, 60]) expect(earliestDays(days(count, hours))).toHaveLength(42);
  expect(earliestDays(days(3, hours))).toHaveLength(21);
});

test('a day is one of the camera’s clock: the evening before it is not torn off', () => {
  const evenings = days(9, [20, 21, 22, 23, 24.5]);
  expect(earliestDays(evenings).every((place, i) => place === i)).toBe(true);
  // 24.5 is half past midnight, of the next day.
  expect(earliestDays(evenings)).toHaveLength(44);
});

test('after forty a day joins only for hours of use that none before it shows, and not for a rare one', () => {
  const mornings = days(6, [7, 7.5, 8, 8.5, 9, 9.5, 10]);
  const both = days(10, [8, 9, 14, 15], 6);
  const chosen = earliestDays([...mornings, ...both]);
  expect(chosen).toEqual([...Array(46).keys()]);
  expect(earliestDays([...mornings, ...days(20, [8, 9], 6), 30 * DAY + 22 * HOUR])).toHaveLength(42);
});

test('without times the first forty are taken, after those whose time is known', () => {
  expect(earliestDays(Array<null>(90).fill(null))).toEqual([...Array(40).keys()]);
  expect(earliestDays([null, ...days(6, [8, 9, 10, 11, 12, 13, 14])])).not.toContain(0);
});
