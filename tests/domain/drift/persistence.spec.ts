import { expect, test } from '@playwright/test';
import {
  Alarm,
  alarmRuns,
  isSettledBy,
  NO_PERSISTENCE,
  type Persistence,
} from '../../../src/core/domain/drift/persistence';
import { classify } from '../../../src/core/domain/drift/thresholds';

const LIMITS = { warning: 1, drift: 2 };

function statuses(distances: readonly (number | null)[], persistence: Persistence, limits = LIMITS) {
  const alarm = new Alarm(limits, persistence);
  return distances.map((distance) => alarm.update(distance));
}

test('without persistence every window gets what the limits say of it alone', () => {
  const distances = [null, 0, 1, 1.01, 2, 2.01, 3, 2, 1.5, 1, -0.1, 5, 0];
  expect(statuses(distances, NO_PERSISTENCE)).toEqual(
    distances.map((distance) => classify(distance, LIMITS)),
  );
  const below = { warning: -0.1, drift: 0.1 };
  const small = [-0.2, -0.1, -0.05, 0.2, -0.15];
  expect(statuses(small, NO_PERSISTENCE, below)).toEqual(small.map((distance) => classify(distance, below)));
});

test('an alarm is raised by the third window in a row, and a quiet one in between starts the count anew', () => {
  const persistence = { raiseAfter: 3, clearAfter: 1, clearBelow: 1 };
  expect(statuses([3, 3, 0, 3, 3, 3], persistence)).toEqual([
    'normal',
    'normal',
    'normal',
    'normal',
    'normal',
    'drift',
  ]);
});

test('an alarm is cleared by windows below the lower line, not by ones between the line and the limit', () => {
  const persistence = { raiseAfter: 1, clearAfter: 2, clearBelow: 0.5 };
  expect(statuses([3, 1.5, 1.5, 1.5, 0.9, 0.9], persistence)).toEqual([
    'drift',
    'drift',
    'drift',
    'drift',
    'drift',
    'warning',
  ]);
  expect(statuses([3, 0.5, 0.5], persistence)).toEqual(['drift', 'drift', 'normal']);
});

test('the lower line of a limit below zero lies below it', () => {
  const persistence = { raiseAfter: 1, clearAfter: 1, clearBelow: 0.5 };
  expect(statuses([0, -0.12, -0.16], persistence, { warning: -0.1, drift: 1 })).toEqual([
    'warning',
    'warning',
    'normal',
  ]);
});

test('a window that fills anew forgets the alarm', () => {
  const persistence = { raiseAfter: 2, clearAfter: 5, clearBelow: 1 };
  expect(statuses([3, 3, null, 3, 3], persistence)).toEqual([
    'normal',
    'drift',
    'warming-up',
    'normal',
    'drift',
  ]);
});

test('drift in a row is one run, over files that could not be checked too', () => {
  const runs = alarmRuns(['drift', 'not-checked', 'drift', 'warning', 'drift', 'normal']);
  expect(runs).toEqual([
    { first: 0, last: 2 },
    { first: 4, last: 4 },
  ]);
});

test('an alarm that stands from before is held until these settings clear it', () => {
  const alarm = new Alarm(LIMITS, { raiseAfter: 3, clearAfter: 2, clearBelow: 1 });
  alarm.stand('drift');
  expect([3, 0, 0].map((distance) => alarm.update(distance))).toEqual(['drift', 'drift', 'normal']);
  alarm.stand('warning');
  expect(alarm.update(1.5)).toBe('warning');
});

test('distances that settle an alarm do so whatever was before them, and every distance settles one without persistence', () => {
  let seed = 11;
  const below = (n: number) => {
    seed = (seed * 16807) % 2147483647;
    return seed % n;
  };
  const stream = (length: number) =>
    Array.from({ length }, () => (below(40) === 0 ? null : [0.2, 0.7, 1.5, 1.7, 2.5][below(5)]!));
  const persistence = { raiseAfter: 3, clearAfter: 2, clearBelow: 0.8 };
  let settled = 0;
  for (let i = 0; i < 200; i += 1) {
    const distances = stream(1 + below(30));
    if (!isSettledBy(distances, LIMITS, persistence)) continue;
    settled += 1;
    const alarms = Array.from({ length: 20 }, () => {
      const alarm = new Alarm(LIMITS, persistence);
      for (const distance of [...stream(8), ...distances]) alarm.update(distance);
      return alarm;
    });
    expect(alarms.every((alarm) => alarm.standsLike(alarms[0]!))).toBe(true);
  }
  expect(settled).toBeGreaterThan(50);
  expect(isSettledBy([0.9, 0.9, 1.9, 1.9], LIMITS, persistence)).toBe(false);
  expect(isSettledBy([1.7], LIMITS, NO_PERSISTENCE)).toBe(true);
  expect(isSettledBy([], LIMITS, NO_PERSISTENCE)).toBe(false);
});
