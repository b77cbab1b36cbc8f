import { MersenneTwister } from '../drift/mersenne-twister';
import type { Size } from '../model/model';

/** Red, green and blue, in shares of full light. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Random numbers that a seed repeats. */
export class Random {
  readonly #bits: MersenneTwister;

  /** @param seed - integer, 0 to 2³² - 1. @throws RangeError for any other seed */
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

  /** A colour between two; each channel is free for a quarter of the way, because fully free browns come out pink. */
  shade(low: Colour, high: Colour): Colour {
    const way = 0.75 * this.uniform(0, 1);
    const channel = (c: 0 | 1 | 2) => low[c] + (high[c] - low[c]) * (way + this.uniform(0, 0.25));
    return [channel(0), channel(1), channel(2)];
  }

  /** A normal number, mean 0 and deviation 1. @see Box and Muller 1958, Ann. Math. Stat. 29(2) */
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
 * Sources and weights of each of `outputs` evenly spaced samples of `inputs` numbers.
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

/**
 * Gaussian blur in time that does not depend on `sigma`. Beyond its border the picture repeats its last pixels.
 *
 * @param picture - height × width × 3, not changed
 * @param sigma - in pixels, ≥ 0; variance is exact also between whole boxes, so a little more always blurs a little more
 * @returns height × width × 3, in the picture's units, not rounded; may be of use until the next call only
 */
export type BlurPicture = (picture: Uint8Array | Float32Array, size: Size, sigma: number) => Float32Array;
