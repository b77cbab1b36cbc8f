// The sums of src/core/domain/picture/measures.ts, to the bit: all are of whole numbers, but for `squares`, which are
// added up in the same order.

/** Luminance in thousandths of a level, and white in it, as in measures.ts. */
const RED: i32 = 299;
const GREEN: i32 = 587;
const BLUE: i32 = 114;
const FULL: f64 = 255_000;
/** Pixels of a patch's side. */
const PATCH: i32 = 12;

function both(lanes: v128): f64 {
  return f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1);
}

function firstTwo(numbers: v128): v128 {
  return f64x2.convert_low_i32x4_s(numbers);
}

function lastTwo(numbers: v128): v128 {
  return f64x2.convert_low_i32x4_s(i64x2.shuffle(numbers, numbers, 1, 1));
}

/** Luminance of `count` × 3 bytes, with 7 readable ones behind; `out` receives the sums of red, green and blue. */
function luminances(bytes: usize, count: usize, luminance: usize, out: usize): void {
  const zero = i32x4.splat(0);
  // Before a lane is full, at 2^23 bytes.
  const most: usize = 1 << 20;
  let red: f64 = 0;
  let green: f64 = 0;
  let blue: f64 = 0;
  const whole = count & ~3;
  let i: usize = 0;
  while (i < whole) {
    const end = min(whole, i + most);
    let reds = zero;
    let greens = zero;
    let blues = zero;
    for (; i < end; i += 4) {
      const pixels = v128.load(bytes + 3 * i);
      const r = i8x16.swizzle(pixels, i8x16(0, 16, 16, 16, 3, 16, 16, 16, 6, 16, 16, 16, 9, 16, 16, 16));
      const g = i8x16.swizzle(pixels, i8x16(1, 16, 16, 16, 4, 16, 16, 16, 7, 16, 16, 16, 10, 16, 16, 16));
      const b = i8x16.swizzle(pixels, i8x16(2, 16, 16, 16, 5, 16, 16, 16, 8, 16, 16, 16, 11, 16, 16, 16));
      reds = i32x4.add(reds, r);
      greens = i32x4.add(greens, g);
      blues = i32x4.add(blues, b);
      const light = i32x4.add(i32x4.mul(r, i32x4.splat(RED)), i32x4.mul(g, i32x4.splat(GREEN)));
      v128.store(luminance + (i << 2), i32x4.add(light, i32x4.mul(b, i32x4.splat(BLUE))));
    }
    red += both(f64x2.add(firstTwo(reds), lastTwo(reds)));
    green += both(f64x2.add(firstTwo(greens), lastTwo(greens)));
    blue += both(f64x2.add(firstTwo(blues), lastTwo(blues)));
  }
  for (; i < count; i++) {
    const r = <i32>load<u8>(bytes + 3 * i);
    const g = <i32>load<u8>(bytes + 3 * i, 1);
    const b = <i32>load<u8>(bytes + 3 * i, 2);
    red += <f64>r;
    green += <f64>g;
    blue += <f64>b;
    store<i32>(luminance + (i << 2), RED * r + GREEN * g + BLUE * b);
  }
  store<f64>(out, red);
  store<f64>(out, green, 8);
  store<f64>(out, blue, 16);
}

function squares(luminance: usize, count: usize, mean: f64): f64 {
  const full = f64x2.splat(FULL);
  const means = f64x2.splat(mean);
  let sum: f64 = 0;
  const whole = count & ~1;
  let i: usize = 0;
  for (; i < whole; i += 2) {
    const levels = firstTwo(v128.load64_zero(luminance + (i << 2)));
    const difference = f64x2.sub(f64x2.div(levels, full), means);
    const square = f64x2.mul(difference, difference);
    sum += f64x2.extract_lane(square, 0);
    sum += f64x2.extract_lane(square, 1);
  }
  if (i < count) {
    const difference = <f64>load<i32>(luminance + (i << 2)) / FULL - mean;
    sum += difference * difference;
  }
  return sum;
}

