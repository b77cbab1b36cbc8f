import { row, single, type RowOf } from '../row';
import { GLASS_WIDTH, type GlassPicture } from './picture';

const pixels = single<number>(
  Number.isFinite,
  (value) => Number.isInteger(value) && Math.abs(value) <= GLASS_WIDTH,
);

/** Displacement of the scene against the reference, in pixels of a picture 192 wide. */
export const MOVE = row({
  /** > 0: further down */
  down: pixels,
  /** > 0: further right */
  right: pixels,
});
export type Move = RowOf<typeof MOVE>;

/** A snapshot, and its displacement against the reference. */
export interface PlacedSnapshot {
  readonly picture: GlassPicture;
  readonly move: Move;
}

export const NO_MOVE: Move = { down: 0, right: 0 };

/** True if two moves differ by at most so many pixels each way. */
export function isNear(a: Move, b: Move, pixels: number): boolean {
  return Math.abs(a.down - b.down) <= pixels && Math.abs(a.right - b.right) <= pixels;
}

/** In pixels of a picture 192 wide. */
export function distanceOf(a: Move, b: Move): number {
  return Math.hypot(a.down - b.down, a.right - b.right);
}

/** How many moves lie within a reach of one. */
export function movesWithin({ down, right }: Move): number {
  return (2 * down + 1) * (2 * right + 1);
}
