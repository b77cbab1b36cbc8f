import { expect, test } from '@playwright/test';
import {
  courseBetween,
  courseCalendar,
  courseOf,
  heightOf,
  isBroken,
  nearest,
  oneLine,
  thinnedPlaces,
  windowSpanOf,
} from '../../../src/core/domain/camera/course';
import { histories } from '../../../src/core/session/history/history';
import { completed, glass, HOUR, NOON, otherView } from './jobs';

const all = (count: number) => ({ first: 0, end: count });

test('a height lies between the limits of the detector that spoke, and any distance has one', () => {
  const height = (job: ReturnType<typeof completed>) => courseOf([job]).heights[0];
  const thresholds = { warning: 0.07, drift: 0.1 };
  for (const [distance, expected] of [
    [-0.02, 0],
    [0.035, 0.25],
    [0.07, 0.5],
    [0.085, 0.6],
    [0.1, 0.7],
    [0.4, 0.85],
  ] as const)
    expect(height(completed(0, distance, { thresholds })), String(distance)).toBeCloseTo(expected, 12);
  expect(heightOf({ distance: 1e9, thresholds })).toBeLessThan(1);
  // Growth's own limits are .05 and .10.
  const grown = (growth: number) => completed(0, 0.001, { thresholds, glass: glass(growth, 0) });
  expect(height(grown(0.05))).toBeCloseTo(0.5, 12);
  expect(height(grown(0.025))).toBeCloseTo(0.25, 12);
  expect(height(grown(0.1))).toBeCloseTo(0.7, 12);
  expect(courseOf([grown(0.4)]).times[0]).toBeCloseTo(4, 12);
  expect(height(completed(0, null))).toBeNaN();
  expect(height(completed(0, 0.2, { glass: otherView() }))).toBeNaN();
});

test('of a snapshot that two models have judged the line has the job of the later one, and no snapshot twice', () => {
  const named = (hour: number) => ({ contentSha256: String(hour).repeat(8) });
  const old = [0, 1, 2, 3].map((hour) => completed(hour, 0.2, { ...named(hour), modelSha256: 'b' }));
  const young = [2, 3, 4].map((hour) =>
    completed(hour, 0.01, { ...named(hour), id: `new-${String(hour)}`, createdAt: 9 }),
  );
  const jobs = [old[0]!, old[1]!, old[2]!, young[0]!, old[3]!, young[1]!, young[2]!];
  const camera = young[0]!;
  expect(oneLine(jobs, histories(jobs, camera)).map(({ id }) => id)).toEqual([
    'job-0',
    'job-1',
    'new-2',
    'new-3',
    'new-4',
  ]);
  expect(oneLine(young, histories(young, camera))).toEqual(young);
  expect(oneLine([], histories([], camera))).toEqual([]);
});

test('a stretch is of both its ends, and the nearest job is one that has a distance', () => {
  const course = courseOf([0, 1, 2, 5].map((hour) => completed(hour, hour === 2 ? null : 0.1)));
  expect(courseBetween(course, NOON + HOUR, NOON + 5 * HOUR)).toEqual({ first: 1, end: 4 });
  expect(courseBetween(course, NOON + 3 * HOUR, NOON + 4 * HOUR)).toEqual({ first: 3, end: 3 });
  expect(nearest(course, NOON + 2 * HOUR, all(4))).toBe(1);
  expect(nearest(course, NOON + 4 * HOUR, all(4))).toBe(3);
  expect(nearest(course, NOON + 90 * HOUR, { first: 0, end: 2 })).toBe(1);
  expect(nearest(course, NOON, { first: 2, end: 3 })).toBeNull();
});

test('a line is broken by a pause, by a window that fills and by another judge, but not by what counts for nothing', () => {
  const longest = 36 * HOUR;
  const line = (jobs: ReturnType<typeof completed>[]) =>
    isBroken(courseOf(jobs), 0, jobs.length - 1, longest);
  expect(line([completed(0, 0.1), completed(1, 0.1), completed(30, 0.1)])).toBe(false);
  expect(line([completed(0, 0.1), completed(37, 0.1)])).toBe(true);
  expect(line([completed(0, 0.1), completed(1, null), completed(2, 0.1)])).toBe(true);
  expect(line([completed(0, 0.1), completed(1, 0.1, { glass: otherView() }), completed(2, 0.1)])).toBe(false);
  expect(line([completed(0, 0.1), completed(1, 0.1, { modelSha256: 'next' })])).toBe(true);
  expect(line([completed(0, 0.1), completed(1, 0.1, { referenceId: 'of the next cycle' })])).toBe(false);
});

