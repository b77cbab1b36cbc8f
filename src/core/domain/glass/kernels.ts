import type { Size } from '../model/model';
import { BandSplitter, structureOf, type BandArrays, type Bands } from './bands';
import { sumCells, sumColours } from './cells';
import { medians } from './order';
import type { GlassPicture } from './picture';
import { products } from './products';

/**
 * The arithmetic that takes the time, for pictures of one size. Nothing that it was asked before changes what it says.
 *
 * What is said of the functions behind `plainKernels` holds for any: others differ from them by rounding to float32.
 */
export interface GlassKernels {
  /** An array of zeros that the functions take without copying it; they take any other too. */
  floats(length: number): Float32Array;
  split(picture: GlassPicture, bands?: BandArrays): Bands;
  structureOf(bands: Bands): Float32Array;
  readonly products: typeof products;
  readonly sumCells: typeof sumCells;
  readonly sumColours: typeof sumColours;
  medians(rows: readonly Float32Array[]): Float32Array;
}

/** Makes them for pictures of a size. */
export type KernelsFor = (size: Size) => GlassKernels;

export const plainKernels: KernelsFor = (size) => {
  const splitter = new BandSplitter(size);
  return {
    floats: (length) => new Float32Array(length),
    split: (picture, bands) => splitter.split(picture, bands),
    structureOf: (bands) => structureOf(bands, size),
    products,
    sumCells,
    sumColours,
    medians,
  };
};

/** A copy that the kernels take without copying it again. */
export function keptBy(kernels: GlassKernels, values: Float32Array): Float32Array {
  const kept = kernels.floats(values.length);
  kept.set(values);
  return kept;
}
