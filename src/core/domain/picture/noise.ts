import { MersenneTwister } from '../drift/mersenne-twister';
import type { Size } from '../model/model';

/** Red, green and blue, in shares of full light. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Random numbers that a seed repeats. */
export class Random {
  readonly #bits: MersenneTwister;

  /**
   * @param seed - integer, 0 to 2³² - 1
   * @throws RangeError for any other seed
   */
  constructor(seed: number) {
    this.#bits = new MersenneTwister(seed);
  }

  /** @returns a number from `low` up to, not including, `high` */
  uniform(low: number, high: number): number {
    return low + (high - low) * (this.#bits.nextUint32() / 2 ** 32);
  }

  /** @returns true with the given probability, 0..1 */
  chance(probability: number): boolean {
    return this.uniform(0, 1) < probability;
  }

  /** @returns a colour with each channel in its own range */
  colour(low: Colour, high: Colour): Colour {
    return [this.uniform(low[0], high[0]), this.uniform(low[1], high[1]), this.uniform(low[2], high[2])];
  }

  /**
   * A colour between two, with a quarter of the way left to each channel alone: wholly alone, browns come out pink.
   */
  shade(low: Colour, high: Colour): Colour {
    const way = 0.75 * this.uniform(0, 1);
    const channel = (c: 0 | 1 | 2) => low[c] + (high[c] - low[c]) * (way + this.uniform(0, 0.25));
    return [channel(0), channel(1), channel(2)];
  }

  /**
   * A normal number, mean 0 and deviation 1.
   *
   * @see BoxFilter and Muller 1958, Ann. Math. Stat. 29(2)
   */
  normal(): number {
    // The draw may be 0 but never 1, and the logarithm must not meet 0.
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform(0, 1)));
    return radius * Math.cos(this.uniform(0, 2 * Math.PI));
  }
}

/**
 * Smooth noise, mean 0 and deviation 1: rows × columns random numbers, drawn out over the picture.
 *
 * It takes the same draws for every size, so that pictures of two sizes have their lumps in the same places.
 *
 * @returns height × width; zeros for a single pixel
 * @see training/pictures.py, `clouds`, with torch's bicubic kernel but without its halfway stop at a quarter of the size
 */
export function clouds({ height, width }: Size, rows: number, columns: number, random: Random): Float32Array {
  const lattice = Float32Array.from({ length: rows * columns }, () => random.normal());
  const wide = new Float32Array(rows * width);
  stretchLines(lattice, columns, wide, width, rows);
  const field = new Float32Array(height * width);
  const across = cubicTaps(rows, height);
  for (let y = 0, at = 0; y < height; y++) {
    const taps = across[y]!;
    const [above, here, below, last] = taps.map(({ weight }) => weight) as [number, number, number, number];
    let [a, b, c, d] = taps.map(({ index }) => index * width) as [number, number, number, number];
    for (let x = 0; x < width; x++, at++) {
      field[at] = above * wide[a++]! + here * wide[b++]! + below * wide[c++]! + last * wide[d++]!;
    }
  }
  standardise(field);
  return field;
}

function stretchLines(
  from: Float32Array,
  length: number,
  to: Float32Array,
  width: number,
  lines: number,
): void {
  const along = cubicTaps(length, width);
  for (let line = 0, at = 0; line < lines; line++) {
    for (let x = 0; x < width; x++, at++) {
      let sum = 0;
      for (const { index, weight } of along[x]!) sum += weight * from[line * length + index]!;
      to[at] = sum;
    }
  }
}

interface Tap {
  readonly index: number;
  readonly weight: number;
}

/**
 * Where each of `outputs` evenly spaced samples of `inputs` numbers looks, and how much it takes.
 *
 * @see Keys 1981, IEEE TASSP 29(6), with a = -0.75 as torch; samples beyond an end repeat it
 */
function cubicTaps(inputs: number, outputs: number): (readonly [Tap, Tap, Tap, Tap])[] {
  const a = -0.75;
  const near = (t: number) => ((a + 2) * t - (a + 3)) * t * t + 1;
  const far = (t: number) => ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
  return Array.from({ length: outputs }, (_, i) => {
    const place = ((i + 0.5) * inputs) / outputs - 0.5;
    const first = Math.floor(place);
    const t = place - first;
    const tap = (offset: number, weight: number): Tap => {
      return { index: Math.min(Math.max(first + offset, 0), inputs - 1), weight };
    };
    return [tap(-1, far(1 + t)), tap(0, near(t)), tap(1, near(1 - t)), tap(2, far(2 - t))];
  });
}

function standardise(field: Float32Array): void {
  // By index: an iterator over a typed array takes four times as long (V8 11.3).
  const count = field.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += field[i]!;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (field[i]! - mean) ** 2;
  const deviation = Math.sqrt(squares / count) || 1;
  for (let i = 0; i < count; i++) field[i] = (field[i]! - mean) / deviation;
}

/** How often a box is laid over a line: three are a Gaussian to within 9 % of its peak, whatever sigma. */
export const PASSES = 3;

/** {@link blur}, or what does the same faster; what it returns may be of use until its next call only. */
export type BlurPicture = (picture: Uint8Array | Float32Array, size: Size, sigma: number) => Float32Array;

