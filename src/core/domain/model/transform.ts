import type { Transform } from './model';

/** The taps of one axis of a resize: output i is made of sources `first[i] … first[i] + count[i] - 1`. */
export interface ResizeCoefficients {
  /** width of a row of `weights`: the largest count */
  readonly taps: number;
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** nOut × taps, in units of 2^-22, zero beyond an output's count */
  readonly weights: Int32Array;
}

/** Bits of Pillow's fixed point for 8-bit pictures. */
const PRECISION = 22;

/**
 * The weights of Pillow's 8-bit BILINEAR along one axis: a triangle that widens when shrinking.
 *
 * The weights of an output need not sum to exactly 2^22; Pillow does not correct them either.
 *
 * @param nIn - samples of the source, ≥ 1
 * @param nOut - samples of the result, ≥ 1
 * @see Pillow 11.1 `precompute_coeffs` and `normalize_coeffs_8bpc` in src/libImaging/Resample.c;
 *   equals the taps in tests/fixtures/resize/index.json
 */
export function resizeCoefficients(nIn: number, nOut: number): ResizeCoefficients {
  const scale = nIn / nOut;
  const stretch = Math.max(scale, 1);
  const perStretch = 1 / stretch;
  const taps = Math.ceil(stretch) * 2 + 1;
  const first = new Int32Array(nOut);
  const count = new Int32Array(nOut);
  const weights = new Int32Array(nOut * taps);
  const triangle = new Float64Array(taps);
  for (let i = 0; i < nOut; i++) {
    const centre = (i + 0.5) * scale;
    const low = Math.max(Math.trunc(centre - stretch + 0.5), 0);
    const high = Math.min(Math.trunc(centre + stretch + 0.5), nIn);
    let sum = 0;
    for (let j = low; j < high; j++) {
      const weight = Math.max(0, 1 - Math.abs((j - centre + 0.5) * perStretch));
      triangle[j - low] = weight;
      sum += weight;
    }
    first[i] = low;
    count[i] = high - low;
    for (let j = 0; j < high - low; j++) {
      weights[i * taps + j] = Math.trunc((triangle[j]! / sum) * (1 << PRECISION) + 0.5);
    }
  }
  return { taps, first, count, weights };
}

/**
 * The float32 value of each byte in each channel after `ToTensor` and `Normalize`.
 *
 * torch divides, subtracts and divides in float32. Rounding each double result to float32 gives the same bits,
 * because a double carries more than twice float32's 24 bits, plus two. Multiplying by 1/255 would not:
 * 126 of the 256 values come out one unit in the last place away.
 *
 * @returns 3 × 256, red, green, blue
 * @see torchvision 0.21 `functional.to_tensor` and `functional.normalize`; equals tests/fixtures/resize/normalize.json
 */
export function tensorValues({ mean, std }: Pick<Transform, 'mean' | 'std'>): Float32Array {
  const values = new Float32Array(3 * 256);
  for (let channel = 0; channel < 3; channel++) {
    const shift = Math.fround(mean[channel]!);
    const divisor = Math.fround(std[channel]!);
    for (let byte = 0; byte < 256; byte++) {
      const centred = Math.fround(Math.fround(byte / 255) - shift);
      values[channel * 256 + byte] = Math.fround(centred / divisor);
    }
  }
  return values;
}

/**
 * `ToTensor` and `Normalize`: bytes to a planar float32 tensor, channels first.
 *
 * @param resized - height × width × 3 bytes of `transform.resize`: red, green, blue
 * @param out - receives 3 × height × width numbers from `offset` on
 * @throws RangeError when `resized` is not of the transform's size or `out` is too short
 */
export function toTensor(resized: Uint8Array, transform: Transform, out: Float32Array, offset: number): void {
  const plane = transform.resize.height * transform.resize.width;
  if (resized.length !== plane * 3)
    throw new RangeError(`resized has ${resized.length} bytes, not ${plane * 3}`);
  if (out.length < offset + plane * 3) throw new RangeError(`out is too short for a tensor at ${offset}`);
  const values = tensorValues(transform);
  for (let i = 0, at = 0; i < plane; i++, at += 3) {
    out[offset + i] = values[resized[at]!]!;
    out[offset + plane + i] = values[256 + resized[at + 1]!]!;
    out[offset + 2 * plane + i] = values[512 + resized[at + 2]!]!;
  }
}
