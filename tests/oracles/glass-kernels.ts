/** `GlassKernels` in TypeScript, in float64: the WebAssembly differs by rounding to float32. */
import {
  BAND_BLURS,
  emptyBands,
  refuseOther,
  type BandArrays,
  type Bands,
} from '../../src/core/domain/glass/bands';
import { GaussianBlur, halfOf, halve } from '../../src/core/domain/glass/blur';
import { cellGrid, countShown, judgedAfter, shownAfter } from '../../src/core/domain/glass/cells';
import type { CellSums, ColourSums, KernelsFor } from '../../src/core/domain/glass/kernels';
import type { Move } from '../../src/core/domain/glass/move';
import { medians } from '../../src/core/domain/glass/order';
import type { GlassPicture } from '../../src/core/domain/glass/picture';
import type { Size } from '../../src/core/domain/model/model';

/** Added to the light, in steps of 255: a black picture has no structure. */
const BLACK = 10;
const LUMA = [0.299, 0.587, 0.114] as const;

export const oracleKernels: KernelsFor = (size) => {
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

class BandSplitter {
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

  split(picture: GlassPicture, bands: BandArrays = emptyBands(this.size)): Bands {
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

function structureOf({ fine, coarse }: Bands, size: Size): Float32Array {
  const structure = new Float32Array(coarse.length);
  halve(fine, size, structure);
  for (let i = 0; i < structure.length; i++) structure[i]! += coarse[i]!;
  return structure;
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

/**
 * Twice as many rows and columns, linearly between the pixels' middles; the rim goes on as it is.
 *
 * @param size - of the source
 * @param out - receives four times as many values
 */
function double(source: Float32Array, { height, width }: Size, out: Float32Array): void {
  const outWidth = 2 * width;
  for (let y = 0; y < 2 * height; y++) {
    const near = (y >> 1) * width;
    const far = Math.min(height - 1, Math.max(0, (y >> 1) + (y % 2 === 0 ? -1 : 1))) * width;
    const row = y * outWidth;
    let before = 0.75 * source[near]! + 0.25 * source[far]!;
    let here = before;
    for (let x = 0; x < width; x++) {
      const next = Math.min(width - 1, x + 1);
      const after = 0.75 * source[near + next]! + 0.25 * source[far + next]!;
      out[row + 2 * x] = 0.75 * here + 0.25 * before;
      out[row + 2 * x + 1] = 0.75 * here + 0.25 * after;
      before = here;
      here = after;
    }
  }
}

function products(
  before: Float32Array,
  after: Float32Array,
  size: Size,
  around: Move,
  reach: Move,
  out: Float64Array,
): void {
  let count = 0;
  for (let down = around.down - reach.down; down <= around.down + reach.down; down++) {
    for (let right = around.right - reach.right; right <= around.right + reach.right; right++) {
      out[count++] = product(before, after, size, { down, right });
    }
  }
}

function product(
  before: Float32Array,
  after: Float32Array,
  { height, width }: Size,
  { down, right }: Move,
): number {
  const first = Math.max(0, -right);
  const end = Math.min(width, width - right);
  const last = Math.min(height, height - down);
  // Four sums, because they do not wait for each other.
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (let y = Math.max(0, -down); y < last; y++) {
    const row = y * width;
    const moved = (y + down) * width + right;
    let x = first;
    for (; x + 4 <= end; x += 4) {
      sum0 += before[row + x]! * after[moved + x]!;
      sum1 += before[row + x + 1]! * after[moved + x + 1]!;
      sum2 += before[row + x + 2]! * after[moved + x + 2]!;
      sum3 += before[row + x + 3]! * after[moved + x + 3]!;
    }
    for (; x < end; x++) sum0 += before[row + x]! * after[moved + x]!;
  }
  return sum0 + sum1 + (sum2 + sum3);
}

function sumCells(
  band: Float32Array,
  pattern: Float32Array,
  size: Size,
  side: number,
  move: Move,
  out: CellSums,
): void {
  const { width } = size;
  const grid = cellGrid(size, side);
  const { seen, energy, both, own } = out;
  const { top, bottom, left, right } = judgedAfter(size, move);
  countShown(size, side, { top, bottom, left, right }, seen);
  energy.fill(0);
  both.fill(0);
  own.fill(0);
  for (let y = top; y < Math.min(bottom, grid.height * side); y++) {
    const row = y * width;
    const moved = (y + move.down) * width + move.right;
    const firstCell = Math.floor(y / side) * grid.width;
    for (let column = 0; column < grid.width; column++) {
      const first = Math.max(column * side, left);
      const end = Math.min((column + 1) * side, right);
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
      energy[cell]! += squares;
      both[cell]! += products;
      own[cell]! += pattern2;
    }
  }
}

function sumColours(data: Uint8Array, size: Size, side: number, move: Move, out: ColourSums): void {
  const grid = cellGrid(size, side);
  const { seen, red, green, blue } = out;
  const { top, bottom, left, right } = shownAfter(size, move);
  countShown(size, side, { top, bottom, left, right }, seen);
  red.fill(0);
  green.fill(0);
  blue.fill(0);
  for (let y = top; y < Math.min(bottom, grid.height * side); y++) {
    const moved = (y + move.down) * size.width + move.right;
    const firstCell = Math.floor(y / side) * grid.width;
    for (let column = 0; column < grid.width; column++) {
      const first = Math.max(column * side, left);
      const end = Math.min((column + 1) * side, right);
      let reds = 0;
      let greens = 0;
      let blues = 0;
      for (let at = 3 * (moved + first); at < 3 * (moved + end); at += 3) {
        reds += data[at]!;
        greens += data[at + 1]!;
        blues += data[at + 2]!;
      }
      const cell = firstCell + column;
      red[cell]! += reds;
      green[cell]! += greens;
      blue[cell]! += blues;
    }
  }
}
