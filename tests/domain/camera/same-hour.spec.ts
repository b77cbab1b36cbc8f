import { expect, test } from '@playwright/test';
import { sameHour } from '../../../src/core/domain/camera/time/same-hour';

const at = (text: string) => Date.parse(`${text}Z`);
const REFERENCE = ['2026-05-01T06:15', '2026-05-01T12:15', '2026-05-02T12:40', '2026-05-08T23:50'].map(at);

test('the clean picture of the nearest hour is taken, not the one of the nearest day', () => {
  expect(sameHour(REFERENCE, at('2026-05-09T12:05'), null)).toEqual({ index: 1, isBeforeMove: false });
  expect(sameHour(REFERENCE, at('2026-05-09T12:45'), null)?.index).toBe(2);
});

test('hours are near to each other across midnight', () => {
  expect(sameHour(REFERENCE, at('2026-05-20T00:30'), null)?.index).toBe(3);
});

test('of two of the same hour the one taken nearer to the snapshot is taken', () => {
  const twice = ['2026-05-01T12:00', '2026-05-06T12:00', '2026-05-03T12:00'].map(at);
  expect(sameHour(twice, at('2026-05-20T12:00'), null)?.index).toBe(1);
});

test('after a move only pictures of the new view are taken, and where there are none that is told', () => {
  const snapshot = at('2026-05-09T12:15');
  expect(sameHour(REFERENCE, snapshot, at('2026-05-02T00:00'))).toEqual({ index: 2, isBeforeMove: false });
  expect(sameHour(REFERENCE, snapshot, at('2026-05-09T00:00'))).toEqual({ index: 1, isBeforeMove: true });
});

test('pictures whose time is not known are left out', () => {
  expect(sameHour([null, REFERENCE[0]!], at('2026-05-09T12:15'), null)?.index).toBe(1);
  expect(sameHour([null, null], at('2026-05-09T12:15'), null)).toBeNull();
});