test('thinning loses no peak and no end, and a stretch without distances has nothing to draw', () => {
  const values = Array.from({ length: 5000 }, (_, i) => 0.01 + 0.005 * Math.sin(i));
  values[1234] = 0.9;
  values[4321] = -0.02;
  const course = courseOf(values.map((value, i) => completed(i, i % 7 === 3 ? null : value)));
  const places = thinnedPlaces(course, all(5000), 400);
  expect(places.length).toBeLessThanOrEqual(404);
  expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
  expect(places).toEqual(expect.arrayContaining([0, 1234, 4321, 4999]));
  expect(places.filter((place) => place % 7 === 3)).toEqual([]);
  expect(thinnedPlaces(course, { first: 3, end: 4 }, 400)).toEqual([]);
  expect(thinnedPlaces(course, { first: 10, end: 20 }, 400)).toEqual([11, 12, 13, 14, 15, 16, 18, 19]);
});

test('each hour of each day has the grade of its worst snapshot, and what counts for nothing has none', () => {
  const from = Date.UTC(2023, 6, 30);
  const jobs = [
    completed(0, 0.01),
    completed(0.5, 0.06),
    completed(1, 0.04),
    completed(2, null),
    completed(3, 0.01, { glass: otherView() }),
    completed(24, 0.15),
    completed(25, 0.35),
  ];
  const view = { from: NOON, to: NOON + 30 * HOUR };
  expect(courseCalendar(courseOf(jobs), view, 90)).toEqual({
    days: 1,
    cells: [
      { from, hour: 12, grade: 'warning' },
      { from, hour: 13, grade: 'normal' },
      { from, hour: 14, grade: 'unjudged' },
      { from: from + 24 * HOUR, hour: 12, grade: 'drift' },
      { from: from + 24 * HOUR, hour: 13, grade: 'far' },
    ],
  });
  // Two days in one column: the worse hour counts.
  expect(courseCalendar(courseOf(jobs), view, 1)).toEqual({
    days: 2,
    cells: [
      { from, hour: 12, grade: 'drift' },
      { from, hour: 13, grade: 'far' },
      { from, hour: 14, grade: 'unjudged' },
    ],
  });
  expect(courseCalendar(courseOf([]), view, 90).cells).toEqual([]);
});

test('a window that reaches over far less time than usual has collapsed; one that holds the reference tells none', () => {
  const detector = { name: 'mmd', windowSize: 4, sigma: 0.3 } as const;
  const at = (hour: number, change = {}) => completed(hour, 0.01, { detector, windowFill: 4, ...change });
  const daily = Array.from({ length: 40 }, (_, i) => at(24 * i));
  const rush = [1, 2, 3, 4].map((hour) => at(24 * 39 + hour / 2));
  const course = courseOf([...daily, ...rush]);
  expect(windowSpanOf(course, 2, [])).toBeNull();
  expect(windowSpanOf(course, 20, [])).toEqual({
    snapshots: 4,
    span: 72 * HOUR,
    usual: 72 * HOUR,
    hasCollapsed: false,
  });
  expect(windowSpanOf(course, 43, [])).toMatchObject({ span: 1.5 * HOUR, hasCollapsed: true });
  const cleaned = { id: '', cameraId: '', kind: 'cleaned', at: NOON + 19 * 24 * HOUR - 1, note: '' } as const;
  expect(windowSpanOf(course, 20, [cleaned])).toBeNull();
  expect(windowSpanOf(course, 23, [cleaned])).toMatchObject({ span: 72 * HOUR });
  // A snapshot that counts for nothing is in no window.
  const aside = courseOf([...daily.slice(0, 5), at(24 * 5, { glass: otherView() }), at(24 * 6)]);
  expect(windowSpanOf(aside, 6, [])).toMatchObject({ span: 96 * HOUR });
  expect(windowSpanOf(aside, 5, [])).toBeNull();
});
