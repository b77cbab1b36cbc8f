import { expect, test } from '@playwright/test';
import { replayedDays } from '../../../src/features/calibrate/pure/replayed-days';
import { completed, NOON } from '../../domain/camera/jobs';

const DAY = 86_400_000;
const statuses = (days: readonly (readonly ('normal' | 'warning' | 'drift')[])[]) =>
  days.flatMap((day, i) =>
    day.map((driftStatus, j) => completed(10 * i + j, 0, { driftStatus, capturedAt: NOON + i * DAY + j })),
  );

test('a day is listed if an alarm stood on it or a verdict would differ, with the worst of it before and after', () => {
  const stood = statuses([['normal', 'normal'], ['normal', 'drift', 'drift'], ['warning'], ['drift']]);
  const would = statuses([['normal', 'normal'], ['normal', 'normal', 'warning'], ['normal'], ['drift']]);
  const days = replayedDays(stood, would);
  expect(days.map(({ total, stood, would }) => ({ total, stood, would }))).toEqual([
    { total: 3, stood: { verdict: 'drift', count: 2 }, would: { verdict: 'warning', count: 1 } },
    { total: 1, stood: { verdict: 'warning', count: 1 }, would: { verdict: 'normal', count: 1 } },
    { total: 1, stood: { verdict: 'drift', count: 1 }, would: { verdict: 'drift', count: 1 } },
  ]);
  expect(days.map(({ shown }) => shown)).toEqual([stood[3], stood[5], stood[6]]);
  expect(days[0]?.at).toBe(NOON + DAY);
});
