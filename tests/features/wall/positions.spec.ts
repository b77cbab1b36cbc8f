import { expect, test } from '@playwright/test';
import { chartMarkup, type Layer, type Scene } from '../../../src/core/plot/chart';
import { arePlaced, positionsScene } from '../../../src/features/wall/positions';
import type { Tile } from '../../../src/features/wall/tile';

const tile = (name: string, latitude?: number, longitude?: number) =>
  ({
    ...{ name, shown: 'normal' },
    camera: {
      name,
      ...(latitude !== undefined && longitude !== undefined
        ? { deployment: { position: { latitude, longitude } } }
        : {}),
    },
  }) as Tile;
const WIDTH = 712;
const [INSIDE, HEIGHT] = [600, 320];

const of = <K extends Layer['kind']>({ layers }: Scene, kind: K) =>
  layers.filter((layer): layer is Layer & { kind: K } => layer.kind === kind);
function pixels({ x, y }: Scene, [across, up]: readonly [number, number]) {
  return [
    ((across - x.from) / (x.to - x.from)) * INSIDE,
    ((up - y.from) / (y.to - y.from)) * HEIGHT,
  ] as const;
}

test('only two cameras with positions make a plot', () => {
  expect(arePlaced([tile('A', 41, 1), tile('B')])).toBe(false);
  expect(arePlaced([tile('A', 41, 1), tile('B'), tile('C', 41, 1)])).toBe(true);
});

test('a metre to the east is as long as one to the north', () => {
  for (const [latitude, longitude] of [
    [60.01, 1],
    [60, 1.02],
    [60.5, 9],
    [-60.01, -1],
  ] as const) {
    const [south, west] = latitude > 0 ? [60, 1] : [-60, -1];
    const scene = positionsScene([tile('A', south, west), tile('B', latitude, longitude)], WIDTH);
    const { x, y } = scene;
    const middle = (y.from + y.to) / 2;
    const perEast = ((x.to - x.from) * Math.cos((middle * Math.PI) / 180)) / INSIDE;
    expect(perEast / ((y.to - y.from) / HEIGHT)).toBeCloseTo(1, 9);
    for (const { at } of of(scene, 'mark')) {
      const [across, up] = pixels(scene, at);
      expect(across).toBeGreaterThan(20);
      expect(across).toBeLessThan(INSIDE - 20);
      expect(up).toBeGreaterThan(20);
      expect(up).toBeLessThan(HEIGHT - 20);
    }
    for (const axis of [x, y]) {
      expect(axis.ticks!.length).toBeLessThan(6);
      for (const { at } of axis.ticks!) expect(at >= axis.from && at <= axis.to).toBe(true);
    }
    expect(Math.max(x.ticks!.length, y.ticks!.length)).toBeGreaterThan(1);
  }
});

test('cameras on both sides of the date line stand beside each other', () => {
  const { x } = positionsScene([tile('A', 0, 179.9), tile('B', 0, -179.9)], WIDTH);
  expect(x.to - x.from).toBeLessThan(1);
  expect(x.ticks!.map(({ text }) => text).join()).toMatch(/^179\.9.*−179\.9/);
});

test('names of cameras at one place stand on no other', () => {
  const names = ['Pier leg one', 'Pier leg two', 'Pier leg three', 'Pier leg four', 'Pier leg five'];
  const scene = positionsScene(
    [...names.map((name) => tile(name, 41.182, 1.753)), tile('Far', 41.2, 1.76)],
    WIDTH,
  );
  const boxes = of(scene, 'text').map(({ at, text, move, anchor }) => {
    const [across, up] = pixels(scene, at);
    const [left, down] = [
      across + move![0] - (anchor === 'end' ? 7.8 * text.length : 0),
      HEIGHT - up + move![1],
    ];
    return { left, right: left + 7.8 * text.length, down };
  });
  expect(boxes).toHaveLength(6);
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1))
      expect(a.right <= b.left || a.left >= b.right || Math.abs(a.down - b.down) >= 16).toBe(true);
});

test('its name lists the cameras with their positions, and no name becomes markup', () => {
  const scene = positionsScene([tile('<b>A', 41.182, 1.753), tile('B', 41.2, 1.75)], WIDTH);
  expect(scene.label).toBe('Cameras in their places: <b>A 41.182, 1.753; B 41.2, 1.75');
  const { text } = chartMarkup(scene);
  expect(text).toContain('&lt;b&gt;A');
  expect(text).not.toContain('<b>');
});
