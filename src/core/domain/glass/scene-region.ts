import type { Size } from '../model/model';
import { cellGrid } from './cells';
import { GROWTH_CELL } from './growth';
import { LOSS_CELL } from './loss';
import type { Places } from './scene-answer';

/** Side in pixels of a cell that the cells of growth and of loss are both made of. */
export const REGION_CELL = 6;

/** A part of the reference's picture, as small cells, row by row. */
export interface Region {
  readonly grid: Size;
  readonly isMarked: readonly boolean[];
}

/** @param size - of the picture that growth and loss look at */
export function regionOf({ growth, loss }: Places, size: Size): Region {
  const grid = cellGrid(size, REGION_CELL);
  const isMarked = Array.from({ length: grid.height * grid.width }, () => false);
  const mark = (cells: readonly number[], side: number) => {
    const { height: rows, width: columns } = cellGrid(size, side);
    const parts = side / REGION_CELL;
    for (const cell of cells) {
      // An import may name cells of another shape.
      if (cell >= rows * columns) continue;
      const [row, column] = [parts * Math.floor(cell / columns), parts * (cell % columns)];
      for (let part = 0; part < parts ** 2; part++) {
        isMarked[(row + Math.floor(part / parts)) * grid.width + column + (part % parts)] = true;
      }
    }
  };
  mark(growth, GROWTH_CELL);
  mark(loss, LOSS_CELL);
  return { grid, isMarked };
}
