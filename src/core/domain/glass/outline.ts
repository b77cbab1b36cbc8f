import type { Size } from '../model/model';
import { cellGrid } from './cells';
import type { Move } from './move';
import { glassSize } from './picture';

/** A corner of cells: columns from the left, rows from the top. */
export type Corner = readonly [x: number, y: number];

/** An outline to be drawn over a picture as SVG, a cell of which is one unit. */
export interface OutlineDrawing {
  readonly path: string;
  /** the picture, as a `viewBox` */
  readonly view: string;
}

/**
 * @param isMarked - of each cell, row by row
 * @param source - of the file's picture
 * @param side - of a cell, in pixels of a picture 192 wide
 * @param move - how far the picture shows the scene from where the reference has it
 */
export function drawnOver(
  isMarked: readonly boolean[],
  source: Size,
  side: number,
  move: Move,
): OutlineDrawing {
  const size = glassSize(source);
  const view = [-move.right, -move.down, size.width, size.height].map((pixels) => pixels / side).join(' ');
  return { path: outlines(isMarked, cellGrid(size, side)).map(rounded).join(''), view };
}

/** Curves through the middle of each side, with the corners as handles: growth on a glass is not square. */
function rounded(corners: readonly Corner[]): string {
  const middles = corners.map(([x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % corners.length]!;
    return `${String((x + nextX) / 2)} ${String((y + nextY) / 2)}`;
  });
  const curves = middles.map((middle, i) => `Q${corners[i]!.join(' ')} ${middle}`);
  return `M${middles.at(-1)!}${curves.join('')}Z`;
}

/**
 * Marks only patches of so many cells: a smaller one is noise to who looks at it.
 *
 * @param isMarked - of each cell, row by row
 */
export function patchesOf(isMarked: readonly boolean[], { height, width }: Size, least: number): boolean[] {
  const kept = isMarked.map(() => false);
  const seen = new Set<number>();
  for (const first of isMarked.keys()) {
    if (!isMarked[first] || seen.has(first)) continue;
    const patch = [first];
    seen.add(first);
    for (const cell of patch) {
      const [x, y] = [cell % width, Math.floor(cell / width)];
      for (const [right, down] of WAYS) {
        const [nextX, nextY] = [x + right, y + down];
        const next = nextY * width + nextX;
        const isInside = nextX >= 0 && nextX < width && nextY >= 0 && nextY < height;
        if (!isInside || !isMarked[next] || seen.has(next)) continue;
        seen.add(next);
        patch.push(next);
      }
    }
    if (patch.length >= least) for (const cell of patch) kept[cell] = true;
  }
  return kept;
}

/** Right, down, left, up. */
const WAYS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/**
 * The outlines of the patches of marked cells, each clockwise, with the patch on its right; a hole has its own outline,
 * counter-clockwise. Cells that touch only at a corner are two patches.
 *
 * @param isMarked - of each cell, row by row
 * @returns of each outline the corners that it passes, one for each side of a cell
 */
export function outlines(isMarked: readonly boolean[], { height, width }: Size): Corner[][] {
  const has = (column: number, row: number) =>
    column >= 0 && row >= 0 && column < width && row < height && isMarked[row * width + column] === true;
  /** directions from each corner that are not used yet */
  const open = new Map<number, Set<number>>();
  const keyOf = (x: number, y: number) => y * (width + 1) + x;
  const add = (x: number, y: number, way: number) => {
    const ways = open.get(keyOf(x, y)) ?? new Set();
    open.set(keyOf(x, y), ways.add(way));
  };
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!has(column, row)) continue;
      if (!has(column, row - 1)) add(column, row, 0);
      if (!has(column + 1, row)) add(column + 1, row, 1);
      if (!has(column, row + 1)) add(column + 1, row + 1, 2);
      if (!has(column - 1, row)) add(column, row + 1, 3);
    }
  }
  const all: Corner[][] = [];
  for (const [key, ways] of open) {
    for (const first of ways) all.push(walk(key % (width + 1), Math.floor(key / (width + 1)), first));
  }
  return all;

  function walk(fromX: number, fromY: number, first: number): Corner[] {
    const corners: Corner[] = [];
    let [x, y, way] = [fromX, fromY, first];
    do {
      corners.push([x, y]);
      x += WAYS[way]![0];
      y += WAYS[way]![1];
      const ways = open.get(keyOf(x, y));
      // Right first: the patch is there; a patch that touches only at this corner is another one.
      const next = [1, 0, 3].map((turn) => (way + turn) % 4).find((each) => ways?.has(each));
      if (next === undefined) break;
      way = next;
      if (x !== fromX || y !== fromY || way !== first) ways?.delete(way);
    } while (x !== fromX || y !== fromY || way !== first);
    open.get(keyOf(fromX, fromY))?.delete(first);
    return corners;
  }
}
