import { expect, test } from '@playwright/test';
import type { CalibrationResult } from '../../../src/core/domain/drift/calibration';
import { lowestDirty, missingHours, limitsStand } from '../../../src/features/calibrate/pure/limits-stand';
import { rootAxis } from '../../../src/features/calibrate/pure/root-axis';
import { swarm } from '../../../src/features/calibrate/pure/swarm';

const WINDOW = 4;

/** A calibration that nothing speaks against. */
function calibrated(changes: Partial<CalibrationResult> = {}): CalibrationResult {
  return {
    windows: { at: [0, 1], distances: [0.01, 0.02] },
    proposal: {
      thresholds: { warning: 0.05, drift: 0.1 },
      effectiveWindows: 9,
      highest: 0.02,
      measured: { warning: 0.05, drift: 0.1 },
      refusal: null,
    },
    heldOut: { events: 0, daysInAlarm: 0, days: 8 },
    independent: null,
    coverage: { snapshots: 90, days: 12, byHour: new Array<number>(24).fill(4), brightness: null, gaps: [] },
    dirty: { distances: [0.01, 0.3, 0.5, 0.6], delay: 2, warningDelay: 2, recovery: null },
    ...changes,
  };
}

test('limits are good where nothing speaks against them, with dirty snapshots or without', () => {
  expect(limitsStand(calibrated(), WINDOW)).toBe('good');
  expect(limitsStand(calibrated({ dirty: null }), WINDOW)).toBe('good');
});

test('what speaks against limits is told, the gravest first', () => {
  const { proposal, coverage, dirty } = calibrated();
  const narrow = { coverage: { ...coverage, gaps: ['few-days' as const] } };
  const confirmed = { ...narrow, proposal: { ...proposal, measured: null } };
  const alarms = { ...confirmed, heldOut: { events: 1, daysInAlarm: 1, days: 8 } };
  const missed = { ...alarms, dirty: { ...dirty!, delay: null } };
  const overlap = { ...missed, dirty: { ...dirty!, delay: null, distances: [0.01, 0.3, 0.02, 0.6] } };
  const refused = { ...overlap, proposal: { ...proposal, refusal: 'blind-sigma' as const } };
  const stands = [narrow, confirmed, alarms, missed, overlap, refused].map((changes) =>
    limitsStand(calibrated(changes), WINDOW),
  );
  expect(stands).toEqual(['narrow', 'confirmed', 'false-alarms', 'missed', 'overlap', 'refused']);
});

test('a window that is still mostly clean says nothing of dirt', () => {
  // Of a window of 4, the first dirty snapshot makes a quarter.
  expect(lowestDirty([-0.01, 0.3, 0.2, 0.6], WINDOW)).toBe(0.2);
  expect(lowestDirty([Number.NaN, Number.NaN, Number.NaN, 0.6], WINDOW)).toBe(0.6);
  expect(lowestDirty([0.1, 0.2], 12), 'too few for a mostly dirty one: the newest').toBe(0.2);
  expect(lowestDirty([Number.NaN], 12)).toBeNull();
  expect(lowestDirty([], 12)).toBeNull();
});

test('hours without a snapshot are told from the first to where they begin again, over midnight too', () => {
  const hours = (missing: readonly number[]) =>
    Array.from({ length: 24 }, (_, hour) => (missing.includes(hour) ? 0 : 3));
  expect(missingHours(hours([22, 23, 0, 1, 2, 3, 4]))).toEqual({ from: 22, to: 5 });
  expect(missingHours(hours([5, 6, 10, 11, 12, 13]))).toEqual({ from: 10, to: 14 });
  expect(missingHours(hours([1, 2, 3])), 'three hours are no night').toBeNull();
  expect(missingHours(new Array<number>(24).fill(0)), 'nothing was given').toBeNull();
});

test('a square-root axis gives the limit its place between 0 and dirt, and room for negative distances', () => {
  // Roots 0 and 2 with 3 % of room at both ends: (1 + 0.06) / 2.12.
  const { at, ticks } = rootAxis([0, 0.25, 4]);
  expect(at(1)).toBeCloseTo(0.5, 12);
  expect(at(4)).toBeCloseTo(2.06 / 2.12, 12);
  expect(at(-0.0036)).toBeCloseTo(0, 12);
  expect(ticks.map(({ times }) => times)).toEqual([0, 0.1, 0.5, 1, 2, 4]);
  expect(rootAxis([]).at(1), 'a limit is never at the end').toBeLessThan(0.85);
  expect(rootAxis([1e6]).ticks.length).toBeGreaterThan(2);
});

test('points of one place are spread evenly about the line, and no higher than there is room', () => {
  expect(swarm([0.1, 0.9, 0.1, 0.1], 10, 4)).toEqual([-0.25, 0, 0, 0.25]);
  const many = swarm(new Array<number>(50).fill(0.5), 10, 4);
  expect(Math.max(...many)).toBeLessThan(0.5);
  expect(Math.min(...many)).toBeGreaterThan(-0.5);
  expect(new Set(many).size).toBe(50);
});