/**
 * Gaussian blur in time that does not depend on `sigma`. Beyond its border the picture repeats its last pixels.
 *
 * @param picture - height × width × 3, not changed
 * @param sigma - in pixels, ≥ 0; variance is exact also between whole boxes, so a little more always blurs a little more
 * @returns height × width × 3, in the picture's units, not rounded
 * @see Gwosdek et al. 2011, SSVM, LNCS 6667 (extended box filtering), as Pillow's `GaussianBlur`
 */
export function blur(
  picture: Uint8Array | Float32Array,
  { height, width }: Size,
  sigma: number,
): Float32Array {
  const box = boxOf(sigma);
  if (box.whole === 0) return blurLittle(picture, { height, width }, box);
  const blurred = new Float32Array(picture);
  const margin = PASSES * (box.whole + 1);
  const line = new Float32Array(Math.max(height, width) + 2 * margin);
  const spare = new Float32Array(line.length);
  const row = 3 * width;
  for (let y = 0; y < height; y++) {
    for (let c = 0; c < 3; c++) blurLine(blurred, y * row + c, 3, width, box, line, spare);
  }
  for (let i = 0; i < row; i++) blurLine(blurred, i, row, height, box, line, spare);
  return blurred;
}

/** A box of 2 × whole + 1 pixels, with `part` of one more at each end. */
export interface BoxFilter {
  readonly whole: number;
  readonly part: number;
}

/** The box whose variance is a {@link PASSES}th of sigma². */
export function boxOf(sigma: number): BoxFilter {
  const variance = sigma ** 2 / PASSES;
  const whole = Math.floor((Math.sqrt(12 * variance + 1) - 1) / 2);
  const missing = (2 * whole + 1) * (3 * variance - whole * (whole + 1));
  return { whole, part: missing / (6 * ((whole + 1) ** 2 - variance)) };
}

/** What a number and its first, second and third neighbours on each side weigh after all passes of a narrow box. */
export function littleTaps({ part }: BoxFilter): readonly [number, number, number, number] {
  const share = 1 / (2 * part + 1) ** PASSES;
  return [
    (1 + 6 * part ** 2) * share,
    3 * (part + part ** 3) * share,
    3 * part ** 2 * share,
    part ** 3 * share,
  ];
}

/**
 * What {@link blur} does where no box is wider than three pixels, sigma below √2, in a quarter of its time: the passes
 * together are seven taps, and whole rows are added instead of one column after the other.
 */
function blurLittle(
  picture: Uint8Array | Float32Array,
  { height, width }: Size,
  box: BoxFilter,
): Float32Array {
  const [middle, first, second, third] = littleTaps(box);
  const row = 3 * width;
  const along = new Float32Array(picture.length);
  const line = new Float32Array(row + 6 * PASSES);
  for (let y = 0, at = 0; y < height; y++) {
    line.set(picture.subarray(at, at + row), 3 * PASSES);
    for (let i = 0; i < 3 * PASSES; i++) {
      line[i] = picture[at + (i % 3)]!;
      line[row + 3 * PASSES + i] = picture[at + row - 3 + (i % 3)]!;
    }
    for (let i = 0; i < row; i++, at++) {
      along[at] =
        middle * line[i + 9]! +
        first * (line[i + 6]! + line[i + 12]!) +
        second * (line[i + 3]! + line[i + 15]!) +
        third * (line[i]! + line[i + 18]!);
    }
  }
  const blurred = new Float32Array(picture.length);
  for (let y = 0, at = 0; y < height; y++) {
    const above = [1, 2, 3].map((away) => row * Math.max(y - away, 0));
    const below = [1, 2, 3].map((away) => row * Math.min(y + away, height - 1));
    const [up1, up2, up3] = above as [number, number, number];
    const [down1, down2, down3] = below as [number, number, number];
    for (let i = 0; i < row; i++, at++) {
      blurred[at] =
        middle * along[at]! +
        first * (along[up1 + i]! + along[down1 + i]!) +
        second * (along[up2 + i]! + along[down2 + i]!) +
        third * (along[up3 + i]! + along[down3 + i]!);
    }
  }
  return blurred;
}

/** Blurs `count` numbers of `values` in place, from `start` in steps of `step`. */
function blurLine(
  values: Float32Array,
  start: number,
  step: number,
  count: number,
  box: BoxFilter,
  line: Float32Array,
  spare: Float32Array,
): void {
  const margin = PASSES * (box.whole + 1);
  line.fill(values[start]!, 0, margin);
  for (let i = 0, at = start; i < count; i++, at += step) line[margin + i] = values[at]!;
  line.fill(values[start + (count - 1) * step]!, margin + count, 2 * margin + count);

  let from = line;
  let to = spare;
  for (let pass = 1; pass <= PASSES; pass++) {
    average(from, to, count + 2 * (PASSES - pass) * (box.whole + 1), box);
    [from, to] = [to, from];
  }
  for (let i = 0, at = start; i < count; i++, at += step) values[at] = from[i]!;
}

/** Writes `count` box averages; the first is centred on the number `whole + 1` of `from`. */
function average(from: Float32Array, to: Float32Array, count: number, { whole, part }: BoxFilter): void {
  const share = 1 / (2 * (whole + part) + 1);
  const reach = 2 * whole + 2;
  let sum = 0;
  for (let i = 1; i < reach; i++) sum += from[i]!;
  for (let i = 0; i < count; i++) {
    const right = from[i + reach]!;
    to[i] = (sum + part * (from[i]! + right)) * share;
    sum += right - from[i + 1]!;
  }
}
