import type { Size } from '../model/model';
import type { Bands } from './bands';
import { halfOf, halve } from './blur';
import { median, medianInPlace } from './order';

/** How far the scene is from where the reference has it, in pixels of a picture 192 wide. */
export interface Move {
  /** > 0: further down */
  readonly down: number;
  /** > 0: further right */
  readonly right: number;
}

export const NO_MOVE: Move = { down: 0, right: 0 };

/** Moves are looked for up to this share of the width. */
const REACH = 0.2;
/** How far the peak must stand above the rest of the surface, in robust deviations. */
const LEAST_PEAK = 5;
/** Structure beyond so many standard deviations counts no more: a lamp or a fish is not the scene. */
const MOST = 3;
/** Moves that count: their median is believed, so that a school of fish moves nothing. */
const MEMORY = 12;

/**
 * Finds where a snapshot's scene is, by its structure.
 *
 * The whole surface is searched at a quarter of the size, then its peak at half of it.
 */
export class Registration {
  readonly #size: Size;
  readonly #half: Size;
  readonly #quarter: Size;
  readonly #landmarks: Float32Array;
  readonly #far: Float32Array;
  readonly #own: Float32Array;
  readonly #ownFar: Float32Array;
  readonly #taper: Float32Array;
  /** one value for each move within reach */
  readonly #surface: Float64Array;
  readonly #reach: Move;

