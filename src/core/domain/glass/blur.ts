import type { Size } from '../model/model';

/** Half of a symmetric kernel: the weight of the middle, then of each neighbour outwards. */
export type HalfKernel = Float64Array;

/**
 * A sampled Gaussian, truncated and normalised to a sum of 1.
 *
 * @param sigma - standard deviation in pixels, > 0
 * @param truncate - length of the kernel's half, in standard deviations
 * @see equals the kernel of scipy.ndimage.gaussian_filter
 */
export function gaussianKernel(sigma: number, truncate = 4): HalfKernel {
  const radius = Math.floor(truncate * sigma + 0.5);
  const kernel = Float64Array.from({ length: radius + 1 }, (_, i) =>
    Math.exp((-0.5 * i * i) / (sigma * sigma)),
  );
  const sum = 2 * kernel.reduce((total, weight) => total + weight, 0) - kernel[0]!;
  return kernel.map((weight) => weight / sum);
}

/** Maps an index outside the line to its mirror index inside it (SciPy mode "reflect"). */
function mirrored(i: number, count: number): number {
  const period = 2 * count;
  const place = ((i % period) + period) % period;
  return place < count ? place : period - 1 - place;
}

/**
 * Blurs pictures of one size, without making arrays.
 *
 * The loops go along whole rows, three pairs of taps at a time: neighbours in memory, and no branch inside.
 *
 * @see equals scipy.ndimage.gaussian_filter, mode `reflect` (tests/fixtures/glass)
 */
export class GaussianBlur {
  readonly #size: Size;
  readonly #line: Float64Array;
  readonly #padded: Float64Array;
  readonly #rows: Float64Array;
  readonly #kernel: HalfKernel;

  /** @param size - of all pictures that it blurs */
  constructor(size: Size, sigma: number, truncate?: number) {
    this.#size = size;
    this.#kernel = gaussianKernel(sigma, truncate);
    this.#line = new Float64Array(size.width);
    this.#padded = new Float64Array(size.width + 2 * (this.#kernel.length + 1));
    this.#rows = new Float64Array(size.height * size.width);
  }

  /** `source` and `out` have height × width values each and may be the same array. */
  run(source: Float32Array, out: Float32Array): void {
    this.#down(source);
    this.#across(out);
  }

  #down(source: Float32Array): void {
    const { height, width } = this.#size;
    const kernel = this.#kernel;
    const line = this.#line;
    const radius = kernel.length - 1;
    const middle = kernel[0]!;
    for (let y = 0; y < height; y++) {
      const row = y * width;
      for (let x = 0; x < width; x++) line[x] = middle * source[row + x]!;
      for (let tap = 1; tap <= radius; tap += 3) {
        const [first, second, third] = [kernel[tap]!, kernel[tap + 1] ?? 0, kernel[tap + 2] ?? 0];
        const above = mirrored(y - tap, height) * width;
        const below = mirrored(y + tap, height) * width;
        const above2 = mirrored(y - tap - 1, height) * width;
        const below2 = mirrored(y + tap + 1, height) * width;
        const above3 = mirrored(y - tap - 2, height) * width;
        const below3 = mirrored(y + tap + 2, height) * width;
        for (let x = 0; x < width; x++) {
          line[x]! +=
            first * (source[above + x]! + source[below + x]!) +
            second * (source[above2 + x]! + source[below2 + x]!) +
            third * (source[above3 + x]! + source[below3 + x]!);
        }
      }
      this.#rows.set(line, row);
    }
  }

  #across(out: Float32Array): void {
    const { height, width } = this.#size;
    const kernel = this.#kernel;
    const rows = this.#rows;
    const line = this.#line;
    const padded = this.#padded;
    const radius = kernel.length - 1;
    const edge = radius + 2;
    const middle = kernel[0]!;
    for (let y = 0; y < height; y++) {
      const row = y * width;
      for (let x = 0; x < width; x++) padded[edge + x] = rows[row + x]!;
      for (let i = 1; i <= radius; i++) {
        padded[edge - i] = rows[row + mirrored(-i, width)]!;
        padded[edge + width - 1 + i] = rows[row + mirrored(width - 1 + i, width)]!;
      }
      for (let x = 0; x < width; x++) line[x] = middle * padded[edge + x]!;
      for (let tap = 1; tap <= radius; tap += 3) {
        const [first, second, third] = [kernel[tap]!, kernel[tap + 1] ?? 0, kernel[tap + 2] ?? 0];
        const left = edge - tap;
        const right = edge + tap;
        for (let x = 0; x < width; x++) {
          line[x]! +=
            first * (padded[left + x]! + padded[right + x]!) +
            second * (padded[left - 1 + x]! + padded[right + 1 + x]!) +
            third * (padded[left - 2 + x]! + padded[right + 2 + x]!);
        }
      }
      out.set(line, row);
    }
  }
}

/** Half of a size whose sides are even. */
export function halfOf({ height, width }: Size): Size {
  return { height: height / 2, width: width / 2 };
}

/** Means of 2 × 2 pixels, a quarter as many values. Both sides of the source are even. */
export function halve(source: Float32Array, { height, width }: Size, out: Float32Array): void {
  for (let y = 0, i = 0; y < height; y += 2) {
    let upper = y * width;
    let lower = upper + width;
    for (let x = 0; x < width; x += 2, i++, upper += 2, lower += 2) {
      out[i] = 0.25 * (source[upper]! + source[upper + 1]! + source[lower]! + source[lower + 1]!);
    }
  }
}
