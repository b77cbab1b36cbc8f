// Pillow's 8-bit BILINEAR resize in WebAssembly SIMD, to the byte. AssemblyScript, compiled by scripts/build-wasm.mjs.
// The caller (src/core/encoder/resize/resizer.ts) lays out the memory; every pointer is 16-byte aligned.
//
// A weight k (up to 2^22) is split into k = high * 2^11 + low, so that pairs of taps fit i32x4.dot_i16x8_s, which
// multiplies and adds two at once. The sums are the same integers as with whole weights.
// Four weights take 16 bytes: low 0 1, low 2 3, high 0 1, high 2 3, each an i16. Two take 8: low 0 1, high 0 1; or, where
// there is a factor, two whole numbers and zeros: the factor times their sum is the sum of the weights.

export { decodeJpeg, unstuff } from './jpeg';
export { sums, widen } from './sums';

export { heapBase } from '../../assembly/memory';

/** The first two pixels of four, as 16-bit pairs of equal channels: r r g g b b x x. */
function firstPair(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, 16, 4, 16, 1, 16, 5, 16, 2, 16, 6, 16, 3, 16, 7, 16));
}

function secondPair(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(8, 16, 12, 16, 9, 16, 13, 16, 10, 16, 14, 16, 11, 16, 15, 16));
}

/** The sum of products a x k + b x l, added to a sum. */
function plus(sum: v128, a: v128, k: v128, b: v128, l: v128): v128 {
  return i32x4.add(sum, i32x4.add(i32x4.dot_i16x8_s(a, k), i32x4.dot_i16x8_s(b, l)));
}

/** Rounds the two halves of a weighted sum to bytes and stores them as one pixel. */
function storePixel(out: usize, low: v128, high: v128): void {
  const sum = i32x4.shr_s(i32x4.add(i32x4.shl(high, 11), low), 22);
  const words = i16x8.narrow_i32x4_s(sum, sum);
  v128.store32_lane(out, i8x16.narrow_i16x8_u(words, words), 0);
}

/**
 * Shrinks or stretches rows horizontally, four rows at a time so that each weight is loaded once for four.
 *
 * @param source rows x width pixels, 4 bytes each; `groups` x 16 readable bytes must follow
 * @param groups groups of four weights for each output pixel
 * @param first byte offset of the first tap of each output pixel, i32
 * @param out rows x outWidth pixels, 4 bytes each
 */
export function resizeRows(
  source: usize,
  width: i32,
  rows: i32,
  outWidth: i32,
  weights: usize,
  groups: i32,
  first: usize,
  out: usize,
): void {
  const half = i32x4.splat(1 << 21);
  const zero = i32x4.splat(0);
  const rowBytes = (<usize>width) << 2;
  const outBytes = (<usize>outWidth) << 2;
  let y = 0;
  for (; y + 4 <= rows; y += 4) {
    let k = weights;
    for (let x: usize = 0; x < outBytes; x += 4) {
      let p0 = source + load<i32>(first + x);
      let p1 = p0 + rowBytes,
        p2 = p1 + rowBytes,
        p3 = p2 + rowBytes;
      let low0 = half,
        low1 = half,
        low2 = half,
        low3 = half;
      let high0 = zero,
        high1 = zero,
        high2 = zero,
        high3 = zero;
      for (const end = k + ((<usize>groups) << 4); k < end; k += 16) {
        const k0 = v128.load32_splat(k),
          k1 = v128.load32_splat(k, 4),
          k2 = v128.load32_splat(k, 8),
          k3 = v128.load32_splat(k, 12);
        let v = v128.load(p0);
        let a = firstPair(v),
          b = secondPair(v);
        low0 = plus(low0, a, k0, b, k1);
        high0 = plus(high0, a, k2, b, k3);
        v = v128.load(p1);
        ((a = firstPair(v)), (b = secondPair(v)));
        low1 = plus(low1, a, k0, b, k1);
        high1 = plus(high1, a, k2, b, k3);
        v = v128.load(p2);
        ((a = firstPair(v)), (b = secondPair(v)));
        low2 = plus(low2, a, k0, b, k1);
        high2 = plus(high2, a, k2, b, k3);
        v = v128.load(p3);
        ((a = firstPair(v)), (b = secondPair(v)));
        low3 = plus(low3, a, k0, b, k1);
        high3 = plus(high3, a, k2, b, k3);
        p0 += 16;
        p1 += 16;
        p2 += 16;
        p3 += 16;
      }
      storePixel(out + x, low0, high0);
      storePixel(out + outBytes + x, low1, high1);
      storePixel(out + 2 * outBytes + x, low2, high2);
      storePixel(out + 3 * outBytes + x, low3, high3);
    }
    source += rowBytes << 2;
    out += outBytes << 2;
  }
  for (; y < rows; y++) {
    let k = weights;
    for (let x: usize = 0; x < outBytes; x += 4) {
      let p = source + load<i32>(first + x);
      let low = half,
        high = zero;
      for (const end = k + ((<usize>groups) << 4); k < end; k += 16) {
        const v = v128.load(p);
        const a = firstPair(v),
          b = secondPair(v);
        low = plus(low, a, v128.load32_splat(k), b, v128.load32_splat(k, 4));
        high = plus(high, a, v128.load32_splat(k, 8), b, v128.load32_splat(k, 12));
        p += 16;
      }
      storePixel(out + x, low, high);
    }
    source += rowBytes;
    out += outBytes;
  }
}

