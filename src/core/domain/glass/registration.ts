import type { Size } from '../model/model';
import type { Bands } from './bands';
import { halfOf, halve } from './blur';
import type { GlassKernels } from './kernels';
import { isNear, movesWithin, NO_MOVE, type Move } from './move';
import { medianInPlace, medianMove } from './order';

/** Largest move that is searched, as a share of the width. */
const REACH = 0.2;
/** Number of candidate peaks for a single picture, and their least distance at a quarter of the size, */
const PEAKS = 4;
const APART = 2;
/** and their largest move: in tests, farther peaks were pans to another view. */
const OWN_REACH = 28;
/** Least height of the peak above the rest of the surface, in robust deviations. */
const LEAST_PEAK = 5;
/** Structure is clipped at so many standard deviations, so that a lamp or a fish does not dominate. */
const MOST = 3;
/** Number of moves in the median while a reference is fitted, so that a school of fish has no effect. */
const MEMORY = 12;
/** So many moves in a row that agree to so many pixels are accepted at once: the camera itself was pushed. */
const STEADY = 3;
const AGREE = 2;
/** Smaller moves may be tremble. */
const JITTER = 5;
/** Largest distance of a peak from its position in the next smaller picture. */
const AT_HALF: Move = { down: 2, right: 2 };
const AT_FULL: Move = { down: 1, right: 1 };

/** Finds a snapshot's scene by its structure: a full search at a quarter of the size, then the peak at half of it. */
export class Registration {
  readonly #kernels: GlassKernels;
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