  /**
   * @param size - of the pictures
   * @param structure - of the reference, at half the size: `structureOf` in the median
   */
  constructor(size: Size, structure: Float32Array) {
    this.#size = size;
    this.#half = halfOf(size);
    this.#quarter = halfOf(this.#half);
    this.#taper = taperOf(this.#half);
    this.#landmarks = new Float32Array(structure.length);
    this.#own = new Float32Array(structure.length);
    this.#far = new Float32Array(structure.length / 4);
    this.#ownFar = new Float32Array(structure.length / 4);
    const right = Math.round(REACH * this.#quarter.width);
    this.#reach = { down: Math.min(right, this.#quarter.height >> 1), right };
    this.#surface = new Float64Array((2 * this.#reach.down + 1) * (2 * right + 1));
    this.#flatten(structure, this.#landmarks);
    halve(this.#landmarks, this.#half, this.#far);
  }

  /**
   * @param structure - of a snapshot, `structureOf`
   * @returns an even number of pixels; null where it can't be told
   */
  find(structure: Float32Array): Move | null {
    this.#flatten(structure, this.#own);
    halve(this.#own, this.#half, this.#ownFar);
    const quarter = this.#quarter;
    const reach = this.#reach;
    const surface = this.#surface;
    let count = 0;
    let best = NO_MOVE;
    let highest = -Infinity;
    for (let down = -reach.down; down <= reach.down; down++) {
      for (let right = -reach.right; right <= reach.right; right++) {
        const value = product(this.#far, this.#ownFar, quarter, { down, right });
        surface[count++] = value;
        if (value > highest) [highest, best] = [value, { down, right }];
      }
    }
    const middle = medianInPlace(surface, count);
    for (let i = 0; i < count; i++) surface[i] = Math.abs(surface[i]! - middle);
    const deviation = 1.4826 * medianInPlace(surface, count);
    if (!(highest - middle > LEAST_PEAK * deviation)) return null;
    const near = bestNear(this.#landmarks, this.#own, this.#half, twice(best), 2);
    return twice(near);
  }

  #flatten(structure: Float32Array, out: Float32Array): void {
    const count = structure.length;
    const most = MOST * standardDeviation(structure);
    const share = most > 0 ? 1 / most : 0;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const value = Math.min(1, Math.max(-1, structure[i]! * share)) * this.#taper[i]!;
      out[i] = value;
      sum += value;
    }
    const mean = sum / count;
    for (let i = 0; i < count; i++) out[i]! -= mean;
  }

  /**
   * The move that is believed of a snapshot, to a pixel.
   *
   * @param found - of the last snapshots and this one, oldest first
   * @param fine - this snapshot's
   * @param sharp - the reference's, in the median
   */
  believe(found: readonly (Move | null)[], fine: Float32Array, sharp: Float32Array): Move {
    const known = found.filter((move) => move !== null).slice(-MEMORY);
    const round = (values: number[]) => (values.length === 0 ? 0 : 2 * Math.floor(median(values) / 2 + 0.5));
    const around = {
      down: round(known.map(({ down }) => down)),
      right: round(known.map(({ right }) => right)),
    };
    return bestNear(sharp, fine, this.#size, around, 1);
  }
}

/** What a snapshot is registered by, at half the size: two bands of brightness. */
export function structureOf({ fine, coarse }: Bands, size: Size): Float32Array {
  const structure = new Float32Array(coarse.length);
  halve(fine, size, structure);
  for (let i = 0; i < structure.length; i++) structure[i]! += coarse[i]!;
  return structure;
}

/** The same move in whole pixels of a picture of half the size, for bands that were `settled`. */
export function halfMove({ down, right }: Move): Move {
  return { down: Math.floor(down / 2), right: Math.floor(right / 2) };
}

/**
 * A snapshot's bands, those of half the size brought to whole pixels of theirs: an odd move leaves them halfway between.
 *
 * @param size - of the pictures
 */
export function settled(bands: Bands, size: Size, { down, right }: Move): Bands {
  if (down % 2 === 0 && right % 2 === 0) return bands;
  const half = halfOf(size);
  const settle = (band: Float32Array) => {
    const across = right % 2 === 0 ? band : towardsNext(band, half, 1);
    return down % 2 === 0 ? across : towardsNext(across, half, half.width);
  };
  return { ...bands, coarse: settle(bands.coarse), yellow: settle(bands.yellow) };
}

/** Means of each pixel and its next; the last stay as they are. */
function towardsNext(band: Float32Array, { height, width }: Size, step: number): Float32Array {
  const next = band.slice();
  const last = step === 1 ? width - 1 : width;
  const end = step === 1 ? height : height - 1;
  for (let y = 0; y < end; y++) {
    for (let i = y * width; i < y * width + last; i++) next[i] = (band[i]! + band[i + step]!) / 2;
  }
  return next;
}

/**
 * A band as it would be had the camera not moved.
 *
 * @param unknown - stands where nothing is known
 */
export function movedBack(
  band: Float32Array,
  { height, width }: Size,
  { down, right }: Move,
  unknown = NaN,
): Float32Array {
  const back = new Float32Array(band.length).fill(unknown);
  const first = Math.max(0, -right);
  const end = Math.min(width, width - right);
  for (let y = Math.max(0, -down); y < Math.min(height, height - down); y++) {
    const from = (y + down) * width + right;
    back.set(band.subarray(from + first, from + end), y * width + first);
  }
  return back;
}

/** Population standard deviation. */
export function standardDeviation(values: ArrayLike<number>): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return Math.sqrt(squares / values.length);
}

/** Sum of the products of a picture with another one that was moved. */
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

function bestNear(before: Float32Array, after: Float32Array, size: Size, around: Move, reach: number): Move {
  let best = around;
  let highest = -Infinity;
  for (let down = around.down - reach; down <= around.down + reach; down++) {
    for (let right = around.right - reach; right <= around.right + reach; right++) {
      const value = product(before, after, size, { down, right });
      if (value > highest) [highest, best] = [value, { down, right }];
    }
  }
  return best;
}

const twice = ({ down, right }: Move): Move => ({ down: 2 * down, right: 2 * right });

/** Weights that fade towards the rims: the root of a Hann window. */
function taperOf({ height, width }: Size): Float32Array {
  const line = (count: number) =>
    Float64Array.from({ length: count }, (_, i) => Math.sin((Math.PI * (i + 1)) / (count + 1)));
  const rows = line(height);
  const columns = line(width);
  return Float32Array.from(
    { length: height * width },
    (_, i) => rows[Math.floor(i / width)]! * columns[i % width]!,
  );
}