/** The left two of four pixels of two rows: equal channels side by side. */
function leftBytes(upper: v128, lower: v128): v128 {
  return i8x16.shuffle(upper, lower, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

function rightBytes(upper: v128, lower: v128): v128 {
  return i8x16.shuffle(upper, lower, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

function scaled(bytes: v128, mean: v128, std: v128): v128 {
  return f32x4.div(f32x4.sub(f32x4.div(f32x4.convert_i32x4_s(bytes), f32x4.splat(255)), mean), std);
}

/**
 * Shrinks or stretches columns, and makes the tensor: ((byte / 255) - mean) / std in float32, as torch does.
 *
 * Works on four pixels at a time, and may write up to three pixels beyond a row: into the next row, which is
 * written later, or into the 16 bytes that must be free after each plane.
 *
 * @param source rows of `stride` bytes, 4 bytes a pixel; one further row must be readable
 * @param pairs of weights for each output row
 * @param first byte offset of the first row of each output row, i32; its factor or 0 likewise
 * @param bytes receives outHeight × width × 3
 * @param plane0 receives outHeight × width floats; plane1 and plane2 likewise
 * @param normalize mean and std of each channel: 6 floats
 * @param isBgr whether the source's pixels begin with blue
 */
export function resizeColumns(
  source: usize,
  stride: i32,
  width: i32,
  outHeight: i32,
  weights: usize,
  pairs: i32,
  first: usize,
  factors: usize,
  bytes: usize,
  plane0: usize,
  plane1: usize,
  plane2: usize,
  normalize: usize,
  isBgr: bool,
): void {
  const half = i32x4.splat(1 << 21);
  const zero = i32x4.splat(0);
  const mean0 = v128.load32_splat(normalize),
    mean1 = v128.load32_splat(normalize, 4),
    mean2 = v128.load32_splat(normalize, 8);
  const std0 = v128.load32_splat(normalize, 12),
    std1 = v128.load32_splat(normalize, 16),
    std2 = v128.load32_splat(normalize, 20);
  for (let y = 0; y < outHeight; y++) {
    const row = source + load<i32>(first + ((<usize>y) << 2));
    const factor = load<i32>(factors + ((<usize>y) << 2));
    const rowWeights = weights + <usize>(y * pairs * 8);
    const end = rowWeights + <usize>(pairs * 8);
    for (let x = 0; x < width; x += 4) {
      let s0 = half,
        s1 = half,
        s2 = half,
        s3 = half;
      let p = row + ((<usize>x) << 2);
      if (factor) {
        ((s0 = zero), (s1 = zero), (s2 = zero), (s3 = zero));
        for (let k = rowWeights; k < end; k += 8) {
          const upper = v128.load(p);
          const lower = v128.load(p + stride);
          const left = leftBytes(upper, lower);
          const right = rightBytes(upper, lower);
          const both = v128.load32_splat(k);
          s0 = i32x4.add(s0, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(left), both));
          s1 = i32x4.add(s1, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(left), both));
          s2 = i32x4.add(s2, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(right), both));
          s3 = i32x4.add(s3, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(right), both));
          p += (<usize>stride) << 1;
        }
        const f = i32x4.splat(factor);
        s0 = i32x4.add(i32x4.mul(s0, f), half);
        s1 = i32x4.add(i32x4.mul(s1, f), half);
        s2 = i32x4.add(i32x4.mul(s2, f), half);
        s3 = i32x4.add(i32x4.mul(s3, f), half);
      } else {
        let high0 = zero,
          high1 = zero,
          high2 = zero,
          high3 = zero;
        for (let k = rowWeights; k < end; k += 8) {
          const upper = v128.load(p);
          const lower = v128.load(p + stride);
          const left = leftBytes(upper, lower);
          const right = rightBytes(upper, lower);
          const a = i16x8.extend_low_i8x16_u(left),
            b = i16x8.extend_high_i8x16_u(left);
          const c = i16x8.extend_low_i8x16_u(right),
            d = i16x8.extend_high_i8x16_u(right);
          const kLow = v128.load32_splat(k),
            kHigh = v128.load32_splat(k, 4);
          s0 = i32x4.add(s0, i32x4.dot_i16x8_s(a, kLow));
          s1 = i32x4.add(s1, i32x4.dot_i16x8_s(b, kLow));
          s2 = i32x4.add(s2, i32x4.dot_i16x8_s(c, kLow));
          s3 = i32x4.add(s3, i32x4.dot_i16x8_s(d, kLow));
          high0 = i32x4.add(high0, i32x4.dot_i16x8_s(a, kHigh));
          high1 = i32x4.add(high1, i32x4.dot_i16x8_s(b, kHigh));
          high2 = i32x4.add(high2, i32x4.dot_i16x8_s(c, kHigh));
          high3 = i32x4.add(high3, i32x4.dot_i16x8_s(d, kHigh));
          p += (<usize>stride) << 1;
        }
        s0 = i32x4.add(i32x4.shl(high0, 11), s0);
        s1 = i32x4.add(i32x4.shl(high1, 11), s1);
        s2 = i32x4.add(i32x4.shl(high2, 11), s2);
        s3 = i32x4.add(i32x4.shl(high3, 11), s3);
      }
      let rgbx = i8x16.narrow_i16x8_u(
        i16x8.narrow_i32x4_s(i32x4.shr_s(s0, 22), i32x4.shr_s(s1, 22)),
        i16x8.narrow_i32x4_s(i32x4.shr_s(s2, 22), i32x4.shr_s(s3, 22)),
      );
      if (isBgr) rgbx = i8x16.shuffle(rgbx, rgbx, 2, 1, 0, 3, 6, 5, 4, 7, 10, 9, 8, 11, 14, 13, 12, 15);
      v128.store(
        bytes + <usize>((y * width + x) * 3),
        i8x16.shuffle(rgbx, rgbx, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15, 15, 15, 15),
      );
      // From the clamped bytes, each channel's four pixels as i32.
      const red = i8x16.swizzle(rgbx, i8x16(0, 16, 16, 16, 4, 16, 16, 16, 8, 16, 16, 16, 12, 16, 16, 16));
      const green = i8x16.swizzle(rgbx, i8x16(1, 16, 16, 16, 5, 16, 16, 16, 9, 16, 16, 16, 13, 16, 16, 16));
      const blue = i8x16.swizzle(rgbx, i8x16(2, 16, 16, 16, 6, 16, 16, 16, 10, 16, 16, 16, 14, 16, 16, 16));
      const at = (<usize>(y * width + x)) << 2;
      v128.store(plane0 + at, scaled(red, mean0, std0));
      v128.store(plane1 + at, scaled(green, mean1, std1));
      v128.store(plane2 + at, scaled(blue, mean2, std2));
    }
  }
}
