// A band is eight rows of a picture, column by column: eight bytes for each column. All that follows the inverse DCT
// works on bands: libjpeg's upsampling and colours, and the horizontal half of Pillow's resize.

import { high, low } from './idct';

// libjpeg computes with 16-bit fixed point, for example red = y + ((91881 * cr + 32768) >> 16). The same integers for
// every byte, in 16-bit arithmetic (all 256, or 65536 for green, were compared):

function redOf(y: v128, cr: v128): v128 {
  return i16x8.add(i16x8.add(y, cr), i16x8.q15mulr_sat_s(cr, i16x8.splat(13172)));
}

function greenOf(y: v128, cb: v128, cr: v128): v128 {
  const weights = i16x8(-11277, 9367, -11277, 9367, -11277, 9367, -11277, 9367);
  const half = i32x4.splat(1 << 14);
  const first = i32x4.dot_i16x8_s(low(cb, cr), weights);
  const last = i32x4.dot_i16x8_s(high(cb, cr), weights);
  const mixed = i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(first, half), 15),
    i32x4.shr_s(i32x4.add(last, half), 15),
  );
  return i16x8.add(i16x8.sub(y, cr), mixed);
}

function blueOf(y: v128, cb: v128): v128 {
  return i16x8.add(i16x8.add(y, i16x8.shl(cb, 1)), i16x8.q15mulr_sat_s(cb, i16x8.splat(-7471)));
}

/** Stores two columns of eight bytes, row by row: the input of one dot product. */
function storePair(out: usize, both: v128): void {
  v128.store(out, i8x16.shuffle(both, both, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15));
}

/**
 * Converts two columns of a band to red, green and blue.
 *
 * @param cb0 of the first column, less 128, i16; cb1 of the second; cr0 and cr1 likewise
 * @param out receives 16 bytes each of red, green and blue
 */
function storeColours(y: usize, cb0: v128, cb1: v128, cr0: v128, cr1: v128, out: usize): void {
  const y0 = v128.load8x8_u(y),
    y1 = v128.load8x8_u(y, 8);
  storePair(out, i8x16.narrow_i16x8_u(redOf(y0, cr0), redOf(y1, cr1)));
  storePair(out + 16, i8x16.narrow_i16x8_u(greenOf(y0, cb0, cr0), greenOf(y1, cb1, cr1)));
  storePair(out + 32, i8x16.narrow_i16x8_u(blueOf(y0, cb0), blueOf(y1, cb1)));
}

function thrice(value: v128): v128 {
  return i16x8.add(value, i16x8.add(value, value));
}

// libjpeg's "fancy" upsampling. Down: of each row of chroma the upper of two rows is 3 x this row + the row above, the
// lower 3 x this row + the row below. Across: the left of two columns is 3 x this column + the column before, and so on.

/** @param above the column in the band above, of which the last row is read */
function upperRows(above: usize, column: usize): v128 {
  const before = i16x8.replace_lane(v128.load8x8_u(column - 1), 0, <i16>load<u8>(above, 7));
  return i16x8.add(thrice(v128.load8x8_u(column)), before);
}

/** @param below the column in the band below, of which the first row is read */
function lowerRows(column: usize, below: usize): v128 {
  const after = i16x8.replace_lane(v128.load8x8_u(column + 1), 7, <i16>load<u8>(below));
  return i16x8.add(thrice(v128.load8x8_u(column)), after);
}

/** The left column from sums of rows: sixteenths, rounded as libjpeg does, less 128. */
function leftColumn(before: v128, here: v128): v128 {
  return i16x8.shr_s(i16x8.add(i16x8.add(thrice(here), before), i16x8.splat(8 - 128 * 16)), 4);
}

function rightColumn(here: v128, after: v128): v128 {
  return i16x8.shr_s(i16x8.add(i16x8.add(thrice(here), after), i16x8.splat(7 - 128 * 16)), 4);
}

/**
 * Upsamples a band of chroma in both directions and converts the two bands that it colours.
 *
 * @param upper luma of the upper band; lower likewise
 * @param cb before and after the columns stands one more; cr likewise
 * @param above from `cb` and `cr` to the band above, of which the last row is read
 * @param below from `cb` and `cr` to the band below, of which the first row is read
 * @param columns of chroma
 * @param outUpper receives for each pair of columns 16 bytes each of red, green and blue; outLower likewise
 * @see libjpeg-turbo h2v2_fancy_upsample in jdsample.c
 */
