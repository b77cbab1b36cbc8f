import type { Size } from '../model/model';
import type { BandArrays, Bands } from './bands';
import type { Move } from './move';
import type { GlassPicture } from './picture';

/** Per cell: sums over its pixels that the snapshot shows. */
export interface CellSums {
  /** pixels that the snapshot shows, at most side² */
  readonly seen: Float64Array;
  /** snapshot squared */
  readonly energy: Float64Array;
  /** snapshot times pattern */
  readonly both: Float64Array;
  /** pattern squared */
  readonly own: Float64Array;
}

/** Per cell: sums over its pixels that the snapshot shows. */
export interface ColourSums {
  readonly seen: Float64Array;
  readonly red: Float64Array;
  readonly green: Float64Array;
  readonly blue: Float64Array;
}

/** The slow arithmetic, for pictures of one size. No call changes the result of a later one. */
export interface GlassKernels {
  /** An array of zeros that the functions read without a copy; they accept any other array too. */
  floats(length: number): Float32Array;

  /**
   * Wide blurs are made from narrow ones and from smaller pictures: 2 × 2 means add a variance of 1/4 pixel², which the
   * next blur takes into account.
   *
   * @param picture - of the kernels' size
   * @param bands - receives them; new arrays when left out
   * @throws RangeError for another size
   */
  split(picture: GlassPicture, bands?: BandArrays): Bands;

  /** Two bands of brightness that register a snapshot, half the height × half the width. */
  structureOf(bands: Bands): Float32Array;

  /**
   * Sums of the products of a picture with another one that was moved, for all moves near one.
   *
   * @param before - height × width
   * @param after - as large
   * @param around - the move in the middle, at most a whole picture
   * @param reach - largest distance of the other moves from it; at most 1022 moves
   * @param out - receives a sum for each move, `movesWithin` of them: from the uppermost to the lowest, each from left to
   *   right
   * @throws RangeError for moves further away, or more of them
   */
  products(
    before: Float32Array,
    after: Float32Array,
    size: Size,
    around: Move,
    reach: Move,
    out: Float64Array,
  ): void;

  /**
   * Compares a snapshot's band with the reference's pattern in the reference's cells. After a move, pixels
   * near a border of either picture count as not seen.
   *
   * @param band - height × width
   * @param pattern - as large; its cells lie where the reference sees them
   * @param move - of the snapshot against the reference, in the band's own pixels
   */
  sumCells(
    band: Float32Array,
    pattern: Float32Array,
    size: Size,
    side: number,
    move: Move,
    out: CellSums,
  ): void;

  /**
   * Adds up a snapshot's colours in the reference's cells.
   *
   * @param data - height × width × 3 bytes: red, green, blue
   * @param move - of the snapshot against the reference
   */
  sumColours(data: Uint8Array, size: Size, side: number, move: Move, out: ColourSums): void;

  /** As `medians` of order.ts, for long rows of one length. @throws RangeError for more than 128 */
  medians(rows: readonly Float32Array[]): Float32Array;
}

/** Makes kernels for pictures of a size. */
export type KernelsFor = (size: Size) => GlassKernels;

export function keptBy(kernels: GlassKernels, values: Float32Array): Float32Array {
  const kept = kernels.floats(values.length);
  kept.set(values);
  return kept;
}
