import type { Size, Transform } from '../../domain/model/model';
import type { PictureSums } from '../../domain/picture/measures';
import type { BaselineJpeg } from './jpeg';

/** Pixels of a strip: 8 MB, a whole snapshot of 1920×1080. */
const STRIP_PIXELS = 1 << 21;

/** How a strip's bytes are laid out: 4 a pixel, of which X is ignored, or 3. */
export type PixelLayout = 'RGBX' | 'BGRX' | 'RGB';

/**
 * Takes a picture a strip of rows at a time and gives the tensor that torchvision would.
 *
 * Strips bound the memory: a picture of 100 megapixels needs no more than one of two.
 */
export interface Resizer {
  /**
   * Decodes a whole picture; `finish` ends it.
   *
   * @returns false for a picture that must be decoded another way: a damaged one, or where there is no SIMD
   */
  decode(jpeg: BaselineJpeg, target: Size): boolean;
  /** Starts a picture of size `source`; both sizes ≥ 1×1. */
  begin(source: Size, layout: PixelLayout, target: Size): void;
  /** How many rows the next {@link strip} may hold, ≥ 1. */
  readonly stripRows: number;
  /** Where to write the next rows. Valid until `push`. */
  strip(rows: number): Uint8Array<ArrayBuffer>;
  /** Takes the rows that were written to the strip. */
  push(rows: number): void;
  /**
   * Ends the picture after its last row.
   *
   * @param tensor - receives 3 × height × width numbers of `transform.resize` from `offset` on
   * @returns height × width × 3 bytes: red, green, blue; valid until the next `begin`
   */
  finish(transform: Transform, tensor: Float32Array, offset: number): Uint8Array;
  /** Of what the last `finish` gave; see `sumsOf`. */
  sums(): PictureSums;
}

/** How many rows a strip of a picture of pixels may hold. */
export function stripRowsOf({ height, width }: Size): number {
  return Math.max(1, Math.min(height, Math.floor(STRIP_PIXELS / width)));
}
