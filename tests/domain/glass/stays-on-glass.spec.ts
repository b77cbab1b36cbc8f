import { expect, test } from '@playwright/test';
import { cellGrid } from '../../../src/core/domain/glass/cells';
import { GROWTH_CELL } from '../../../src/core/domain/glass/growth';
import type { PlacedSnapshot } from '../../../src/core/domain/glass/move';
import type { GlassPicture } from '../../../src/core/domain/glass/picture';
import { staysOnGlass } from '../../../src/core/domain/glass/stays-on-glass';
import { scene, seen, SIZE } from './glass-scenes';
import { glassKernels } from '../../wasm';

const reef = scene(1);
const TURNS = [
  { down: 0, right: 3 },
  { down: 2, right: -3 },
  { down: -9, right: 10 },
] as const;
const PLACE = { top: 36, left: 72, side: 24 };
const { width } = cellGrid(SIZE, GROWTH_CELL);
const [row, column] = [PLACE.top / GROWTH_CELL, PLACE.left / GROWTH_CELL];
/** In the scene where the reference has it, and so the camera before its turn. */
const places = {
  growth: [row, row + 1].flatMap((y) => [y * width + column, y * width + column + 1]),
  loss: [],
};

/** The picture with a thing of stripes drawn so far from its place. */
function withThing(picture: GlassPicture, down: number, right: number): GlassPicture {
  const data = picture.data.slice();
  for (let y = 0; y < PLACE.side; y++) {
    for (let x = 0; x < PLACE.side; x++) {
      const colour = (3 * x + 2 * y) % 14 < 6 ? [190, 180, 150] : [40, 60, 50];
      data.set(colour, 3 * ((PLACE.top + down + y) * SIZE.width + PLACE.left + right + x));
    }
  }
  return { ...picture, data };
}

/** A dozen snapshots of a camera with this move. @param thing - where the thing is: on the glass it stays */
function dozen(
  seed: number,
  move: PlacedSnapshot['move'],
  thing: 'glass' | 'scene' | 'gone',
): PlacedSnapshot[] {
  return Array.from({ length: 12 }, (_, i) => {
    const picture = seen(reef, seed + i, move.down, move.right);
    const at = thing === 'glass' ? { down: 0, right: 0 } : move;
    return { picture: thing === 'gone' ? picture : withThing(picture, at.down, at.right), move };
  });
}

const IN_PLACE = { down: 0, right: 0 };

for (const move of TURNS) {
  const turn = { down: -move.down, right: -move.right };
  const isOnGlass = (thing: 'glass' | 'scene' | 'gone') =>
    staysOnGlass(dozen(500, IN_PLACE, thing), dozen(700, move, thing), places, turn, glassKernels);

  test(`after a turn of ${move.right}, ${move.down} pixels a thing on the glass is told from one in the scene, and from one that was removed`, () => {
    expect(isOnGlass('glass')).toBe(true);
    expect(isOnGlass('scene')).toBe(false);
    expect(isOnGlass('gone')).toBe(false);
  });
}
