import type { Size } from '../model/model';
import type { CellSums, ColourSums, GlassKernels } from './kernels';
import { GLASS_WIDTH } from './picture';
import type { Move } from './move';

/**
 * So near to a border, in pixels of a picture 192 wide, blurs show its mirror image, and a picture that has moved has
 * other borders.
 */
const RIM = 9;

/** Rows and columns of whole cells in a picture, from its upper left corner; the remainder is ignored. */
export function cellGrid({ height, width }: Size, side: number): Size {
  return { height: Math.floor(height / side), width: Math.floor(width / side) };
}

export function emptyCellSums(cells: number): CellSums {
  const some = () => new Float64Array(cells);
  return { seen: some(), energy: some(), both: some(), own: some() };
}

export function emptyColourSums(cells: number): ColourSums {
  const some = () => new Float64Array(cells);
  return { seen: some(), red: some(), green: some(), blue: some() };
}

/** The part of the reference's picture that a snapshot shows: rows from the top, columns from the left. */
export interface ShownPart {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** @param move - of the snapshot against the reference, in the picture's own pixels */
export function shownAfter({ height, width }: Size, { down, right }: Move): ShownPart {
  return {
    top: Math.max(0, -down),
    bottom: Math.min(height, height - down),
    left: Math.max(0, -right),
    right: Math.min(width, width - right),
  };
}

/** The area shown and, after a move, not near a border of either picture. */
export function judgedAfter(size: Size, move: Move): ShownPart {
  const { top, bottom, left, right } = shownAfter(size, move);
  const rimOf = (way: number) =>
    Math.min(Math.max(0, 2 * Math.abs(way) - 2), Math.floor((RIM * size.width) / GLASS_WIDTH));
  const [down, across] = [rimOf(move.down), rimOf(move.right)];
  return { top: top + down, bottom: bottom - down, left: left + across, right: right - across };
}

/** Number of pixels shown, per cell. */
export function countShown(size: Size, side: number, shown: ShownPart, seen: Float64Array): void {
  const grid = cellGrid(size, side);
  const within = (cell: number, first: number, end: number) =>
    Math.max(0, Math.min((cell + 1) * side, end) - Math.max(cell * side, first));
  for (let row = 0, cell = 0; row < grid.height; row++) {
    const rows = within(row, shown.top, shown.bottom);
    for (let column = 0; column < grid.width; column++, cell++) {
      seen[cell] = rows * within(column, shown.left, shown.right);
    }
  }
}

/** Per cell: the sum of the pattern's squares over all of its pixels. */
export function patternEnergy(
  pattern: Float32Array,
  size: Size,
  side: number,
  kernels: GlassKernels,
): Float64Array {
  const grid = cellGrid(size, side);
  const sums = emptyCellSums(grid.height * grid.width);
  kernels.sumCells(pattern, pattern, size, side, { down: 0, right: 0 }, sums);
  return sums.own;
}
