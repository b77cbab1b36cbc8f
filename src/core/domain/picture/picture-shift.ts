import type { Size } from '../model/model';

/** A grey picture: height × width values in rows from the top, on any scale. */
export interface Grey extends Size {
  readonly values: Float32Array | Uint8Array;
}

export interface Shift {
  /** share of the picture's width; > 0 when the scene is further right than before: the camera turned left */
  readonly right: number;
  /** share of the picture's height; > 0 when the scene is further down than before: the camera turned up */
  readonly down: number;
  /** standard deviations of the correlation peak above the rest of the surface; at least 8, up to about 100 */
  readonly confidence: number;
}

/** Shifts are looked for up to this share of each side. */
const REACH = 0.2;
/** Pictures are shrunk to this longer side: at 128 a quarter of shifted OBSEA pairs gave null, at 160 a sixth. */
const LONGEST = 160;
/** A side below this many pixels has too few places for a peak to stand out. */
const SHORTEST = 32;
/** The share of each side over which the window fades; also mutes captions, which stay when the camera moves. */
const FADE = 0.3;
/** Half the side of the box whose mean gradient is taken away: slopes of light are wider, edges narrower. */
const SLOPE_RADIUS = 6;
/** Of 600 unrelated pairs (OBSEA thumbnails against mirrored ones) none reached 8, two reached 7. */
const LEAST_CONFIDENCE = 8;
/** Peaks are a few pixels wide; nearer than this a value belongs to the peak, not to the rest. */
const PEAK_RADIUS = 4;

/**
 * The translation between two pictures of one camera, or null when the scene is too murky to tell.
 *
 * Phase correlation of gradient directions, not of grey values: light and fouling change how strong an edge is,
 * rarely where it points. Fish are outvoted. Rotation and zoom are not modelled: a camera that turned about its
 * axis by more than a few degrees gives null.
 *
 * @returns null also for flat pictures, for sides below 32 pixels, and for shifts beyond a fifth of a side
 * @throws RangeError when the pictures differ in size, or a picture has not height × width values
 * @see Kuglin and Hines 1975 (phase correlation); Fitch et al. 2002, BMVC (orientation correlation)
 */
export function estimateShift(before: Grey, after: Grey): Shift | null {
  for (const { values, height, width } of [before, after]) {
    if (values.length !== height * width) {
      throw new RangeError(`${height} x ${width} pixels need ${height * width} values, got ${values.length}`);
    }
  }
  if (before.height !== after.height || before.width !== after.width) {
    throw new RangeError(
      `cannot compare ${before.height} x ${before.width} with ${after.height} x ${after.width} pixels`,
    );
  }
  const size = shrunkSize(before);
  if (Math.min(size.height, size.width) < SHORTEST) return null;
  const first = directions(shrink(before, size), size);
  const second = directions(shrink(after, size), size);
  if (first === null || second === null) return null;

  const reach = { height: Math.floor(REACH * size.height), width: Math.floor(REACH * size.width) };
  const peak = highestPeak(correlation(first, second, size, reach), reach);
  if (peak === null || peak.confidence < LEAST_CONFIDENCE) return null;
  return {
    right: peak.right / size.width,
    down: peak.down / size.height,
    confidence: peak.confidence,
  };
}

