import { expect, test } from '@playwright/test';
import { isDrawable, lineThrough } from '../../../src/core/domain/camera/records/record-line';

const LINEAR = { x: false, y: false };
const at = (...places: readonly [number, number][]) => places.map(([x, y]) => ({ x, y }));

test('the line through points on one is that one, on whichever axes it is straight', () => {
  expect(lineThrough(at([3, 7], [1, 3], [2, 5]), LINEAR)).toEqual(at([1, 3], [3, 7]));
  const [left, right] = lineThrough(at([1, 1], [10, 100], [100, 10_000]), { x: true, y: true })!;
  expect([left.x, right.x]).toEqual([1, 100]);
  expect(left.y).toBeCloseTo(1, 9);
  expect(right.y).toBeCloseTo(10_000, 6);
  const [first, last] = lineThrough(at([0, 1], [1, 10], [2, 100]), { x: false, y: true })!;
  expect([first.y, last.y].map((y) => y.toFixed(6))).toEqual(['1.000000', '100.000000']);
});

test('of points beside a line it is the one with the least squares, for times as for small numbers', () => {
  // By hand: mean (1.5, 1.5), slope 2 / 5.
  const [left, right] = lineThrough(at([0, 0], [1, 2], [2, 2], [3, 2]), LINEAR)!;
  expect([left.y, right.y].map((y) => y.toFixed(9))).toEqual(['0.600000000', '2.400000000']);
  const now = Date.UTC(2026, 10, 28);
  const times = lineThrough(at([now, 0], [now + 1000, 2], [now + 2000, 2], [now + 3000, 2]), LINEAR)!;
  expect(times.map(({ y }) => y.toFixed(6))).toEqual(['0.600000', '2.400000']);
});

test('two points, points above each other and none have no line', () => {
  for (const points of [at(), at([1, 1], [2, 2]), at([1, 1], [1, 2], [1, 3])]) {
    expect(lineThrough(points, LINEAR)).toBeNull();
  }
});

test('zero and below has no place on a logarithmic axis', () => {
  expect(isDrawable({ x: -1, y: 0 }, LINEAR)).toBe(true);
  expect(isDrawable({ x: 1, y: 0 }, { x: false, y: true })).toBe(false);
  expect(isDrawable({ x: -1, y: 2 }, { x: false, y: true })).toBe(true);
  expect(isDrawable({ x: 0, y: 2 }, { x: true, y: false })).toBe(false);
});
