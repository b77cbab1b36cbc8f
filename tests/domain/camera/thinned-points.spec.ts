import { expect, test } from '@playwright/test';
import type { RecordStatus } from '../../../src/core/domain/camera/plot-point';
import { thinnedPoints } from '../../../src/core/domain/camera/thinned-points';

interface Place {
  readonly x: number;
  readonly y: number;
  readonly status: RecordStatus;
}

/** A cloud that fills the plot, the same in every run: the golden ratio spreads evenly. */
function cloud(count: number, status: RecordStatus = 'normal'): Place[] {
  return Array.from({ length: count }, (_, i) => ({ x: i / count, y: (i * 0.618_033_988_75) % 1, status }));
}

test('as many points as can be drawn are left as they are', () => {
  const points = cloud(3000);
  expect(thinnedPoints(points)).toBe(points);
});

test('of more points no more than can be drawn are left, in their order, and still many', () => {
  const points = cloud(50_000);
  const kept = thinnedPoints(points);
  expect(kept.length).toBeLessThanOrEqual(3000);
  expect(kept.length).toBeGreaterThan(1000);
  expect(kept).toEqual([...kept].sort((a, b) => a.x - b.x));
  expect(new Set(points)).toEqual(new Set([...points, ...kept]));
});

test('points that lie on one another are drawn once, the others all', () => {
  const alone = { x: 0.5, y: 0.9, status: 'normal' } as const;
  const points = [...Array<Place>(5000).fill({ x: 0, y: 0, status: 'normal' }), alone];
  expect(thinnedPoints(points)).toContain(alone);
});

test('neither the outermost points nor a drift among normal ones is lost', () => {
  const lonely: Place[] = [
    { x: -1, y: 0.5, status: 'normal' },
    { x: 0.5, y: -1, status: 'normal' },
    { x: 0.501, y: 0.5, status: 'drift' },
    { x: 0.502, y: 7, status: 'normal' },
    { x: 2, y: 0.5, status: 'normal' },
  ];
  const kept = thinnedPoints([...cloud(20_000), ...lonely]);
  for (const point of lonely) expect(kept).toContain(point);
});

test('points of one and the same number on an axis can be thinned', () => {
  const points = cloud(10_000).map((point) => ({ ...point, y: 0 }));
  const kept = thinnedPoints(points, 100);
  expect(kept.length).toBeLessThanOrEqual(100);
  expect(kept.at(0)?.x).toBe(0);
  expect(kept.at(-1)?.x).toBe(points.at(-1)?.x);
});