interface Plane {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function shrunkSize({ height, width }: Size): Size {
  const scale = Math.min(1, LONGEST / Math.max(height, width));
  return { height: Math.round(height * scale), width: Math.round(width * scale) };
}

/** Area averages, so that fine grain does not alias into edges. */
function shrink({ values, height, width }: Grey, to: Size): Float64Array {
  if (to.height === height && to.width === width) return Float64Array.from(values);
  const rows = new Float64Array(to.height * width);
  spread(height, to.height, (from, into, weight) => {
    for (let x = 0; x < width; x++) rows[into * width + x]! += weight * values[from * width + x]!;
  });
  const result = new Float64Array(to.height * to.width);
  spread(width, to.width, (from, into, weight) => {
    for (let y = 0; y < to.height; y++) result[y * to.width + into]! += weight * rows[y * width + from]!;
  });
  return result;
}

/** Spreads each of the `to` pixels over pixels of `from`, with weights that sum to 1. */
function spread(from: number, to: number, add: (from: number, into: number, weight: number) => void): void {
  const step = from / to;
  for (let i = 0; i < to; i++) {
    const [start, end] = [i * step, Math.min(from, (i + 1) * step)];
    for (let j = Math.floor(start); j < end; j++) {
      const share = Math.min(j + 1, end) - Math.max(j, start);
      if (share > 0) add(j, i, share / step);
    }
  }
}

/** Windowed gradients of about unit length, right as real and down as imaginary part; null for a flat picture. */
function directions(grey: Float64Array, { height, width }: Size): Plane | null {
  const re = new Float64Array(height * width);
  const im = new Float64Array(height * width);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      re[i] = (grey[i + 1]! - grey[i - 1]!) / 2;
      im[i] = (grey[i + width]! - grey[i - width]!) / 2;
    }
  }
  for (const part of [re, im]) subtractLocalMean(part, { height, width });
  let sum = 0;
  for (let i = 0; i < re.length; i++) sum += modulus(re[i]!, im[i]!);
  // Half the mean: plain unit length would give grain the vote of an edge.
  const grain = (0.5 * sum) / re.length;
  if (!(grain > 0)) return null;
  const rows = fade(height);
  const columns = fade(width);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const scale = (rows[y]! * columns[x]!) / (modulus(re[i]!, im[i]!) + grain);
      re[i]! *= scale;
      im[i]! *= scale;
    }
  }
  return { re, im };
}

function subtractLocalMean(part: Float64Array, { height, width }: Size): void {
  const stride = width + 1;
  const sums = new Float64Array((height + 1) * stride);
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += part[y * width + x]!;
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row;
    }
  }
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - SLOPE_RADIUS) * stride;
    const bottom = Math.min(height, y + SLOPE_RADIUS + 1) * stride;
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - SLOPE_RADIUS);
      const right = Math.min(width, x + SLOPE_RADIUS + 1);
      const sum = sums[bottom + right]! - sums[top + right]! - sums[bottom + left]! + sums[top + left]!;
      part[y * width + x]! -= (sum * stride) / ((bottom - top) * (right - left));
    }
  }
}

/** A window of `count` weights, 1 in the middle, fading at both ends as half a Hann window (Tukey's). */
function fade(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const inside = Math.min(i + 0.5, count - i - 0.5) / (FADE * count);
    return inside < 1 ? 0.5 - 0.5 * Math.cos(Math.PI * inside) : 1;
  });
}

/**
 * Phase correlation for each shift within reach, in units of what chance alone would give there.
 *
 * @returns (2 reach.height + 1) × (2 reach.width + 1) values, from the furthest up and left
 */
function correlation(first: Plane, second: Plane, { height, width }: Size, reach: Size): Float64Array {
  // Room for the furthest shift, so that nothing comes round from the other side.
  const grid = { height: powerOfTwo(height + reach.height), width: powerOfTwo(width + reach.width) };
  const a = spectrum(first, { height, width }, grid);
  const b = spectrum(second, { height, width }, grid);
  const count = grid.height * grid.width;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const re = b.re[i]! * a.re[i]! + b.im[i]! * a.im[i]!;
    // the imaginary part with its sign turned: a forward transform of the conjugate is the inverse's conjugate
    const im = b.re[i]! * a.im[i]! - b.im[i]! * a.re[i]!;
    a.re[i] = re;
    a.im[i] = im;
    total += modulus(re, im);
  }
  // Full whitening would let empty frequencies vote with nothing but rounding.
  const floor = (0.3 * total) / count;
  for (let i = 0; i < count; i++) {
    const scale = 1 / (modulus(a.re[i]!, a.im[i]!) + floor);
    a.re[i]! *= scale;
    a.im[i]! *= scale;
  }
  transformColumns(a, grid);
  const rows = expectedSpread(height, reach.height);
  const columns = expectedSpread(width, reach.width);
  const surface = new Float64Array(rows.length * columns.length);
  for (let y = 0, i = 0; y < rows.length; y++) {
    const row = ((y - reach.height + grid.height) % grid.height) * grid.width;
    transformRow(a, row, grid.width);
    for (let x = 0; x < columns.length; x++, i++) {
      const column = (x - reach.width + grid.width) % grid.width;
      surface[i] = a.re[row + column]! / (rows[y]! * columns[x]!);
    }
  }
  return surface;
}