export function convertHalved(
  upper: usize,
  lower: usize,
  cb: usize,
  cr: usize,
  above: usize,
  below: usize,
  columns: i32,
  outUpper: usize,
  outLower: usize,
): void {
  let bU0 = upperRows(cb + above - 8, cb - 8),
    bL0 = lowerRows(cb - 8, cb + below - 8),
    rU0 = upperRows(cr + above - 8, cr - 8),
    rL0 = lowerRows(cr - 8, cr + below - 8);
  let bU1 = upperRows(cb + above, cb),
    bL1 = lowerRows(cb, cb + below),
    rU1 = upperRows(cr + above, cr),
    rL1 = lowerRows(cr, cr + below);
  for (let column = 0; column < columns; column++) {
    cb += 8;
    cr += 8;
    const bU2 = upperRows(cb + above, cb),
      bL2 = lowerRows(cb, cb + below),
      rU2 = upperRows(cr + above, cr),
      rL2 = lowerRows(cr, cr + below);
    let cbU = leftColumn(bU0, bU1),
      cbL = leftColumn(bL0, bL1);
    const cbUpper0 = low(cbU, cbL),
      cbLower0 = high(cbU, cbL);
    cbU = rightColumn(bU1, bU2);
    cbL = rightColumn(bL1, bL2);
    const cbUpper1 = low(cbU, cbL),
      cbLower1 = high(cbU, cbL);
    let crU = leftColumn(rU0, rU1),
      crL = leftColumn(rL0, rL1);
    const crUpper0 = low(crU, crL),
      crLower0 = high(crU, crL);
    crU = rightColumn(rU1, rU2);
    crL = rightColumn(rL1, rL2);
    const crUpper1 = low(crU, crL),
      crLower1 = high(crU, crL);
    storeColours(upper, cbUpper0, cbUpper1, crUpper0, crUpper1, outUpper);
    storeColours(lower, cbLower0, cbLower1, crLower0, crLower1, outLower);
    bU0 = bU1;
    bL0 = bL1;
    rU0 = rU1;
    rL0 = rL1;
    bU1 = bU2;
    bL1 = bL2;
    rU1 = rU2;
    rL1 = rL2;
    upper += 16;
    lower += 16;
    outUpper += 48;
    outLower += 48;
  }
}

function leftOf(column: usize): v128 {
  const sum = i16x8.add(thrice(v128.load8x8_u(column)), v128.load8x8_u(column - 8));
  return i16x8.shr_s(i16x8.add(sum, i16x8.splat(1 - 128 * 4)), 2);
}

function rightOf(column: usize): v128 {
  const sum = i16x8.add(thrice(v128.load8x8_u(column)), v128.load8x8_u(column + 8));
  return i16x8.shr_s(i16x8.add(sum, i16x8.splat(2 - 128 * 4)), 2);
}

/** Upsamples a band of chroma across and converts it, as {@link convertHalved}. @see h2v1_fancy_upsample there */
export function convertNarrow(y: usize, cb: usize, cr: usize, columns: i32, out: usize): void {
  for (let column = 0; column < columns; column++) {
    storeColours(y, leftOf(cb), rightOf(cb), leftOf(cr), rightOf(cr), out);
    y += 16;
    cb += 8;
    cr += 8;
    out += 48;
  }
}

/** Converts a band whose chroma is as wide as its luma, as {@link convertHalved}. @param pairs of columns */
export function convertFull(y: usize, cb: usize, cr: usize, pairs: i32, out: usize): void {
  const middle = i16x8.splat(128);
  for (let pair = 0; pair < pairs; pair++) {
    storeColours(
      y,
      i16x8.sub(v128.load8x8_u(cb), middle),
      i16x8.sub(v128.load8x8_u(cb, 8), middle),
      i16x8.sub(v128.load8x8_u(cr), middle),
      i16x8.sub(v128.load8x8_u(cr, 8), middle),
      out,
    );
    y += 16;
    cb += 16;
    cr += 16;
    out += 48;
  }
}

/** Converts a band without colours into the output of {@link convertHalved}. */
export function convertGrey(y: usize, pairs: i32, out: usize): void {
  for (let pair = 0; pair < pairs; pair++) {
    const both = v128.load(y);
    storePair(out, both);
    storePair(out + 16, both);
    storePair(out + 32, both);
    y += 16;
    out += 48;
  }
}

