// `BlurPicture` of src/core/domain/picture/noise.ts in WebAssembly SIMD. AssemblyScript, compiled by
// scripts/build-wasm.mjs. The same numbers as tests/oracles/blur.ts, to the last bit: float64 between float32 arrays, in
// the same order. The caller (src/core/encoder/blur/blur-kernels.ts) lays out the memory. Heights and widths are even.

/** Numbers that are worked on together, side by side in every line: two rows' pixels, or two columns of pixels. */
const LANES: usize = 6;
const STEP: usize = LANES << 2;
const PIXEL: usize = 12;

import { put, two } from '../../assembly/memory';

export { heapBase } from '../../assembly/memory';

function copyPixel(from: usize, to: usize): void {
  store<u64>(to, load<u64>(from));
  store<u32>(to, load<u32>(from, 8), 8);
}

function average(from: usize, to: usize, count: i32, whole: i32, part: v128, share: v128): void {
  const reach = <usize>(2 * whole + 2) * STEP;
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  for (let i = STEP; i < reach; i += STEP) {
    a = f64x2.add(a, two(from + i));
    b = f64x2.add(b, two(from + i + 8));
    c = f64x2.add(c, two(from + i + 16));
  }
  let leftA = two(from);
  let leftB = two(from + 8);
  let leftC = two(from + 16);
  for (let i = 0; i < count; i++, from += STEP, to += STEP) {
    const rightA = two(from + reach);
    const rightB = two(from + reach + 8);
    const rightC = two(from + reach + 16);
    put(to, f64x2.mul(f64x2.add(a, f64x2.mul(part, f64x2.add(leftA, rightA))), share));
    put(to + 8, f64x2.mul(f64x2.add(b, f64x2.mul(part, f64x2.add(leftB, rightB))), share));
    put(to + 16, f64x2.mul(f64x2.add(c, f64x2.mul(part, f64x2.add(leftC, rightC))), share));
    leftA = two(from + STEP);
    leftB = two(from + STEP + 8);
    leftC = two(from + STEP + 16);
    a = f64x2.add(a, f64x2.sub(rightA, leftA));
    b = f64x2.add(b, f64x2.sub(rightB, leftB));
    c = f64x2.add(c, f64x2.sub(rightC, leftC));
  }
}

/**
 * `blurLine`, of all lanes, for a line of pixels' halves: lanes 0 to 2 from one place, 3 to 5 from another.
 *
 * @param first, second where the lanes' first numbers are, `step` bytes from each to the next
 * @param line, spare room for count + 6 × (whole + 1) numbers of each lane
 */
function blurLines(
  first: usize,
  second: usize,
  step: usize,
  count: i32,
  whole: i32,
  part: v128,
  share: v128,
  line: usize,
  spare: usize,
): void {
  const margin = 3 * (whole + 1);
  let at = line;
  for (let i = 0; i < margin; i++, at += STEP) {
    copyPixel(first, at);
    copyPixel(second, at + PIXEL);
  }
  for (let i = 0, p = first, q = second; i < count; i++, p += step, q += step, at += STEP) {
    copyPixel(p, at);
    copyPixel(q, at + PIXEL);
  }
  for (let i = 0; i < margin; i++, at += STEP) {
    copyPixel(at - STEP, at);
    copyPixel(at - STEP + PIXEL, at + PIXEL);
  }
  average(line, spare, count + 4 * (whole + 1), whole, part, share);
  average(spare, line, count + 2 * (whole + 1), whole, part, share);
  average(line, spare, count, whole, part, share);
  at = spare;
  for (let i = 0, p = first, q = second; i < count; i++, p += step, q += step, at += STEP) {
    copyPixel(at, p);
    copyPixel(at + PIXEL, q);
  }
}

/**
 * `blur` by boxes wider than three pixels, in place.
 *
 * @param picture height × width × 3 floats
 * @param part of one more pixel at each end of a box of 2 × whole + 1
 * @param line, spare room for max(height, width) + 6 × (whole + 1) times 6 floats
 */
export function blurMuch(
  picture: usize,
  height: i32,
  width: i32,
  whole: i32,
  part: f64,
  line: usize,
  spare: usize,
): void {
  const row = <usize>width * PIXEL;
  const parts = f64x2.splat(part);
  const shares = f64x2.splat(1 / (2 * (<f64>whole + part) + 1));
  for (let y = 0, at = picture; y < height; y += 2, at += 2 * row) {
    blurLines(at, at + row, PIXEL, width, whole, parts, shares, line, spare);
  }
  for (let x: usize = 0; x < row; x += 2 * PIXEL) {
    blurLines(picture + x, picture + x + PIXEL, row, height, whole, parts, shares, line, spare);
  }
}

/** Seven taps, a number's neighbours at 1, 2 and 3 steps; two numbers at a time. */
function taps(
  to: usize,
  here: usize,
  l1: usize,
  r1: usize,
  l2: usize,
  r2: usize,
  l3: usize,
  r3: usize,
  w0: v128,
  w1: v128,
  w2: v128,
  w3: v128,
): void {
  let sum = f64x2.add(f64x2.mul(w0, two(here)), f64x2.mul(w1, f64x2.add(two(l1), two(r1))));
  sum = f64x2.add(sum, f64x2.mul(w2, f64x2.add(two(l2), two(r2))));
  put(to, f64x2.add(sum, f64x2.mul(w3, f64x2.add(two(l3), two(r3)))));
}

/** `blurLittle` of height × width × 3 floats, in place; `along` has room for as many, `line` for width × 3 + 18. */
export function blurLittle(
  picture: usize,
  height: i32,
  width: i32,
  middle: f64,
  first: f64,
  second: f64,
  third: f64,
  along: usize,
  line: usize,
): void {
  const row = <usize>width * PIXEL;
  const w0 = f64x2.splat(middle);
  const w1 = f64x2.splat(first);
  const w2 = f64x2.splat(second);
  const w3 = f64x2.splat(third);
  for (let y = 0; y < height; y++) {
    const from = picture + <usize>y * row;
    const to = along + <usize>y * row;
    memory.copy(line + 3 * PIXEL, from, row);
    for (let i: usize = 0; i < 3; i++) {
      copyPixel(from, line + i * PIXEL);
      copyPixel(from + row - PIXEL, line + row + (3 + i) * PIXEL);
    }
    for (let x: usize = 0, p = line; x < row; x += 8, p += 8) {
      taps(to + x, p + 36, p + 24, p + 48, p + 12, p + 60, p, p + 72, w0, w1, w2, w3);
    }
  }
  const last = height - 1;
  for (let y = 0; y < height; y++) {
    const to = picture + <usize>y * row;
    const here = along + <usize>y * row;
    const l1 = along + <usize>max(y - 1, 0) * row;
    const l2 = along + <usize>max(y - 2, 0) * row;
    const l3 = along + <usize>max(y - 3, 0) * row;
    const r1 = along + <usize>min(y + 1, last) * row;
    const r2 = along + <usize>min(y + 2, last) * row;
    const r3 = along + <usize>min(y + 3, last) * row;
    for (let x: usize = 0; x < row; x += 8) {
      taps(to + x, here + x, l1 + x, r1 + x, l2 + x, r2 + x, l3 + x, r3 + x, w0, w1, w2, w3);
    }
  }
}
