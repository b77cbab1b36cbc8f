import type { Size } from '../model/model';
import { GaussianBlur, double, halfOf, halve } from './blur';
import type { GlassPicture } from './picture';

/** Standard deviations of the blurs between which the bands lie, in pixels; the last is the light around. */
const FINEST = 0.7;
const NEAR = 1.5;
const FAR = 3;
const COARSE = 6;
const LIGHT = 12;
/** Added to the light, in steps of 255: a black picture has no structure. */
const BLACK = 10;
const LUMA = [0.299, 0.587, 0.114] as const;

const root = (variance: number, pixel: number) => Math.sqrt(variance) / pixel;
/** Standard deviations of the blurs that are made, each in pixels of the picture that it is made on. */
export const BAND_BLURS = {
  finest: FINEST,
  near: root(NEAR ** 2 - FINEST ** 2, 1),
  far: root(FAR ** 2 - NEAR ** 2 - 1 / 4, 2),
  coarse: root(COARSE ** 2 - FAR ** 2, 2),
  light: root(LIGHT ** 2 - COARSE ** 2 - 1, 4),
  yellow: root(FAR ** 2 - 1 / 4, 2),
} as const;

/** Structure of one snapshot, in shares of the light around it, so that exposure and light drop out. */
export interface Bands {
  /** brightness between blurs of 0.7 and 1.5 pixels; height × width */
  readonly finest: Float32Array;
  /** brightness between blurs of 1.5 and 3 pixels; height × width */
  readonly fine: Float32Array;
  /** brightness between blurs of 3 and 6 pixels; of half the height and width */
  readonly coarse: Float32Array;
  /** yellow (red and green against blue) between blurs of 3 and 6 pixels; of half the height and width */
  readonly yellow: Float32Array;
  /** mean brightness, 0..255 */
  readonly brightness: number;
}

/**
 * Splits pictures of one size into bands.
 *
 * Wide blurs are made of narrow ones and of smaller pictures: 2 × 2 means add a variance of 1/4 pixel², which the next
 * blur takes into account.
 */
export class BandSplitter {
  readonly size: Size;
  readonly #half: Size;
  readonly #quarter: Size;
  readonly #blurs;
  readonly #full: readonly [Float32Array, Float32Array, Float32Array];
  readonly #small: readonly [Float32Array, Float32Array, Float32Array, Float32Array];
  readonly #least: readonly [Float32Array, Float32Array];

  /** @param size - of `glassSize` */
  constructor(size: Size) {
    this.size = size;
    this.#half = halfOf(size);
    this.#quarter = halfOf(this.#half);
    this.#blurs = {
      finest: new GaussianBlur(size, BAND_BLURS.finest),
      near: new GaussianBlur(size, BAND_BLURS.near),
      far: new GaussianBlur(this.#half, BAND_BLURS.far),
      coarse: new GaussianBlur(this.#half, BAND_BLURS.coarse),
      light: new GaussianBlur(this.#quarter, BAND_BLURS.light),
      yellow: new GaussianBlur(this.#half, BAND_BLURS.yellow),
    };
    const pixels = size.height * size.width;
    const some = (share: number) => new Float32Array(pixels * share);
    this.#full = [some(1), some(1), some(1)];
    this.#small = [some(1 / 4), some(1 / 4), some(1 / 4), some(1 / 4)];
    this.#least = [some(1 / 16), some(1 / 16)];
  }

  /**
   * @param picture - of this splitter's size
   * @param bands - receives them; new arrays when left out
   * @throws RangeError for another size
   */
  split(picture: GlassPicture, bands = emptyBands(this.size)): Bands {
    const { size } = this;
    const half = this.#half;
    refuseOther(picture, size);
    const { data, height, width } = picture;
    const [grey, wide, light] = this.#full;
    const [far, coarseBlur, smallLight, yellowFar] = this.#small;
    const [tiny, tinyLight] = this.#least;
    const pixels = height * width;
    const brightness = greyOf(data, grey);
    this.#blurs.finest.run(grey, bands.finest);
    this.#blurs.near.run(bands.finest, bands.fine);
    halve(bands.fine, size, far);
    this.#blurs.far.run(far, far);
    this.#blurs.coarse.run(far, coarseBlur);
    halve(coarseBlur, half, tiny);
    this.#blurs.light.run(tiny, tinyLight);
    double(tinyLight, this.#quarter, smallLight);
    double(smallLight, half, light);
    double(far, half, wide);
    for (let i = 0; i < pixels; i++) {
      const near = bands.fine[i]!;
      const share = 1 / (light[i]! + BLACK);
      bands.finest[i] = (bands.finest[i]! - near) * share;
      bands.fine[i] = (near - wide[i]!) * share;
    }

    yellowOf(data, size, yellowFar);
    this.#blurs.yellow.run(yellowFar, yellowFar);
    this.#blurs.coarse.run(yellowFar, bands.yellow);
    for (let i = 0; i < pixels / 4; i++) {
      const share = 1 / (smallLight[i]! + BLACK);
      bands.coarse[i] = (far[i]! - coarseBlur[i]!) * share;
      bands.yellow[i] = (yellowFar[i]! - bands.yellow[i]!) * share;
    }
    return { ...bands, brightness };
  }
}

export type BandArrays = Omit<Bands, 'brightness'>;

/** @param floats - makes each array */
export function emptyBands(
  { height, width }: Size,
  floats: (length: number) => Float32Array = (length) => new Float32Array(length),
): BandArrays {
  const pixels = height * width;
  return {
    finest: floats(pixels),
    fine: floats(pixels),
    coarse: floats(pixels / 4),
    yellow: floats(pixels / 4),
  };
}

/**
 * What a snapshot is registered by: two bands of brightness.
 *
 * @param size - of the pictures
 * @returns half the height × half the width
 */
export function structureOf({ fine, coarse }: Bands, size: Size): Float32Array {
  const structure = new Float32Array(coarse.length);
  halve(fine, size, structure);
  for (let i = 0; i < structure.length; i++) structure[i]! += coarse[i]!;
  return structure;
}

/** @throws RangeError for a picture of another size */
export function refuseOther({ data, height, width }: GlassPicture, size: Size): void {
  if (height === size.height && width === size.width && data.length === 3 * height * width) return;
  throw new RangeError(
    `${height} × ${width} with ${data.length} bytes instead of ${size.height} × ${size.width}`,
  );
}

/** @returns the mean */
function greyOf(data: Uint8Array, out: Float32Array): number {
  let sum = 0;
  for (let i = 0, at = 0; i < out.length; i++, at += 3) {
    const grey = LUMA[0] * data[at]! + LUMA[1] * data[at + 1]! + LUMA[2] * data[at + 2]!;
    sum += grey;
    out[i] = grey;
  }
  return sum / out.length;
}

/** Red and green against blue, in means of 2 × 2 pixels. */
function yellowOf(data: Uint8Array, { height, width }: Size, out: Float32Array): void {
  const row = 3 * width;
  for (let y = 0, i = 0; y < height; y += 2) {
    for (let x = 0, at = y * row; x < width; x += 2, i++, at += 6) {
      const red = data[at]! + data[at + 3]! + data[at + row]! + data[at + row + 3]!;
      const green = data[at + 1]! + data[at + 4]! + data[at + row + 1]! + data[at + row + 4]!;
      const blue = data[at + 2]! + data[at + 5]! + data[at + row + 2]! + data[at + row + 5]!;
      out[i] = (red + green) / 8 - blue / 4;
    }
  }
}
