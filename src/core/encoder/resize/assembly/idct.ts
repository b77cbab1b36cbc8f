// libjpeg's accurate integer inverse DCT (jidctint.c, "islow"), eight columns at a time, to the bit of its SIMD form:
// 16-bit coefficients, 13-bit constants, rounded by 2^11 after the first pass and by 2^18 after the second.

import { block, blockSum } from './entropy';

/** Result of a pass for the left four columns, then for the right four: eight lines of four i32 each. */
const left = memory.data(128, 16);
const right = memory.data(128, 16);

/** The first four numbers of each, in turn. */
export function low(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

/** The last four numbers of each, in turn. */
export function high(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

/** Sets 128 bytes to 0; `memory.fill` would call out of the module for each block. */
export function clear(at: usize): void {
  const none = i32x4.splat(0);
  v128.store(at, none);
  v128.store(at, none, 16);
  v128.store(at, none, 32);
  v128.store(at, none, 48);
  v128.store(at, none, 64);
  v128.store(at, none, 80);
  v128.store(at, none, 96);
  v128.store(at, none, 112);
}

/**
 * One dimension for four columns.
 *
 * @param p04 lines 0 and 4 interleaved; p26, p13 and p57 likewise
 * @param rounding added before the sums are shifted right by `shift`
 * @param out receives eight lines of four i32
 */
function transformHalf(
  p04: v128,
  p26: v128,
  p13: v128,
  p57: v128,
  rounding: v128,
  shift: i32,
  out: usize,
): void {
  const e0 = i32x4.add(i32x4.dot_i16x8_s(p04, i16x8.splat(8192)), rounding);
  const e1 = i32x4.add(
    i32x4.dot_i16x8_s(p04, i16x8(8192, -8192, 8192, -8192, 8192, -8192, 8192, -8192)),
    rounding,
  );
  const t3 = i32x4.dot_i16x8_s(p26, i16x8(10703, 4433, 10703, 4433, 10703, 4433, 10703, 4433));
  const t2 = i32x4.dot_i16x8_s(p26, i16x8(4433, -10704, 4433, -10704, 4433, -10704, 4433, -10704));
  const o0 = i32x4.add(
    i32x4.dot_i16x8_s(p13, i16x8(2260, -6436, 2260, -6436, 2260, -6436, 2260, -6436)),
    i32x4.dot_i16x8_s(p57, i16x8(9633, -11363, 9633, -11363, 9633, -11363, 9633, -11363)),
  );
  const o1 = i32x4.add(
    i32x4.dot_i16x8_s(p13, i16x8(6437, -11362, 6437, -11362, 6437, -11362, 6437, -11362)),
    i32x4.dot_i16x8_s(p57, i16x8(2261, 9633, 2261, 9633, 2261, 9633, 2261, 9633)),
  );
  const o2 = i32x4.add(
    i32x4.dot_i16x8_s(p13, i16x8(9633, -2259, 9633, -2259, 9633, -2259, 9633, -2259)),
    i32x4.dot_i16x8_s(p57, i16x8(-11362, -6436, -11362, -6436, -11362, -6436, -11362, -6436)),
  );
  const o3 = i32x4.add(
    i32x4.dot_i16x8_s(p13, i16x8(11363, 9633, 11363, 9633, 11363, 9633, 11363, 9633)),
    i32x4.dot_i16x8_s(p57, i16x8(6437, 2260, 6437, 2260, 6437, 2260, 6437, 2260)),
  );
  const t10 = i32x4.add(e0, t3),
    t13 = i32x4.sub(e0, t3),
    t11 = i32x4.add(e1, t2),
    t12 = i32x4.sub(e1, t2);
  v128.store(out, i32x4.shr_s(i32x4.add(t10, o3), shift));
  v128.store(out, i32x4.shr_s(i32x4.add(t11, o2), shift), 16);
  v128.store(out, i32x4.shr_s(i32x4.add(t12, o1), shift), 32);
  v128.store(out, i32x4.shr_s(i32x4.add(t13, o0), shift), 48);
  v128.store(out, i32x4.shr_s(i32x4.sub(t13, o0), shift), 64);
  v128.store(out, i32x4.shr_s(i32x4.sub(t12, o1), shift), 80);
  v128.store(out, i32x4.shr_s(i32x4.sub(t11, o2), shift), 96);
  v128.store(out, i32x4.shr_s(i32x4.sub(t10, o3), shift), 112);
}

/** A line of a pass: its left and right four, each narrowed to 16 bits. */
function line(offset: usize): v128 {
  return i16x8.narrow_i32x4_s(v128.load(left + offset), v128.load(right + offset));
}

// libjpeg-turbo's plain and SIMD code, and so browsers and Pillow, differ where numbers leave 16 bits or samples are far
// beyond 0 to 255. No encoder makes such blocks of a picture; they are left to the browser.
const LEAST_SAMPLE: i16 = -384;
const MOST_SAMPLE: i16 = 639;
/** A coefficient adds at most 0.25 to a sample and 5.6 to a number between the passes. */
const SAFE_SUM: i32 = 2000;

/** True if any number of the last pass lies outside of `from` to `to`. */
function leaves(from: i16, to: i16): bool {
  let lowest = line(0);
  let highest = lowest;
  for (let offset = 16; offset < 128; offset += 16) {
    const numbers = line(offset);
    lowest = i16x8.min_s(lowest, numbers);
    highest = i16x8.max_s(highest, numbers);
  }
  return v128.any_true(v128.or(i16x8.lt_s(lowest, i16x8.splat(from)), i16x8.gt_s(highest, i16x8.splat(to))));
}

/** Makes 64 samples of a `block` of which only the first coefficient is not zero. @returns false: leave the picture */
export function flatSamples(out: usize): bool {
  const sample = ((<i32>load<i16>(block) + 4) >> 3) + 128;
  if (sample < LEAST_SAMPLE || sample > MOST_SAMPLE) return false;
  const samples = i8x16.splat(<i8>max(0, min(255, sample)));
  v128.store(out, samples);
  v128.store(out, samples, 16);
  v128.store(out, samples, 32);
  v128.store(out, samples, 48);
  return true;
}

/**
 * Makes 64 samples of `block`.
 *
 * @param isSmall whether no coefficient stands outside of the upper left 4 x 4
 * @param out receives them column by column
 * @returns false: leave the picture
 */
export function samples(isSmall: bool, out: usize): bool {
  const isLarge = blockSum > SAFE_SUM;
  const none = i32x4.splat(0);
  const first = i32x4.splat(1 << 10);
  let r0 = v128.load(block),
    r1 = v128.load(block, 16),
    r2 = v128.load(block, 32),
    r3 = v128.load(block, 48),
    r4 = v128.load(block, 64),
    r5 = v128.load(block, 80),
    r6 = v128.load(block, 96),
    r7 = v128.load(block, 112);
  transformHalf(low(r0, r4), low(r2, r6), low(r1, r3), low(r5, r7), first, 11, left);
  if (isSmall) clear(right);
  else transformHalf(high(r0, r4), high(r2, r6), high(r1, r3), high(r5, r7), first, 11, right);
  r0 = line(0);
  r1 = line(16);
  r2 = line(32);
  r3 = line(48);
  r4 = line(64);
  r5 = line(80);
  r6 = line(96);
  r7 = line(112);
  if (isLarge && leaves(-16384, 16383)) return false;

  // Turns rows to columns.
  const a0 = low(r0, r4),
    a1 = high(r0, r4),
    a2 = low(r1, r5),
    a3 = high(r1, r5),
    a4 = low(r2, r6),
    a5 = high(r2, r6),
    a6 = low(r3, r7),
    a7 = high(r3, r7);
  const b0 = low(a0, a4),
    b1 = high(a0, a4),
    b2 = low(a2, a6),
    b3 = high(a2, a6);
  r0 = low(b0, b2);
  r1 = high(b0, b2);
  r2 = low(b1, b3);
  r3 = high(b1, b3);
  if (isSmall) {
    r4 = none;
    r5 = none;
    r6 = none;
    r7 = none;
  } else {
    const b4 = low(a1, a5),
      b5 = high(a1, a5),
      b6 = low(a3, a7),
      b7 = high(a3, a7);
    r4 = low(b4, b6);
    r5 = high(b4, b6);
    r6 = low(b5, b7);
    r7 = high(b5, b7);
  }

  // The middle of the samples, 128, is added with the rounding.
  const second = i32x4.splat((1 << 17) + (128 << 18));
  transformHalf(low(r0, r4), low(r2, r6), low(r1, r3), low(r5, r7), second, 18, left);
  transformHalf(high(r0, r4), high(r2, r6), high(r1, r3), high(r5, r7), second, 18, right);
  v128.store(out, i8x16.narrow_i16x8_u(line(0), line(16)));
  v128.store(out, i8x16.narrow_i16x8_u(line(32), line(48)), 16);
  v128.store(out, i8x16.narrow_i16x8_u(line(64), line(80)), 32);
  v128.store(out, i8x16.narrow_i16x8_u(line(96), line(112)), 48);
  return !(isLarge && leaves(LEAST_SAMPLE, MOST_SAMPLE));
}
