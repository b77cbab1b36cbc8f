import type { Size } from '../model/model';
import { GLASS_WIDTH } from './picture';
import type { Move } from './registration';

/**
 * So near to a border, in pixels of a picture 192 wide, blurs show its mirror image, and a picture that has moved has
 * other borders.
 */
const RIM = 9;

/** Rows and columns of whole cells in a picture, from its upper left corner; what is left over counts nowhere. */
export function cellGrid({ height, width }: Size, side: number): Size {
  return { height: Math.floor(height / side), width: Math.floor(width / side) };
}

/** Of each cell: sums over its pixels that the snapshot shows. */
export interface CellSums {
  /** pixels that the snapshot shows, at most side² */
  readonly seen: Float64Array;
  /** of the snapshot's squares */
  readonly energy: Float64Array;
  /** of the snapshot times the pattern */
  readonly both: Float64Array;
  /** of the pattern's squares */
  readonly own: Float64Array;
}

export function emptyCellSums(cells: number): CellSums {
  const some = () => new Float64Array(cells);
  return { seen: some(), energy: some(), both: some(), own: some() };
}

/**
 * Compares a snapshot's band with the reference's pattern, cell by cell, where the reference has them. After a move
 * what is near a border of either counts as not seen.
 *
 * @param band - height × width
 * @param pattern - as large; its cells lie where the reference sees them
 * @param move - of the snapshot against the reference, in the band's own pixels
 */
export function sumCells(
  band: Float32Array,
  pattern: Float32Array,
  { height, width }: Size,
  side: number,
  { down, right }: Move,
  out: CellSums,
): void {
  const grid = cellGrid({ height, width }, side);
  const { seen, energy, both, own } = out;
  seen.fill(0);
  energy.fill(0);
  both.fill(0);
  own.fill(0);
  const rim = (move: number) =>
    Math.min(Math.max(0, 2 * Math.abs(move) - 2), Math.floor((RIM * width) / GLASS_WIDTH));
  const top = Math.max(0, -down) + rim(down);
  const bottom = Math.min(grid.height * side, Math.min(height, height - down) - rim(down));
  const left = Math.max(0, -right) + rim(right);
  const rightEnd = Math.min(width, width - right) - rim(right);
  for (let y = top; y < bottom; y++) {
    const row = y * width;
    const moved = (y + down) * width + right;
    const firstCell = Math.floor(y / side) * grid.width;
    for (let column = 0; column < grid.width; column++) {
      const first = Math.max(column * side, left);
      const end = Math.min((column + 1) * side, rightEnd);
      let squares = 0;
      let products = 0;
      let pattern2 = 0;
      for (let x = first; x < end; x++) {
        const value = band[moved + x]!;
        const expected = pattern[row + x]!;
        squares += value * value;
        products += value * expected;
        pattern2 += expected * expected;
      }
      const cell = firstCell + column;
      seen[cell]! += Math.max(0, end - first);
      energy[cell]! += squares;
      both[cell]! += products;
      own[cell]! += pattern2;
    }
  }
}

/** Of each cell the sum of the pattern's squares over all of its pixels. */
export function patternEnergy(pattern: Float32Array, size: Size, side: number): Float64Array {
  const grid = cellGrid(size, side);
  const sums = emptyCellSums(grid.height * grid.width);
  sumCells(pattern, pattern, size, side, { down: 0, right: 0 }, sums);
  return sums.own;
}
