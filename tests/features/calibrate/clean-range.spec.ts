import { expect, test } from '@playwright/test';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { daysWithin, hasAlarm, suggestedRange } from '../../../src/features/calibrate/pure/clean-range';
import { windowHistogram } from '../../../src/features/calibrate/pure/window-histogram';
import { completed, NOON } from '../../domain/camera/jobs';

const DAY = 86_400_000;
const WINDOW = 12;
/** Ten snapshots a day from 30 July 2023 on; those on these days have such a distance. */
const days = (count: number, changes: Readonly<Record<number, Partial<CompletedJob>>> = {}) =>
  Array.from({ length: count }, (_, day) =>
    Array.from({ length: 10 }, (_, i) =>
      completed(i, 0, { capturedAt: NOON + day * DAY + i, ...(i === 0 && changes[day]) }),
    ),
  );

test('clean days end before the first alarm, unless these are too few', () => {
  expect(suggestedRange(days(8), WINDOW)).toEqual({ from: '2023-07-30', to: '2023-08-06' });
  expect(suggestedRange(days(8, { 6: { distance: 0.06 } }), WINDOW).to).toBe('2023-08-04');
  // 47 snapshots could be three windows; 40 are not.
  expect(suggestedRange(days(8, { 4: { distance: 0.06 } }), WINDOW).to).toBe('2023-08-06');
});

test('an alarm on a picture that a person called clean is none', () => {
  const called = days(8, { 6: { distance: 0.2, byEye: 'clean' } });
  expect(called.filter(hasAlarm)).toEqual([]);
  expect(suggestedRange(called, WINDOW).to).toBe('2023-08-06');
});

test('a range holds its first and last day', () => {
  const [first, second, third] = days(4);
  expect(daysWithin([first!, second!, third!], { from: '2023-07-31', to: '2023-08-01' })).toEqual([
    second,
    third,
  ]);
});

test('a histogram holds every window and reaches beyond the drift limit', () => {
  const { from, to, counts } = windowHistogram([-0.01, 0, 0.03, 0.2], { warning: 0.05, drift: 0.1 });
  expect(counts.reduce((sum, count) => sum + count)).toBe(4);
  expect([from, counts[0], to > 0.2]).toEqual([-0.01, 1, true]);
  expect(windowHistogram([0.01], { warning: 0.05, drift: 0.1 }).to).toBeGreaterThan(0.1);
});
