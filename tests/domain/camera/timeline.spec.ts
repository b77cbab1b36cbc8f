import { expect, test } from '@playwright/test';
import type { Calibration } from '../../../src/core/domain/drift/judging';
import type { Reference } from '../../../src/core/domain/camera/reference';
import { flagsOf, type Past } from '../../../src/core/plot/timeline/flags';
import {
  FIRST_LENGTH,
  SHORTEST,
  viewByKey,
  latestView,
  viewWithin,
} from '../../../src/core/plot/timeline/time-view';
import { completed, HOUR, NOON } from './jobs';

const DAY = 24 * HOUR;
const whole = { from: 0, to: 100 * DAY };

test('a range ends at the newest snapshot and leaves a quarter of itself to what is foreseen', () => {
  expect(FIRST_LENGTH).toBe(30 * DAY);
  expect(latestView(7 * DAY, whole, 100 * DAY)).toEqual({ from: 93 * DAY, to: 100 * DAY });
  expect(latestView(8 * DAY, whole, 80 * DAY)).toEqual({ from: 74 * DAY, to: 82 * DAY });
  expect(latestView(null, whole, 80 * DAY)).toEqual(whole);
  expect(latestView(30 * DAY, { from: 0, to: 3 * DAY }, 3 * DAY)).toEqual({ from: 0, to: 3 * DAY });
});

test('no view is beyond the whole, longer than it or shorter than the shortest', () => {
  expect(viewWithin({ from: -5 * DAY, to: 5 * DAY }, whole)).toEqual({ from: 0, to: 10 * DAY });
  expect(viewWithin({ from: 95 * DAY, to: 105 * DAY }, whole)).toEqual({ from: 90 * DAY, to: 100 * DAY });
  expect(viewWithin({ from: -DAY, to: 300 * DAY }, whole)).toEqual(whole);
  expect(viewWithin({ from: DAY, to: DAY + 1 }, whole)).toEqual({ from: DAY, to: DAY + SHORTEST });
});

test('keys zoom about the middle, go on by a quarter and show all', () => {
  const view = { from: 40 * DAY, to: 48 * DAY };
  expect(viewByKey('+', view, whole)).toEqual({ from: 41.5 * DAY, to: 46.5 * DAY });
  expect(viewByKey('-', { from: 41.5 * DAY, to: 46.5 * DAY }, whole)).toEqual(view);
  expect(viewByKey('ArrowRight', view, whole)).toEqual({ from: 42 * DAY, to: 50 * DAY });
  expect(viewByKey('ArrowLeft', { from: 0, to: DAY }, whole)).toEqual({ from: 0, to: DAY });
  expect(viewByKey('0', view, whole)).toEqual(whole);
  expect(viewByKey('x', view, whole)).toBeNull();
});

test('flags say what happened, where others begin to judge, and when limits were accepted, each once', () => {
  const job = (hour: number, change = {}) => completed(hour, 0.01, change);
  const line = [
    job(0, { modelSha256: 'b' }),
    job(1),
    job(2, { referenceId: 'second' }),
    job(3, {
      referenceId: 'second',
      detector: { name: 'mmd', windowSize: 8, sigma: 0.3 },
      calibrationId: 'c3',
    }),
    job(9, {
      referenceId: 'second',
      detector: { name: 'mmd', windowSize: 8, sigma: 0.3 },
      calibrationId: 'c3',
    }),
  ];
  const at = (hour: number) => NOON + hour * HOUR;
  const past: Past = {
    events: [{ id: 'e', cameraId: 'camera', kind: 'cleaned', at: at(2.5), note: 'by hand' }],
    references: [
      { id: 'reference', version: 1, createdAt: at(0.5) },
      { id: 'second', version: 2, createdAt: at(1.5) },
    ] as unknown as Reference[],
    calibrations: [
      { id: 'c1', version: 1, createdAt: at(-5) },
      { id: 'c2', version: 2, createdAt: at(5) },
      { id: 'c3', version: 3, createdAt: at(2.9) },
    ] as unknown as Calibration[],
    models: [
      { sha256: 'b', name: 'old' },
      { sha256: 'a'.repeat(64), name: 'reef-2' },
    ],
    began: at(2.2),
  };
  expect(flagsOf(line, past)).toEqual([
    { kind: 'model', at: at(1), name: 'reef-2' },
    { kind: 'reference', at: at(2), name: '2' },
    { kind: 'began', at: at(2.2) },
    { kind: 'cleaned', at: at(2.5), note: 'by hand' },
    { kind: 'limits', at: at(3), version: 3 },
    { kind: 'limits', at: at(5), version: 2 },
  ]);
  expect(flagsOf([], past)).toEqual([]);
});

test('a cycle whose reference was made twice is flagged once, by its day', () => {
  const beganAt = NOON - HOUR;
  const line = ['given', '24', '40', 'next'].map((referenceId, i) => completed(i, 0.01, { referenceId }));
  const references = [
    { id: 'given', version: 2 },
    { id: '24', version: 2, beganAt, createdAt: NOON + HOUR / 2 },
    { id: '40', version: 2, beganAt, createdAt: NOON + HOUR },
    { id: 'next', version: 3 },
  ] as unknown as Reference[];
  const flags = flagsOf(line, { events: [], references, calibrations: [], models: [], began: null });
  expect(flags).toEqual([
    { kind: 'reference', at: NOON + HOUR, name: '30 July 2023' },
    { kind: 'reference', at: NOON + 3 * HOUR, name: '3' },
  ]);
});
