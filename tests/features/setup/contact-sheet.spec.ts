import { expect, test } from '@playwright/test';
import { contactSheet, gapsOf, hourOf } from '../../../src/features/setup/pure/contact-sheet';

const at = (text: string) => Date.parse(`${text}Z`);
const withHours = (...hours: number[]) =>
  Array.from({ length: 24 }, (_, hour) => hours.filter((other) => other === hour).length);

test('snapshots lie in the row of their day and the column of their hour, UTC, days without any left out', () => {
  const times = [
    at('2026-05-03T23:59:59'),
    at('2026-05-01T06:10:00'),
    at('2026-05-01T06:50:00'),
    null,
    at('2026-05-01T00:00:00'),
  ];
  const { days, perHour, untimed } = contactSheet(times);
  expect(days.map((day) => new Date(day.at).toISOString())).toEqual([
    '2026-05-01T00:00:00.000Z',
    '2026-05-03T00:00:00.000Z',
  ]);
  expect(days[0]?.hours[6]).toEqual([1, 2]);
  expect(days[0]?.hours[0]).toEqual([4]);
  expect(days[1]?.hours[23]).toEqual([0]);
  expect(perHour).toEqual(withHours(0, 6, 6, 23));
  expect(untimed).toBe(1);
});

test('an hour before 1970 is one of its own day', () => {
  expect(hourOf(-1)).toBe(23);
  expect(contactSheet([-1]).days[0]?.at).toBe(-86_400_000);
});

test('hours without a snapshot run together over midnight, and single ones stand alone', () => {
  const day = Array.from({ length: 17 }, (_, i) => 5 + i);
  expect(gapsOf(withHours(...day))).toEqual([{ from: 22, to: 5 }]);
  expect(gapsOf(withHours(...day.filter((hour) => hour !== 13)))).toEqual([
    { from: 13, to: 14 },
    { from: 22, to: 5 },
  ]);
});

test('a gap that ends with the day ends at 24 h, and where every hour or none has a snapshot there is no gap', () => {
  expect(gapsOf(withHours(...Array.from({ length: 20 }, (_, hour) => hour)))).toEqual([{ from: 20, to: 24 }]);
  expect(gapsOf(withHours(...Array.from({ length: 24 }, (_, hour) => hour)))).toEqual([]);
  expect(gapsOf(withHours())).toEqual([]);
});
