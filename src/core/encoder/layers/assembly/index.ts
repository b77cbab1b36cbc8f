// The slow parts of a model (src/core/encoder/layers/layers.ts), in WebAssembly SIMD. AssemblyScript, compiled by
// scripts/build-wasm.mjs. The caller lays out the memory: maps hold a pixel's channels beside each other, as many as a
// multiple of 8, and zeros around the picture wherever a filter reaches there. Each sum keeps its order, whatever the
// processor.

export { heapBase } from '../../assembly/memory';

/** Bytes of the eight outputs that are computed together. */
const BLOCK: usize = 32;

/** Natural logarithm, the same in every browser. */
export function log(x: f32): f32 {
  return Mathf.log(x);
}

/** [3, height, width] to [height, width, 3]. @param row bytes of a row of the result */
export function interleave(from: usize, to: usize, row: usize, height: i32, width: usize): void {
  const plane = (<usize>height * width) << 2;
  for (let y = 0; y < height; y++, to += row) {
    for (let x: usize = 0, q = to; x < width; x++, from += 4, q += 12) {
      store<f32>(q, load<f32>(from));
      store<f32>(q, load<f32>(from + plane), 4);
      store<f32>(q, load<f32>(from + 2 * plane), 8);
    }
  }
}

/**
 * Four pixels side by side, eight outputs of each: as many sums as V8 keeps in registers. With 5 or 6 pixels, or 12
 * outputs, a product takes half as long again (Chromium 156).
 */
function tile(
  from: usize,
  row: usize,
  step: usize,
  rows: i32,
  taps: usize,
  weight: usize,
  bias: usize,
  to: usize,
  pixel: usize,
  mask: v128,
  least: v128,
): void {
  let a0 = v128.load(bias);
  let a1 = v128.load(bias, 16);
  let b0 = a0;
  let b1 = a1;
  let c0 = a0;
  let c1 = a1;
  let d0 = a0;
  let d1 = a1;
  for (let y = 0; y < rows; y++, from += row) {
    const end = from + taps;
    let b = from + step;
    let c = b + step;
    let d = c + step;
    for (let a = from; a < end; a += 4, b += 4, c += 4, d += 4, weight += BLOCK) {
      const w0 = v128.load(weight);
      const w1 = v128.load(weight, 16);
      let x = v128.load32_splat(a);
      a0 = f32x4.add(a0, f32x4.mul(x, w0));
      a1 = f32x4.add(a1, f32x4.mul(x, w1));
      x = v128.load32_splat(b);
      b0 = f32x4.add(b0, f32x4.mul(x, w0));
      b1 = f32x4.add(b1, f32x4.mul(x, w1));
      x = v128.load32_splat(c);
      c0 = f32x4.add(c0, f32x4.mul(x, w0));
      c1 = f32x4.add(c1, f32x4.mul(x, w1));
      x = v128.load32_splat(d);
      d0 = f32x4.add(d0, f32x4.mul(x, w0));
      d1 = f32x4.add(d1, f32x4.mul(x, w1));
    }
  }
  put(to, a0, a1, mask, least);
  put(to + pixel, b0, b1, mask, least);
  put(to + 2 * pixel, c0, c1, mask, least);
  put(to + 3 * pixel, d0, d1, mask, least);
}

function put(to: usize, low: v128, high: v128, mask: v128, least: v128): void {
  v128.store(to, f32x4.max(v128.and(low, mask), least));
  v128.store(to, f32x4.max(v128.and(high, mask), least), 16);
}

/**
 * Conv, and what is done to its results: bits of them are cleared, then smaller ones raised.
 *
 * @param from where the filter's first place is; `row` and `step` bytes from a place to those below and beside it
 * @param rows, taps of a filter: numbers that lie beside each other in `rows` rows, `taps` bytes of each
 * @param weight [outputs / 8, rows, taps, 8]
 * @param pixel bytes of a pixel's outputs
 */
export function convolve(
  from: usize,
  row: usize,
  down: usize,
  step: usize,
  rows: i32,
  taps: usize,
  weight: usize,
  bias: usize,
  to: usize,
  rowTo: usize,
  pixel: usize,
  height: i32,
  width: i32,
  mask: i32,
  least: f32,
): void {
  const masks = i32x4.splat(mask);
  const leasts = f32x4.splat(least);
  const block = <usize>rows * (taps << 3);
  for (let o: usize = 0; o < pixel; o += BLOCK, weight += block) {
    for (let y = 0; y < height; y++) {
      const p = from + <usize>y * down;
      const q = to + <usize>y * rowTo + o;
      for (let x = 0; x < width; x += 4) {
        // The last four may be computed again in part.
        const at = <usize>min(x, width - 4);
        tile(p + at * step, row, step, rows, taps, weight, bias + o, q + at * pixel, pixel, masks, leasts);
      }
    }
  }
}

/** AveragePool without padding. @param down, step bytes from a window to those below and beside it */
export function average(
  from: usize,
  row: usize,
  pixel: usize,
  down: usize,
  step: usize,
  rows: i32,
  columns: i32,
  to: usize,
  rowTo: usize,
  pixelTo: usize,
  height: i32,
  width: i32,
): void {
  const count = f32x4.splat(<f32>(rows * columns));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c: usize = 0; c < pixelTo; c += 16) {
        let sum = f32x4.splat(0);
        for (let i = 0; i < rows; i++) {
          let p = from + <usize>y * down + <usize>x * step + <usize>i * row + c;
          for (let j = 0; j < columns; j++, p += pixel) sum = f32x4.add(sum, v128.load(p));
        }
        v128.store(to + <usize>y * rowTo + <usize>x * pixelTo + c, f32x4.div(sum, count));
      }
    }
  }
}

/** Gemm of one row: [inputs] by [outputs, inputs], and a bias. @param inputs bytes, a multiple of 32 */
export function multiply(
  from: usize,
  weight: usize,
  bias: usize,
  to: usize,
  inputs: usize,
  outputs: usize,
): void {
  for (let o: usize = 0; o < outputs << 2; o += 4) {
    let a = f32x4.splat(0);
    let b = a;
    for (let i: usize = 0; i < inputs; i += 32, weight += 32) {
      a = f32x4.add(a, f32x4.mul(v128.load(from + i), v128.load(weight)));
      b = f32x4.add(b, f32x4.mul(v128.load(from + i, 16), v128.load(weight, 16)));
    }
    const s = f32x4.add(a, b);
    const left = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1);
    const right = f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3);
    store<f32>(to + o, left + right + load<f32>(bias + o));
  }
}
