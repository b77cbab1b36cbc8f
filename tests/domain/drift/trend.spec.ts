import { expect, test } from '@playwright/test';
import { trendOf, type TrendPoint } from '../../../src/core/domain/drift/trend';

const DAY = 86_400_000;
const START = Date.UTC(2023, 6, 20);

/** Mulberry32 and Box–Muller: the same standard normal numbers in every run. */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Twelve distances a day by day; each the mean over 12 snapshots whose noise is AR(1), as a window's would be. */
function distances(
  days: number,
  level: (day: number) => number,
  noise: { phi: number; deviation: number; normal: () => number },
): TrendPoint[] {
  const { phi, deviation, normal } = noise;
  let state = normal();
  const snapshots = Array.from({ length: days * 12 }, (_, i) => {
    state = phi * state + Math.sqrt(1 - phi ** 2) * normal();
    const day = Math.floor(i / 12) + 0.3 + (i % 12) / 24;
    return { day, value: level(day) + deviation * state };
  });
  return snapshots.slice(11).map(({ day }, i) => ({
    at: START + day * DAY,
    value: snapshots.slice(i, i + 12).reduce((sum, { value }) => sum + value, 0) / 12,
  }));
}

const line = (days: number, perDay: number, from = 0) =>
  Array.from({ length: days * 12 }, (_, i) => ({
    at: START + (i / 12) * DAY,
    value: from + (perDay * i) / 12,
  }));

test('a line without noise gives its slope, its level and the day it crosses the limit', () => {
  const points = line(20, 0.004);
  const trend = trendOf(points, 0.1, 12);
  if (trend.kind !== 'rising') throw new Error(JSON.stringify(trend));
  expect(trend.perDay).toBeCloseTo(0.004, 12);
  expect(trend.perDayBand[0]).toBeCloseTo(0.004, 12);
  expect(trend.perDayBand[1]).toBeCloseTo(0.004, 12);
  expect(trend.now).toBeCloseTo(points.at(-1)!.value, 12);
  // 0.1 / 0.004 = 25 days; the edges are found to a minute
  expect(Math.abs(trend.reaches.at - (START + 25 * DAY))).toBeLessThan(1000);
  expect(Math.abs(trend.reaches.earliest - trend.reaches.at)).toBeLessThan(61_000);
  expect(Math.abs(trend.reaches.latest! - trend.reaches.at)).toBeLessThan(61_000);
});

test('correlated noise on a flat level is called a rise in at most 5 % of series', () => {
  for (const phi of [0.5, 0.9]) {
    const normal = normals(17);
    let rises = 0;
    for (let i = 0; i < 200; i++) {
      const points = distances(25, () => 0.02, { phi, deviation: 0.02, normal });
      // The slope alone is asked for: with a limit out of reach a significant rise says too-far.
      const far = trendOf(points, 10, 12);
      if (far.kind === 'rising' || far.because === 'too-far') rises += 1;
    }
    expect(rises, `phi ${phi}`).toBeLessThanOrEqual(10);
  }
});

test('the bands hold the true slope and the true day in at least nine of ten rises that are told', () => {
  const normal = normals(23);
  let [told, slopes, days] = [0, 0, 0];
  for (let i = 0; i < 200; i++) {
    const points = distances(20, (day) => 0.01 + 0.003 * day, { phi: 0.7, deviation: 0.015, normal });
    const trend = trendOf(points, 0.1, 12);
    if (trend.kind !== 'rising') continue;
    told += 1;
    if (trend.perDayBand[0] <= 0.003 && 0.003 <= trend.perDayBand[1]) slopes += 1;
    // A window's mean lies half a window, a quarter of a day on average, behind: far inside the band.
    const truth = START + 30 * DAY;
    const { earliest, latest } = trend.reaches;
    if (earliest <= truth && (latest === null || truth <= latest)) days += 1;
  }
  expect(told).toBeGreaterThanOrEqual(120);
  expect(slopes / told).toBeGreaterThanOrEqual(0.9);
  expect(days / told).toBeGreaterThanOrEqual(0.9);
});

