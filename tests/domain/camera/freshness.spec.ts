import { expect, test } from '@playwright/test';
import { freshnessOf } from '../../../src/core/domain/camera/time/freshness';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 4, 1);

/** Capture times over so many days, at these hours of each. */
function daily(days: number, hours: readonly number[]): number[] {
  return Array.from({ length: days }, (_, day) =>
    hours.map((hour) => START + day * DAY + hour * HOUR),
  ).flat();
}

const EVERY_2_HOURS = Array.from({ length: 12 }, (_, i) => 2 * i);

test('a camera that takes a snapshot every two hours is silent after three that are missing', () => {
  const freshness = freshnessOf(daily(10, EVERY_2_HOURS))!;
  expect(freshness.usualStep).toBe(2 * HOUR);
  expect(freshness.silentFrom - freshness.newestAt).toBeGreaterThanOrEqual(5 * HOUR);
  expect(freshness.silentFrom - freshness.newestAt).toBeLessThanOrEqual(6.5 * HOUR);
});

test('a camera that rests at night is not silent at dawn, and is soon in the morning', () => {
  const hours = Array.from({ length: 21 }, (_, i) => 7 + i / 2);
  const { newestAt, silentFrom } = freshnessOf(daily(14, hours))!;
  expect(newestAt).toBe(START + 13 * DAY + 17 * HOUR);
  expect(silentFrom).toBeGreaterThan(START + 14 * DAY + 7 * HOUR);
  expect(silentFrom).toBeLessThan(START + 14 * DAY + 9 * HOUR);
});

test('a camera that died in the afternoon is told on the same day', () => {
  const hours = Array.from({ length: 21 }, (_, i) => 7 + i / 2);
  const times = daily(14, hours).filter((at) => at <= START + 13 * DAY + 12 * HOUR);
  expect(freshnessOf(times)!.silentFrom).toBeLessThanOrEqual(START + 13 * DAY + 14 * HOUR);
});

test('days without any snapshot make a camera no slower', () => {
  const times = daily(14, EVERY_2_HOURS).filter((at) => at < START + 4 * DAY || at >= START + 9 * DAY);
  const { newestAt, silentFrom } = freshnessOf(times)!;
  expect(silentFrom - newestAt).toBeLessThanOrEqual(6.5 * HOUR);
});

test('one snapshot a day is silent on the third day, and a burst a day on the next', () => {
  const once = freshnessOf(daily(10, [12]))!;
  expect(once.silentFrom - once.newestAt).toBeGreaterThan(2 * DAY);
  expect(once.silentFrom - once.newestAt).toBeLessThanOrEqual(3 * DAY + HOUR);
  const burst = freshnessOf(daily(10, [12, 12.01, 12.02, 12.03, 12.04, 12.05]))!;
  expect(burst.silentFrom - burst.newestAt).toBeGreaterThan(12 * HOUR);
});

test('what was taken in less than two days is waited for a day: who rests at night is not silent at dusk', () => {
  expect(freshnessOf(daily(1, [1, 2, 3, 4, 5, 6, 7]))).toEqual({
    newestAt: START + 7 * HOUR,
    usualStep: HOUR,
    silentFrom: START + 31 * HOUR,
  });
});

test('a camera that has become slower is given three of its present steps', () => {
  const fast = Array.from({ length: 24 * 6 }, (_, i) => i / 6);
  const times = [
    ...daily(12, fast),
    ...EVERY_2_HOURS.slice(0, 8).map((hour) => START + 12 * DAY + hour * HOUR),
  ];
  const { newestAt, silentFrom } = freshnessOf(times)!;
  expect(silentFrom - newestAt).toBe(6 * HOUR);
});

test('a snapshot that two models have judged counts once', () => {
  const times = daily(10, EVERY_2_HOURS);
  expect(freshnessOf(times.flatMap((at) => [at, at]))).toEqual(freshnessOf(times));
});

test('too few snapshots tell no habit: a week is waited', () => {
  expect(freshnessOf([])).toBeNull();
  expect(freshnessOf([START])).toEqual({ newestAt: START, usualStep: null, silentFrom: START + 7 * DAY });
  const same = freshnessOf(Array.from({ length: 8 }, () => START))!;
  expect(same.silentFrom).toBe(START + 7 * DAY);
});