  /** @param structure - of the reference, at half the size: `structureOf` in the median */
  constructor(size: Size, structure: Float32Array, kernels: GlassKernels) {
    this.#kernels = kernels;
    this.#size = size;
    this.#half = halfOf(size);
    this.#quarter = halfOf(this.#half);
    this.#taper = taperOf(this.#half);
    this.#landmarks = kernels.floats(structure.length);
    this.#own = kernels.floats(structure.length);
    this.#far = kernels.floats(structure.length / 4);
    this.#ownFar = kernels.floats(structure.length / 4);
    const right = Math.round(REACH * this.#quarter.width);
    this.#reach = { down: Math.min(right, this.#quarter.height >> 1), right };
    this.#surface = new Float64Array((2 * this.#reach.down + 1) * (2 * right + 1));
    this.#flatten(structure, this.#landmarks);
    halve(this.#landmarks, this.#half, this.#far);
  }

  /**
   * Finds the move of a single picture, to a pixel: no move or one of the highest peaks, whichever shows most of the
   * reference's places.
   *
   * @param structure - of `structureOf`
   * @param fine - this picture's
   * @param sharp - the reference's, in the median
   * @param placesAt - how well the reference's places are seen at a move
   */
  own(
    structure: Float32Array,
    fine: Float32Array,
    sharp: Float32Array,
    placesAt: (move: Move) => number,
  ): { readonly move: Move; readonly places: number } {
    this.#search(structure);
    const tried: { readonly move: Move; readonly places: number }[] = [];
    for (const around of [NO_MOVE, ...this.#peaks()]) {
      if (!isNear(around, NO_MOVE, OWN_REACH)) continue;
      const move = this.#bestNear(sharp, fine, this.#size, around, AT_FULL).best;
      if (tried.every((other) => !isNear(move, other.move, 0))) tried.push({ move, places: placesAt(move) });
    }
    return tried.reduce((best, other) => (other.places > best.places ? other : best));
  }

  /** @param structure - of `structureOf`. @returns an even number of pixels; null if it can't be told */
  find(structure: Float32Array): Move | null {
    const { best, highest } = this.#search(structure);
    const surface = this.#surface;
    const count = surface.length;
    const middle = medianInPlace(surface, count);
    for (let i = 0; i < count; i++) surface[i] = Math.abs(surface[i]! - middle);
    const deviation = 1.4826 * medianInPlace(surface, count);
    if (!(highest - middle > LEAST_PEAK * deviation)) return null;
    return this.#atHalf(best);
  }

  /** Fills the surface, all moves at a quarter of the size. */
  #search(structure: Float32Array): { readonly best: Move; readonly highest: number } {
    this.#flatten(structure, this.#own);
    halve(this.#own, this.#half, this.#ownFar);
    return this.#bestNear(this.#far, this.#ownFar, this.#quarter, NO_MOVE, this.#reach, this.#surface);
  }

  /** The highest peaks of the surface, which it overwrites; a peak at the rim may belong to a higher one outside. */
  #peaks(): Move[] {
    const surface = this.#surface;
    const { down, right } = this.#reach;
    const rights = 2 * right + 1;
    const peaks: Move[] = [];
    for (let nth = 0; nth < PEAKS; nth++) {
      let highest = 0;
      for (let i = 1; i < surface.length; i++) if (surface[i]! > surface[highest]!) highest = i;
      const peak = { down: Math.floor(highest / rights) - down, right: (highest % rights) - right };
      for (let y = Math.max(-down, peak.down - APART); y <= Math.min(down, peak.down + APART); y++) {
        for (let x = Math.max(-right, peak.right - APART); x <= Math.min(right, peak.right + APART); x++) {
          surface[(y + down) * rights + x + right] = -Infinity;
        }
      }
      const isRim = Math.abs(peak.down) === down || Math.abs(peak.right) === right;
      if (nth === 0 || !isRim) peaks.push(this.#atHalf(peak));
    }
    return peaks;
  }

  /** A peak of the surface, refined in the picture of half the size, in whole pixels. */
  #atHalf(peak: Move): Move {
    return twice(this.#bestNear(this.#landmarks, this.#own, this.#half, twice(peak), AT_HALF).best);
  }

  #bestNear(
    before: Float32Array,
    after: Float32Array,
    size: Size,
    around: Move,
    reach: Move,
    values: Float64Array = new Float64Array(movesWithin(reach)),
  ): { readonly best: Move; readonly highest: number } {
    this.#kernels.products(before, after, size, around, reach, values);
    let place = 0;
    for (let i = 1; i < values.length; i++) if (values[i]! > values[place]!) place = i;
    const rights = 2 * reach.right + 1;
    const best = {
      down: around.down - reach.down + Math.floor(place / rights),
      right: around.right - reach.right + (place % rights),
    };
    return { best, highest: values[place]! };
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
   * The accepted move of a snapshot of the reference, to a pixel.
   *
   * @param found - of the last ones and this one, oldest first
   * @param fine - this one's
   * @param sharp - the reference's, in the median
   */
  believe(found: readonly (Move | null)[], fine: Float32Array, sharp: Float32Array): Move {
    const last = found.filter((move) => move !== null).slice(-MEMORY);
    const newest = last.slice(-STEADY);
    const [settled, pushed] = [medianMove(last, 2), medianMove(newest, 2)];
    const isPushed = newest.length === STEADY && newest.every((move) => isNear(move, pushed, AGREE));
    const around = isPushed && !isNear(pushed, settled, JITTER) ? pushed : settled;
    return this.#bestNear(sharp, fine, this.#size, around, AT_FULL).best;
  }
}

/** The same move in whole pixels of a picture of half the size, for bands that were `settled`. */
export function halfMove({ down, right }: Move): Move {
  return { down: Math.floor(down / 2), right: Math.floor(right / 2) };
}

/** A snapshot's bands; after an odd move, those of half size are interpolated by half a pixel. */
export function settled(bands: Bands, size: Size, { down, right }: Move): Bands {
  if (down % 2 === 0 && right % 2 === 0) return bands;
  const half = halfOf(size);
  const settle = (band: Float32Array) => {
    const across = right % 2 === 0 ? band : towardsNext(band, half, 1);
    return down % 2 === 0 ? across : towardsNext(across, half, half.width);
  };
  return { ...bands, coarse: settle(bands.coarse), yellow: settle(bands.yellow) };
}

function towardsNext(band: Float32Array, { height, width }: Size, step: number): Float32Array {
  const next = band.slice();
  const last = step === 1 ? width - 1 : width;
  const end = step === 1 ? height : height - 1;
  for (let y = 0; y < end; y++) {
    for (let i = y * width; i < y * width + last; i++) next[i] = (band[i]! + band[i + step]!) / 2;
  }
  return next;
}

/** A band with the move undone; the same array if there is none. @param unknown - value for pixels without data */
export function movedBack(
  band: Float32Array,
  { height, width }: Size,
  { down, right }: Move,
  unknown = NaN,
): Float32Array {
  if (down === 0 && right === 0) return band;
  const back = new Float32Array(band.length).fill(unknown);
  const first = Math.max(0, -right);
  const end = Math.min(width, width - right);
  for (let y = Math.max(0, -down); y < Math.min(height, height - down); y++) {
    const from = (y + down) * width + right;
    back.set(band.subarray(from + first, from + end), y * width + first);
  }
  return back;
}

export function standardDeviation(values: ArrayLike<number>): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return Math.sqrt(squares / values.length);
}

const twice = ({ down, right }: Move): Move => ({ down: 2 * down, right: 2 * right });

/** Weights that fall towards the borders: the root of a Hann window. */
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
