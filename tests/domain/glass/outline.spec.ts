import { expect, test } from '@playwright/test';
import { outlines, patchesOf } from '../../../src/core/domain/glass/outline';

/** Marked cells as drawn: `#` is marked. */
function drawn(rows: readonly string[]): ReturnType<typeof outlines> {
  const size = { height: rows.length, width: rows[0]!.length };
  return outlines(
    Array.from(rows.join(''), (cell) => cell === '#'),
    size,
  );
}

/** Twice the area that an outline encloses; negative where it goes round a hole. */
function area(corners: readonly (readonly [number, number])[]): number {
  return corners.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % corners.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);
}

test('one cell has the four corners of its square, clockwise', () => {
  expect(drawn(['...', '.#.', '...'])).toEqual([
    [
      [1, 1],
      [2, 1],
      [2, 2],
      [1, 2],
    ],
  ]);
});

test('cells beside each other have one outline around both', () => {
  const [outline, ...others] = drawn(['##', '#.']);
  expect(others).toEqual([]);
  expect(outline).toHaveLength(8);
  expect(area(outline!)).toBe(6);
});

test('cells that only touch at a corner are two patches, whichever corner it is', () => {
  for (const rows of [
    ['#.', '.#'],
    ['.#', '#.'],
  ]) {
    expect(drawn(rows).map(area)).toEqual([2, 2]);
  }
});

test('a hole has an outline of its own, the other way round', () => {
  expect(drawn(['###', '#.#', '###']).map(area).sort()).toEqual([-2, 18]);
});

test('outlines enclose as much as there are cells, whatever they form', () => {
  let state = 7;
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
  for (let i = 0; i < 200; i += 1) {
    const rows = Array.from({ length: 9 }, () =>
      Array.from({ length: 16 }, () => (random() < 0.5 ? '#' : '.')).join(''),
    );
    const cells = rows.join('').replaceAll('.', '').length;
    expect(drawn(rows).reduce((sum, corners) => sum + area(corners), 0)).toBe(2 * cells);
  }
});

test('a patch of fewer cells than asked is not drawn; cells that touch at a corner are two patches', () => {
  const marked = (rows: readonly string[]) => Array.from(rows.join(''), (cell) => cell === '#');
  const before = marked(['##..#', '#..#.', '..##.', '#...#']);
  const copy = [...before];
  const size = { height: 4, width: 5 };
  expect(patchesOf(before, size, 3)).toEqual(marked(['##...', '#..#.', '..##.', '.....']));
  expect(patchesOf(before, size, 1)).toEqual(before);
  expect(before).toEqual(copy);
});
