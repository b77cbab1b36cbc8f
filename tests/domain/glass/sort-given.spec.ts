import { expect, test } from '@playwright/test';
import type { GlassPicture } from '../../../src/core/domain/glass/picture';
import { sortGiven } from '../../../src/core/domain/glass/sort-given';
import { grown, mixed, scene, seen } from './glass-scenes';
import { glassKernels } from '../../wasm';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const PER_DAY = 8;
const reef = scene(1);
const other = scene(2);
interface Given {
  readonly picture: GlassPicture;
  readonly wall: number;
}

/** Eight a day from 8 o'clock on, the camera trembling by a pixel. */
const days = (count: number, first: number, look = (seed: number) => seen(reef, seed, (seed % 3) - 1)) =>
  Array.from({ length: count * PER_DAY }, (_, i): Given => {
    const wall = (first + Math.floor(i / PER_DAY)) * DAY + (8 + (i % PER_DAY)) * HOUR;
    return { picture: look(1000 * first + i), wall };
  });
const sort = (given: readonly Given[]) => {
  const ordered = [...given].sort((a, b) => a.wall - b.wall);
  const found = sortGiven(
    ordered.map(({ picture }) => picture),
    ordered.map(({ wall }) => wall),
    glassKernels,
  );
  const at = (places: readonly number[]) => places.map((place) => ordered[place]!);
  return {
    clean: at(found.clean),
    traced: at(found.traced),
    views: found.views.map(at),
    foreign: at(found.foreign),
  };
};

test('views are sorted apart, the largest first, and foreign pictures are in none', () => {
  const largest = days(4, 0);
  const second = days(2, 5, (seed) => seen(other, seed));
  const third = days(2, 8, (seed) => seen(reef, seed, 0, 24)).slice(2);
  const small = { ...seen(reef, 9), height: 48, data: seen(reef, 9).data.slice(0, 3 * 48 * 192) };
  const strangers = [3, 4, 5].map((seed) => seen(scene(seed), seed));
  const foreign = [small, ...strangers].map((picture, i) => ({ picture, wall: DAY + 30 + i }));
  const found = sort([...foreign, ...third, ...second, ...largest]);
  expect(new Set(found.clean)).toEqual(new Set(largest));
  expect(found.views.map((view) => new Set(view))).toEqual([new Set(second), new Set(third)]);
  expect(new Set(found.foreign)).toEqual(new Set(foreign));
  expect(found.traced).toEqual([]);
});

test('a small view is found among many snapshots too murky to tell', () => {
  const flat = mixed(seen(reef, 1), () => 90);
  const murky = days(25, 5, () => flat);
  const small = days(2, 13, (seed) => seen(other, seed)).slice(0, 12);
  const found = sort([
    ...days(3, 0),
    ...murky.filter(({ wall }) => !small.some((at) => at.wall === wall)),
    ...small,
  ]);
  expect(found.views.map((view) => new Set(view))).toEqual([new Set(small)]);
});

test('days from the first on which something begins to show are told apart, and murk or a passing day is not', () => {
  const calm = days(6, 0);
  const dirty = days(2, 6, (seed) => grown(seen(reef, seed), 5, 60));
  const found = sort([...dirty, ...calm]);
  expect(new Set(found.traced)).toEqual(new Set(dirty));
  expect(new Set(found.clean)).toEqual(new Set(calm));
  expect(sort([...calm, ...dirty.slice(0, PER_DAY), ...days(1, 7)]).traced).toEqual([]);
  const murk = days(2, 6, (seed) => mixed(seen(reef, seed), (value) => Math.floor(value / 2) + 50));
  expect(sort([...calm, ...murk]).traced).toEqual([]);
});

test('murky snapshots between two of a view belong to it', () => {
  const calm = days(3, 0);
  const flat = mixed(seen(reef, 1), () => 90);
  const murky = { picture: flat, wall: DAY + 12.5 * HOUR };
  const found = sort([murky, ...calm]);
  expect(found.clean).toContainEqual(murky);
  expect(found.foreign).toEqual([]);
});

test('fewer than a dozen alike are not sorted: all of them can be the reference', () => {
  const few = [...days(1, 0), ...days(1, 1, (seed) => seen(scene(seed), seed))];
  expect(sort(few).clean).toHaveLength(16);
});

test('pictures without any structure are left as they were given', () => {
  const flat = days(2, 0, (seed) => mixed(seen(reef, seed), () => 90));
  expect(sort(flat).clean).toHaveLength(flat.length);
});