test('the bands are not so wide that they say nothing', () => {
  const points = distances(20, (day) => 0.01 + 0.003 * day, {
    phi: 0.5,
    deviation: 0.004,
    normal: normals(5),
  });
  const trend = trendOf(points, 0.1, 12);
  if (trend.kind !== 'rising' || trend.reaches.latest === null) throw new Error(JSON.stringify(trend));
  expect(trend.perDayBand[1] - trend.perDayBand[0]).toBeLessThan(0.003);
  expect(trend.reaches.earliest).toBeLessThan(trend.reaches.at);
  expect(trend.reaches.latest).toBeGreaterThan(trend.reaches.at);
  expect(trend.reaches.latest - trend.reaches.earliest).toBeLessThan(15 * DAY);
});

test('a flat month before the rise does not hide it', () => {
  const level = (day: number) => 0.01 + 0.004 * Math.max(0, day - 30);
  const trend = trendOf(distances(45, level, { phi: 0.5, deviation: 0.004, normal: normals(3) }), 0.1, 12);
  if (trend.kind !== 'rising') throw new Error(JSON.stringify(trend));
  expect(trend.perDay).toBeGreaterThan(0.003);
  expect(trend.perDay).toBeLessThan(0.005);
});

test('a wild day does not make a trend', () => {
  const points = line(20, 0, 0.01).map((point, i) => (i >= 228 ? { ...point, value: 0.09 } : point));
  expect(trendOf(points, 0.1, 12)).toEqual({ kind: 'silent', because: 'not-rising' });
});

test('silence says why', () => {
  const because = (points: readonly TrendPoint[], limit = 0.1) => {
    const trend = trendOf(points, limit, 12);
    return trend.kind === 'silent' ? trend.because : trend;
  };
  expect(because([])).toBe('too-few');
  expect(because(line(20, 0.004).filter((_, i) => i % 8 === 0))).toBe('too-few');
  expect(because(line(5, 0.004))).toBe('too-short');
  // 240 distances a day make one block a day, not twenty
  expect(because(line(20, 0.004).map(({ at, value }) => ({ at: START + (at - START) / 20, value })))).toBe(
    'too-short',
  );
  expect(because(line(20, 0.006))).toBe('above-limit');
  expect(because(line(20, -0.004, 0.09))).toBe('not-rising');
  expect(because(line(20, 0))).toBe('not-rising');
  // crosses 81 days after the last point, but only 20 days were seen
  expect(because(line(20, 0.001))).toBe('too-far');
});

test('a rise that may as well be none is too uncertain, not absent', () => {
  // Two interleaved lines of 0.0025 a day: the way from one down to the other keeps 0 inside Sen's interval,
  // while the line, on the lower one, goes from 0.04 to the limit in six days.
  const levels = [0.02, 0.05, 0.025, 0.055, 0.03, 0.06, 0.035, 0.065, 0.04];
  const points = levels.flatMap((value, day) =>
    Array.from({ length: 12 }, (_, i) => ({ at: START + (day + i / 12) * DAY, value })),
  );
  expect(trendOf(points, 0.055, 12)).toEqual({ kind: 'silent', because: 'too-uncertain' });
});

test('the order of the points, and values that are not numbers, change nothing', () => {
  const points = distances(20, (day) => 0.01 + 0.003 * day, {
    phi: 0.5,
    deviation: 0.004,
    normal: normals(5),
  });
  const expected = trendOf(points, 0.1, 12);
  expect(expected.kind).toBe('rising');
  const copy = points.map((point) => Object.freeze({ ...point }));
  const mixed = Object.freeze([...copy.slice(50), { at: START + DAY, value: NaN }, ...copy.slice(0, 50)]);
  expect(trendOf(mixed, 0.1, 12)).toEqual(expected);
});

test('each of ten thousand distances is read a few times, not once for each other one', () => {
  let reads = 0;
  const points = line(834, 0.0001, 0.01).map(({ at, value }) => ({
    get at() {
      reads += 1;
      return at;
    },
    get value() {
      reads += 1;
      return value;
    },
  }));
  trendOf(points, 0.2, 12);
  expect(points.length).toBeGreaterThan(9_990);
  expect(reads / points.length).toBeLessThan(10);
});