/** Rounds sums of eight rows, in units of 2^-22, to bytes, in the lower half. */
function rounded(upper: v128, lower: v128): v128 {
  const words = i16x8.narrow_i32x4_s(i32x4.shr_s(upper, 22), i32x4.shr_s(lower, 22));
  return i8x16.narrow_i16x8_u(words, words);
}

/** The weighted sum of one channel's taps. */
function sumTaps(at: usize, k: usize, stop: usize): v128 {
  let low0 = i32x4.splat(1 << 21),
    low1 = low0;
  let high0 = i32x4.splat(0),
    high1 = high0;
  for (; k < stop; k += 8) {
    const upper = v128.load8x8_u(at),
      lower = v128.load8x8_u(at, 8);
    const kLow = v128.load32_splat(k),
      kHigh = v128.load32_splat(k, 4);
    low0 = i32x4.add(low0, i32x4.dot_i16x8_s(upper, kLow));
    low1 = i32x4.add(low1, i32x4.dot_i16x8_s(lower, kLow));
    high0 = i32x4.add(high0, i32x4.dot_i16x8_s(upper, kHigh));
    high1 = i32x4.add(high1, i32x4.dot_i16x8_s(lower, kHigh));
    at += 48;
  }
  return rounded(i32x4.add(i32x4.shl(high0, 11), low0), i32x4.add(i32x4.shl(high1, 11), low1));
}

/** The same for weights that are whole numbers. */
function sumWhole(at: usize, k: usize, stop: usize, factor: v128): v128 {
  let upper = i32x4.splat(0),
    lower = upper;
  for (; k < stop; k += 8) {
    const weights = v128.load32_splat(k);
    upper = i32x4.add(upper, i32x4.dot_i16x8_s(v128.load8x8_u(at), weights));
    lower = i32x4.add(lower, i32x4.dot_i16x8_s(v128.load8x8_u(at, 8), weights));
    at += 48;
  }
  const half = i32x4.splat(1 << 21);
  return rounded(i32x4.add(i32x4.mul(upper, factor), half), i32x4.add(i32x4.mul(lower, factor), half));
}

/**
 * Shrinks or stretches a band of {@link convertHalved} horizontally, to rows of pixels.
 *
 * @param weights for each output pixel `pairs` x 8 bytes: the low 11 bits of two weights, then the high 11, each an i16;
 *   where it has a factor, two whole numbers and zeros
 * @param first byte offset of the first pair of taps of each output pixel, i32; its factor or 0 likewise
 * @param out receives eight rows of outWidth pixels, 4 bytes each
 */
export function resizeBand(
  band: usize,
  outWidth: i32,
  weights: usize,
  pairs: i32,
  first: usize,
  factors: usize,
  out: usize,
): void {
  const stride = <usize>(outWidth << 2);
  const bytes = <usize>(pairs << 3);
  for (const stop = out + stride; out < stop; out += 4) {
    const at = band + load<i32>(first);
    const factor = load<i32>(factors);
    const next = weights + bytes;
    let red: v128, green: v128, blue: v128;
    if (factor) {
      const f = i32x4.splat(factor);
      red = sumWhole(at, weights, next, f);
      green = sumWhole(at + 16, weights, next, f);
      blue = sumWhole(at + 32, weights, next, f);
    } else {
      red = sumTaps(at, weights, next);
      green = sumTaps(at + 16, weights, next);
      blue = sumTaps(at + 32, weights, next);
    }
    const rg = i8x16.shuffle(red, green, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const bb = i8x16.shuffle(blue, blue, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
    const upper = low(rg, bb);
    const lower = high(rg, bb);
    let row = out;
    v128.store32_lane(row, upper, 0);
    v128.store32_lane((row += stride), upper, 1);
    v128.store32_lane((row += stride), upper, 2);
    v128.store32_lane((row += stride), upper, 3);
    v128.store32_lane((row += stride), lower, 0);
    v128.store32_lane((row += stride), lower, 1);
    v128.store32_lane((row += stride), lower, 2);
    v128.store32_lane((row += stride), lower, 3);
    weights = next;
    first += 4;
    factors += 4;
  }
}