/** For each shift of a line, how widely its windowed product sums would scatter by chance: less as overlap shrinks. */
function expectedSpread(count: number, reach: number): Float64Array {
  const weights = fade(count);
  return Float64Array.from({ length: 2 * reach + 1 }, (_, k) => {
    const shift = Math.abs(k - reach);
    let sum = 0;
    for (let i = shift; i < count; i++) sum += (weights[i]! * weights[i - shift]!) ** 2;
    return Math.sqrt(sum);
  });
}

/** @returns the highest place to a fraction of a pixel; null when it lies on the rim, or nothing varies */
function highestPeak(
  surface: Float64Array,
  reach: Size,
): { right: number; down: number; confidence: number } | null {
  const width = 2 * reach.width + 1;
  const height = 2 * reach.height + 1;
  let best = 0;
  for (let i = 1; i < surface.length; i++) if (surface[i]! > surface[best]!) best = i;
  const top = Math.floor(best / width);
  const left = best % width;
  if (top === 0 || left === 0 || top === height - 1 || left === width - 1) return null;

  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < surface.length; i++) {
    const isPeak =
      Math.abs(Math.floor(i / width) - top) <= PEAK_RADIUS && Math.abs((i % width) - left) <= PEAK_RADIUS;
    if (isPeak) continue;
    count += 1;
    sum += surface[i]!;
    squares += surface[i]! ** 2;
  }
  const mean = sum / count;
  const deviation = Math.sqrt(squares / count - mean * mean);
  if (!(deviation > 0)) return null;
  return {
    right: left - reach.width + summit(surface[best - 1]!, surface[best]!, surface[best + 1]!),
    down: top - reach.height + summit(surface[best - width]!, surface[best]!, surface[best + width]!),
    confidence: (surface[best]! - mean) / deviation,
  };
}

/** Position of the top of a parabola through three values, the middle one highest: -0.5..0.5 from the middle. */
function summit(before: number, middle: number, after: number): number {
  const bend = before - 2 * middle + after;
  return bend < 0 ? (before - after) / (2 * bend) : 0;
}

/** Several times faster than Math.hypot, whose care for overflow is not needed here. */
const modulus = (re: number, im: number) => Math.sqrt(re * re + im * im);

const powerOfTwo = (least: number) => 2 ** Math.ceil(Math.log2(least));

function spectrum({ re, im }: Plane, { height, width }: Size, grid: Size): Plane {
  const plane = {
    re: new Float64Array(grid.height * grid.width),
    im: new Float64Array(grid.height * grid.width),
  };
  for (let y = 0; y < height; y++) {
    plane.re.set(re.subarray(y * width, (y + 1) * width), y * grid.width);
    plane.im.set(im.subarray(y * width, (y + 1) * width), y * grid.width);
    transformRow(plane, y * grid.width, grid.width);
  }
  transformColumns(plane, grid);
  return plane;
}

const transformRow = (plane: Plane, start: number, count: number) => transform(plane, start, count, 1, 1);

/** All columns at once: going along the rows keeps to the cache. */
const transformColumns = (plane: Plane, { height, width }: Size) => transform(plane, 0, height, width, width);

/**
 * The discrete Fourier transform in place, unscaled, of `lanes` neighbouring lines.
 *
 * @param count - values of a line, a power of two
 * @param stride - from one value of a line to its next
 * @see Cooley and Tukey 1965, Math. Comput. 19 (decimation in time)
 */
function transform({ re, im }: Plane, start: number, count: number, stride: number, lanes: number): void {
  for (let i = 1, j = 0; i < count; i++) {
    let bit = count >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    for (let lane = 0, a = start + i * stride, b = start + j * stride; lane < lanes; lane++, a++, b++) {
      const aRe = re[a]!;
      const aIm = im[a]!;
      re[a] = re[b]!;
      im[a] = im[b]!;
      re[b] = aRe;
      im[b] = aIm;
    }
  }
  for (let half = 1; half < count; half *= 2) {
    for (let k = 0; k < half; k++) {
      const cos = Math.cos((Math.PI * k) / half);
      const sin = -Math.sin((Math.PI * k) / half);
      for (let i = k; i < count; i += 2 * half) {
        let a = start + i * stride;
        let b = a + half * stride;
        for (let lane = 0; lane < lanes; lane++, a++, b++) {
          const bRe = re[b]! * cos - im[b]! * sin;
          const bIm = re[b]! * sin + im[b]! * cos;
          re[b] = re[a]! - bRe;
          im[b] = im[a]! - bIm;
          re[a]! += bRe;
          im[a]! += bIm;
        }
      }
    }
  }
}