/** @param columns width i32, and 3 more: sums of three pixels above one another */
function roughness(luminance: usize, height: i32, width: i32, columns: usize): f64 {
  if (height < 3 || width < 3) return 0;
  const row = (<usize>width) << 2;
  const last = row - 4;
  const nine = i32x4.splat(9);
  let sums = f64x2.splat(0);
  let sum: f64 = 0;
  for (let y = 1; y < height - 1; y++) {
    const here = luminance + <usize>y * row;
    for (let x: usize = 0; x < row; x += 16) {
      const outer = i32x4.add(v128.load(here + x - row), v128.load(here + x + row));
      v128.store(columns + x, i32x4.add(outer, v128.load(here + x)));
    }
    let x: usize = 4;
    for (; x + 16 <= last; x += 16) {
      const sides = i32x4.add(v128.load(columns + x - 4), v128.load(columns + x + 4));
      const around = i32x4.add(sides, v128.load(columns + x));
      const apart = i32x4.abs(i32x4.sub(i32x4.mul(nine, v128.load(here + x)), around));
      sums = f64x2.add(sums, f64x2.add(firstTwo(apart), lastTwo(apart)));
    }
    for (; x < last; x += 4) {
      const around = load<i32>(columns + x - 4) + load<i32>(columns + x) + load<i32>(columns + x + 4);
      sum += <f64>abs(9 * load<i32>(here + x) - around);
    }
  }
  return sum + both(sums);
}

/** @param lowest width × 3 bytes, and 15 more */
function dark(bytes: usize, height: i32, width: i32, lowest: usize): f64 {
  const row = <usize>width * 3;
  let sum: f64 = 0;
  for (let top = 0; top < height; top += PATCH) {
    const bottom = min(top + PATCH, height);
    for (let x: usize = 0; x < row; x += 16) {
      let low = v128.load(bytes + <usize>top * row + x);
      for (let y = top + 1; y < bottom; y++) low = i8x16.min_u(low, v128.load(bytes + <usize>y * row + x));
      v128.store(lowest + x, low);
    }
    for (let left = 0; left < width; left += PATCH) {
      const right = min(left + PATCH, width);
      let darkest: u32 = 255;
      for (let x = left; x < right; x++) {
        const at = lowest + <usize>(3 * x);
        darkest = min(darkest, min(<u32>load<u8>(at, 1), <u32>load<u8>(at, 2)));
      }
      sum += <f64>(darkest * (bottom - top) * (right - left));
    }
  }
  return sum;
}

/**
 * `sumsOf`.
 *
 * @param bytes height × width × 3, and 16 readable ones behind
 * @param scratch height × width + width i32, and 16 bytes more
 * @param out receives red, green, blue, squares, roughness and dark: float64
 */
export function sums(bytes: usize, height: i32, width: i32, scratch: usize, out: usize): void {
  const count = <usize>(height * width);
  const line = scratch + (count << 2);
  luminances(bytes, count, scratch, out);
  const light = <f64>RED * load<f64>(out) + <f64>GREEN * load<f64>(out, 8) + <f64>BLUE * load<f64>(out, 16);
  store<f64>(out, squares(scratch, count, light / (FULL * <f64>count)), 24);
  store<f64>(out, roughness(scratch, height, width, line), 32);
  store<f64>(out, dark(bytes, height, width, line), 40);
}

/** Pixels of three bytes as pixels of four; writes, and reads, up to three pixels more. */
export function widen(bytes: usize, count: i32, out: usize): void {
  for (const end = out + ((<usize>count) << 2); out < end; out += 16, bytes += 12) {
    const pixels = v128.load(bytes);
    v128.store(out, i8x16.swizzle(pixels, i8x16(0, 1, 2, 16, 3, 4, 5, 16, 6, 7, 8, 16, 9, 10, 11, 16)));
  }
}
