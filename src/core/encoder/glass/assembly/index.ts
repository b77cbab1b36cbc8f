// The slow parts of src/core/domain/glass, in WebAssembly SIMD and float32. AssemblyScript, compiled by
// scripts/build-wasm.mjs. `GlassKernels` of src/core/domain/glass/kernels.ts says what each function is for.
// The caller (src/core/encoder/glass/glass-kernels.ts) lays out the memory. Rows are whole numbers of 16 floats.
// Relaxed SIMD is not used: its results differ from one processor to another.

/** Floats that are readable beyond every array, and the widest blur's reach. */
const MARGIN: usize = 16;
/** Bytes of a blur's kernel: the weight of the middle, of each neighbour outwards, and at last the radius as i32. */
const KERNEL: usize = 64;
const RADIUS: usize = 60;
/** As in bands.ts. */
const BLACK: f32 = 10;

export { heapBase } from '../../assembly/memory';

/** Maps a place outside the line to its mirror place inside it. */
function reflected(i: i32, count: i32): i32 {
  const period = 2 * count;
  const place = ((i % period) + period) % period;
  return place < count ? place : period - 1 - place;
}

/** Sixteen floats with their neighbours on both sides, `step` bytes from one to the next, by a kernel's weights. */
function weigh(p: usize, kernel: usize, step: usize, to: usize): void {
  const middle = v128.load32_splat(kernel);
  const reach = load<usize>(kernel, RADIUS) << 2;
  let a = f32x4.mul(middle, v128.load(p));
  let b = f32x4.mul(middle, v128.load(p, 16));
  let c = f32x4.mul(middle, v128.load(p, 32));
  let d = f32x4.mul(middle, v128.load(p, 48));
  let l = p;
  let r = p;
  for (let tap: usize = 4; tap <= reach; tap += 4) {
    const weight = v128.load32_splat(kernel + tap);
    l -= step;
    r += step;
    a = f32x4.add(a, f32x4.mul(weight, f32x4.add(v128.load(l), v128.load(r))));
    b = f32x4.add(b, f32x4.mul(weight, f32x4.add(v128.load(l, 16), v128.load(r, 16))));
    c = f32x4.add(c, f32x4.mul(weight, f32x4.add(v128.load(l, 32), v128.load(r, 32))));
    d = f32x4.add(d, f32x4.mul(weight, f32x4.add(v128.load(l, 48), v128.load(r, 48))));
  }
  v128.store(to, a);
  v128.store(to, b, 16);
  v128.store(to, c, 32);
  v128.store(to, d, 48);
}

/**
 * Blurs across, then down.
 *
 * @param source height × width floats
 * @param scratch (height + 2 × radius + 1) × width + 2 × MARGIN floats
 * @param out as large as the source; may be the source
 */
function blur(source: usize, height: i32, width: i32, kernel: usize, scratch: usize, out: usize): void {
  const radius = load<i32>(kernel, RADIUS);
  const row = (<usize>width) << 2;
  const line = scratch + (MARGIN << 2);
  const rows = line + row + (MARGIN << 2);
  for (let y = 0; y < height; y++) {
    const from = source + <usize>y * row;
    const to = rows + <usize>(y + radius) * row;
    memory.copy(line, from, row);
    for (let i = 1; i <= radius; i++) {
      const left = load<f32>(from + ((<usize>reflected(-i, width)) << 2));
      const right = load<f32>(from + ((<usize>reflected(width - 1 + i, width)) << 2));
      store<f32>(line - ((<usize>i) << 2), left);
      store<f32>(line + row + ((<usize>(i - 1)) << 2), right);
    }
    for (let x: usize = 0; x < row; x += 64) weigh(line + x, kernel, 4, to + x);
  }
  for (let i = 1; i <= radius; i++) {
    const above = <usize>(radius + reflected(-i, height));
    const below = <usize>(radius + reflected(height - 1 + i, height));
    memory.copy(rows + <usize>(radius - i) * row, rows + above * row, row);
    memory.copy(rows + <usize>(radius + height - 1 + i) * row, rows + below * row, row);
  }
  for (let y = 0; y < height; y++) {
    const from = rows + <usize>(y + radius) * row;
    const to = out + <usize>y * row;
    for (let x: usize = 0; x < row; x += 64) weigh(from + x, kernel, row, to + x);
  }
}

/** Sums of neighbours: of eight values four. */
function pairs(low: v128, high: v128): v128 {
  return f32x4.add(f32x4.shuffle(low, high, 0, 2, 4, 6), f32x4.shuffle(low, high, 1, 3, 5, 7));
}

/** Means of 2 × 2 pixels; height and width are the source's. */
function halve(source: usize, height: i32, width: i32, out: usize): void {
  const row = (<usize>width) << 2;
  const quarter = f32x4.splat(0.25);
  for (let y = 0; y < height; y += 2) {
    const end = source + row;
    for (; source < end; source += 32, out += 16) {
      const low = f32x4.add(v128.load(source), v128.load(source + row));
      const high = f32x4.add(v128.load(source, 16), v128.load(source + row, 16));
      v128.store(out, f32x4.mul(quarter, pairs(low, high)));
    }
    source += row;
  }
}

/** Twice as many rows and columns; height and width are the source's. `scratch` holds width + 2 × MARGIN floats. */
function double(source: usize, height: i32, width: i32, scratch: usize, out: usize): void {
  const row = (<usize>width) << 2;
  const line = scratch + (MARGIN << 2);
  const most = f32x4.splat(0.75);
  const rest = f32x4.splat(0.25);
  for (let y = 0; y < 2 * height; y++) {
    const near = source + <usize>(y >> 1) * row;
    const next = (y >> 1) + ((y & 1) << 1) - 1;
    const far = source + <usize>min(height - 1, max(0, next)) * row;
    for (let x: usize = 0; x < row; x += 16) {
      v128.store(
        line + x,
        f32x4.add(f32x4.mul(most, v128.load(near + x)), f32x4.mul(rest, v128.load(far + x))),
      );
    }
    store<f32>(line - 4, load<f32>(line));
    store<f32>(line + row, load<f32>(line + row - 4));
    for (let x: usize = 0; x < row; x += 16, out += 32) {
      const here = f32x4.mul(most, v128.load(line + x));
      const before = f32x4.add(here, f32x4.mul(rest, v128.load(line + x - 4)));
      const after = f32x4.add(here, f32x4.mul(rest, v128.load(line + x + 4)));
      v128.store(out, f32x4.shuffle(before, after, 0, 4, 1, 5));
      v128.store(out, f32x4.shuffle(before, after, 2, 6, 3, 7), 16);
    }
  }
}

/** Red, green or blue of four pixels, which are 12 bytes, as i32. */
function reds(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, 16, 16, 16, 3, 16, 16, 16, 6, 16, 16, 16, 9, 16, 16, 16));
}

function greens(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(1, 16, 16, 16, 4, 16, 16, 16, 7, 16, 16, 16, 10, 16, 16, 16));
}

function blues(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(2, 16, 16, 16, 5, 16, 16, 16, 8, 16, 16, 16, 11, 16, 16, 16));
}

function sumOf(lanes: v128): f64 {
  return (
    <f64>i32x4.extract_lane(lanes, 0) +
    <f64>i32x4.extract_lane(lanes, 1) +
    <f64>i32x4.extract_lane(lanes, 2) +
    <f64>i32x4.extract_lane(lanes, 3)
  );
}

/** Writes brightness, and red and green against blue in means of 2 × 2 pixels. @returns the mean brightness */
function greyAndYellow(data: usize, height: i32, width: i32, grey: usize, yellow: usize): f64 {
  const row = <usize>width * 3;
  const red = f32x4.splat(0.299);
  const green = f32x4.splat(0.587);
  const blue = f32x4.splat(0.114);
  const eighth = f32x4.splat(0.125);
  let allRed = i32x4.splat(0);
  let allGreen = i32x4.splat(0);
  let allBlue = i32x4.splat(0);
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 8) {
      let even = i32x4.splat(0);
      let odd = i32x4.splat(0);
      for (let k = 0; k < 4; k++) {
        const at = <usize>(k >> 1) * row + <usize>(x + ((k & 1) << 2)) * 3;
        const pixels = v128.load(data + at);
        const r = reds(pixels);
        const g = greens(pixels);
        const b = blues(pixels);
        allRed = i32x4.add(allRed, r);
        allGreen = i32x4.add(allGreen, g);
        allBlue = i32x4.add(allBlue, b);
        const luma = f32x4.add(
          f32x4.add(f32x4.mul(red, f32x4.convert_i32x4_s(r)), f32x4.mul(green, f32x4.convert_i32x4_s(g))),
          f32x4.mul(blue, f32x4.convert_i32x4_s(b)),
        );
        v128.store(grey + ((<usize>((k >> 1) * width + x + ((k & 1) << 2))) << 2), luma);
        const tint = i32x4.sub(i32x4.add(r, g), i32x4.shl(b, 1));
        if ((k & 1) == 0) even = i32x4.add(even, tint);
        else odd = i32x4.add(odd, tint);
      }
      const tints = i32x4.add(i32x4.shuffle(even, odd, 0, 2, 4, 6), i32x4.shuffle(even, odd, 1, 3, 5, 7));
      v128.store(yellow, f32x4.mul(eighth, f32x4.convert_i32x4_s(tints)));
      yellow += 16;
    }
    data += 2 * row;
    grey += (<usize>width) << 3;
  }
  const sum = 0.299 * sumOf(allRed) + 0.587 * sumOf(allGreen) + 0.114 * sumOf(allBlue);
  return sum / <f64>(height * width);
}

/** Differences in shares of the light: (a - b) / (light + BLACK). `count` is in floats. */
function inShares(a: usize, b: usize, light: usize, count: usize, out: usize): void {
  const black = f32x4.splat(BLACK);
  const one = f32x4.splat(1);
  for (let i: usize = 0; i < count << 2; i += 16) {
    const share = f32x4.div(one, f32x4.add(v128.load(light + i), black));
    v128.store(out + i, f32x4.mul(f32x4.sub(v128.load(a + i), v128.load(b + i)), share));
  }
}

/**
 * `BandSplitter.split`.
 *
 * @param data height × width × 3 bytes, and 4 readable ones behind
 * @param kernels of `BAND_BLURS`, one after the other
 * @param scratch 4.125 × height × width + (height + 32) × width + 64 floats
 * @returns the mean brightness
 */
export function split(
  data: usize,
  height: i32,
  width: i32,
  kernels: usize,
  scratch: usize,
  finest: usize,
  fine: usize,
  coarse: usize,
  yellow: usize,
): f64 {
  const pixels = <usize>height * <usize>width;
  const bytes = pixels << 2;
  const grey = scratch;
  const wide = grey + bytes;
  const light = wide + bytes;
  const far = light + bytes;
  const coarseBlur = far + pixels;
  const smallLight = coarseBlur + pixels;
  const yellowFar = smallLight + pixels;
  const tiny = yellowFar + pixels;
  const room = tiny + (pixels >> 2);
  const halfHeight = height >> 1;
  const halfWidth = width >> 1;
  const brightness = greyAndYellow(data, height, width, grey, yellowFar);
  blur(grey, height, width, kernels, room, finest);
  blur(finest, height, width, kernels + KERNEL, room, fine);
  halve(fine, height, width, far);
  blur(far, halfHeight, halfWidth, kernels + 2 * KERNEL, room, far);
  blur(far, halfHeight, halfWidth, kernels + 3 * KERNEL, room, coarseBlur);
  halve(coarseBlur, halfHeight, halfWidth, tiny);
  blur(tiny, height >> 2, width >> 2, kernels + 4 * KERNEL, room, tiny);
  double(tiny, height >> 2, width >> 2, room, smallLight);
  double(smallLight, halfHeight, halfWidth, room, light);
  double(far, halfHeight, halfWidth, room, wide);
  inShares(finest, fine, light, pixels, finest);
  inShares(fine, wide, light, pixels, fine);
  blur(yellowFar, halfHeight, halfWidth, kernels + 5 * KERNEL, room, yellowFar);
  blur(yellowFar, halfHeight, halfWidth, kernels + 3 * KERNEL, room, yellow);
  inShares(far, coarseBlur, smallLight, pixels >> 2, coarse);
  inShares(yellowFar, yellow, smallLight, pixels >> 2, yellow);
  return brightness;
}

export function structureOf(fine: usize, coarse: usize, height: i32, width: i32, out: usize): void {
  halve(fine, height, width, out);
  for (let i: usize = 0; i < <usize>height * <usize>width; i += 16) {
    v128.store(out + i, f32x4.add(v128.load(out + i), v128.load(coarse + i)));
  }
}

/** Adds the four lanes to two sums. */
function plus(sums: v128, lanes: v128): v128 {
  const high = i64x2.shuffle(lanes, lanes, 1, 1);
  return f64x2.add(sums, f64x2.add(f64x2.promote_low_f32x4(lanes), f64x2.promote_low_f32x4(high)));
}

/**
 * `products`, three moves to the right at a time. A row's sum is float32, the sum of the rows float64.
 *
 * @param room height × (width + 2 × pad) floats, for `after` with zeros on both sides
 * @param pad a multiple of 4, at least 2 more than the furthest move to the left or right
 * @param out receives a float64 for each move, and room for two more
 */
export function products(
  before: usize,
  after: usize,
  height: i32,
  width: i32,
  firstDown: i32,
  firstRight: i32,
  downs: i32,
  rights: i32,
  pad: i32,
  room: usize,
  out: usize,
): void {
  const row = (<usize>width) << 2;
  const stride = (<usize>(width + 2 * pad)) << 2;
  memory.fill(room, 0, <usize>height * stride);
  for (let y = 0; y < height; y++) {
    memory.copy(room + <usize>y * stride + ((<usize>pad) << 2), after + <usize>y * row, row);
  }
  for (let i = 0; i < downs; i++) {
    const down = firstDown + i;
    const top = max(0, -down);
    const bottom = min(height, height - down);
    for (let k = 0; k < rights; k += 3) {
      const shift = (<usize>(pad + firstRight + k)) << 2;
      let sum0 = f64x2.splat(0);
      let sum1 = f64x2.splat(0);
      let sum2 = f64x2.splat(0);
      for (let y = top; y < bottom; y++) {
        const p = before + <usize>y * row;
        const q = room + <usize>(y + down) * stride + shift;
        let a = f32x4.splat(0);
        let b = f32x4.splat(0);
        let c = f32x4.splat(0);
        for (let x: usize = 0; x < row; x += 16) {
          const value = v128.load(p + x);
          a = f32x4.add(a, f32x4.mul(value, v128.load(q + x)));
          b = f32x4.add(b, f32x4.mul(value, v128.load(q + x, 4)));
          c = f32x4.add(c, f32x4.mul(value, v128.load(q + x, 8)));
        }
        sum0 = plus(sum0, a);
        sum1 = plus(sum1, b);
        sum2 = plus(sum2, c);
      }
      const at = out + ((<usize>(i * rights + k)) << 3);
      store<f64>(at, f64x2.extract_lane(sum0, 0) + f64x2.extract_lane(sum0, 1));
      store<f64>(at, f64x2.extract_lane(sum1, 0) + f64x2.extract_lane(sum1, 1), 8);
      store<f64>(at, f64x2.extract_lane(sum2, 0) + f64x2.extract_lane(sum2, 1), 16);
    }
  }
}

/**
 * `sumCells`: each column of a row of cells in float32, the cells of columns in float64.
 *
 * @param moved where the band has what the pattern has at its first float: a difference in floats
 * @param columns 3 × (width + 8) floats
 * @param out energy, both and own of each cell, float64
 */
export function sumCells(
  band: usize,
  pattern: usize,
  width: i32,
  side: i32,
  gridHeight: i32,
  gridWidth: i32,
  top: i32,
  bottom: i32,
  left: i32,
  right: i32,
  moved: i32,
  columns: usize,
  out: usize,
): void {
  const row = (<usize>width) << 2;
  const plane = (<usize>(width + 8)) << 2;
  const cells = (<usize>(gridHeight * gridWidth)) << 3;
  memory.fill(out, 0, 3 * cells);
  for (let cellRow = 0; cellRow < gridHeight; cellRow++) {
    const first = max(top, cellRow * side);
    const end = min(bottom, (cellRow + 1) * side);
    if (first >= end) continue;
    for (let x = left; x < right; x += 8) {
      let p = pattern + ((<usize>(first * width + x)) << 2);
      let q = band + ((<usize>(first * width + x + moved)) << 2);
      let energy0 = f32x4.splat(0);
      let energy1 = f32x4.splat(0);
      let both0 = f32x4.splat(0);
      let both1 = f32x4.splat(0);
      let own0 = f32x4.splat(0);
      let own1 = f32x4.splat(0);
      for (let y = first; y < end; y++) {
        const expected0 = v128.load(p);
        const expected1 = v128.load(p, 16);
        const value0 = v128.load(q);
        const value1 = v128.load(q, 16);
        energy0 = f32x4.add(energy0, f32x4.mul(value0, value0));
        energy1 = f32x4.add(energy1, f32x4.mul(value1, value1));
        both0 = f32x4.add(both0, f32x4.mul(value0, expected0));
        both1 = f32x4.add(both1, f32x4.mul(value1, expected1));
        own0 = f32x4.add(own0, f32x4.mul(expected0, expected0));
        own1 = f32x4.add(own1, f32x4.mul(expected1, expected1));
        p += row;
        q += row;
      }
      const at = columns + ((<usize>x) << 2);
      v128.store(at, energy0);
      v128.store(at, energy1, 16);
      v128.store(at + plane, both0);
      v128.store(at + plane, both1, 16);
      v128.store(at + 2 * plane, own0);
      v128.store(at + 2 * plane, own1, 16);
    }
    for (let column = 0; column < gridWidth; column++) {
      let energy: f64 = 0;
      let both: f64 = 0;
      let own: f64 = 0;
      const last = min((column + 1) * side, right);
      for (let x = max(column * side, left); x < last; x++) {
        const at = columns + ((<usize>x) << 2);
        energy += <f64>load<f32>(at);
        both += <f64>load<f32>(at + plane);
        own += <f64>load<f32>(at + 2 * plane);
      }
      const cell = out + ((<usize>(cellRow * gridWidth + column)) << 3);
      store<f64>(cell, energy);
      store<f64>(cell + cells, both);
      store<f64>(cell + 2 * cells, own);
    }
  }
}

/**
 * `sumColours`, exactly.
 *
 * @param data as of `split`, and 16 readable bytes behind
 * @param moved where the picture has what the reference has at its first pixel: a difference in pixels
 * @param columns 3 × width + 16 u16
 * @param out red, green and blue of each cell, float64
 */
export function sumColours(
  data: usize,
  width: i32,
  side: i32,
  gridHeight: i32,
  gridWidth: i32,
  top: i32,
  bottom: i32,
  left: i32,
  right: i32,
  moved: i32,
  columns: usize,
  out: usize,
): void {
  const cells = (<usize>(gridHeight * gridWidth)) << 3;
  memory.fill(out, 0, 3 * cells);
  for (let cellRow = 0; cellRow < gridHeight; cellRow++) {
    const first = max(top, cellRow * side);
    const end = min(bottom, (cellRow + 1) * side);
    if (first >= end) continue;
    for (let i = 3 * left; i < 3 * right; i += 16) {
      let p = data + <usize>(3 * (first * width + moved) + i);
      let low = i16x8.splat(0);
      let high = i16x8.splat(0);
      for (let y = first; y < end; y++) {
        const bytes = v128.load(p);
        low = i16x8.add(low, i16x8.extend_low_i8x16_u(bytes));
        high = i16x8.add(high, i16x8.extend_high_i8x16_u(bytes));
        p += <usize>(3 * width);
      }
      v128.store(columns + ((<usize>i) << 1), low);
      v128.store(columns + ((<usize>i) << 1), high, 16);
    }
    for (let column = 0; column < gridWidth; column++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      const last = min((column + 1) * side, right);
      for (let x = max(column * side, left); x < last; x++) {
        const at = columns + <usize>(6 * x);
        red += <i32>load<u16>(at);
        green += <i32>load<u16>(at, 2);
        blue += <i32>load<u16>(at, 4);
      }
      const cell = out + ((<usize>(cellRow * gridWidth + column)) << 3);
      store<f64>(cell, <f64>red);
      store<f64>(cell + cells, <f64>green);
      store<f64>(cell + 2 * cells, <f64>blue);
    }
  }
}

function order(low: usize, high: usize): void {
  const a0 = v128.load(low);
  const b0 = v128.load(high);
  const a1 = v128.load(low, 16);
  const b1 = v128.load(high, 16);
  v128.store(low, f32x4.pmin(a0, b0));
  v128.store(high, f32x4.pmax(a0, b0));
  v128.store(low, f32x4.pmin(a1, b1), 16);
  v128.store(high, f32x4.pmax(a1, b1), 16);
}

/** Sorts eight columns at once without branches. @see Knuth, TAOCP 3, 5.2.2, algorithm M (Batcher's merge exchange) */
function sortColumns(columns: usize, count: i32): void {
  let most = 1;
  while (2 * most < count) most *= 2;
  for (let p = most; p > 0; p >>= 1) {
    let q = most;
    let r = 0;
    let d = p;
    while (true) {
      for (let start = r; start < count - d; start += 2 * p) {
        const end = min(start + p, count - d);
        for (let i = start; i < end; i++)
          order(columns + ((<usize>i) << 5), columns + ((<usize>(i + d)) << 5));
      }
      if (q == p) break;
      d = q - p;
      q >>= 1;
      r = p;
    }
  }
}

/**
 * `medians`, exactly.
 *
 * @param rows count × length floats, NaN if there is none; none is infinite
 * @param length a multiple of 8
 * @param columns (count + 1) × 8 floats
 * @param out length floats
 */
export function medians(rows: usize, count: i32, length: i32, columns: usize, out: usize): void {
  const row = (<usize>length) << 2;
  const none = f32x4.splat(Infinity);
  const known = columns + ((<usize>count) << 5);
  for (let x: usize = 0; x < row; x += 32) {
    let known0 = i32x4.splat(0);
    let known1 = i32x4.splat(0);
    for (let i = 0; i < count; i++) {
      const p = rows + <usize>i * row + x;
      const value0 = v128.load(p);
      const value1 = v128.load(p, 16);
      const is0 = f32x4.eq(value0, value0);
      const is1 = f32x4.eq(value1, value1);
      known0 = i32x4.sub(known0, is0);
      known1 = i32x4.sub(known1, is1);
      v128.store(columns + ((<usize>i) << 5), v128.bitselect(value0, none, is0));
      v128.store(columns + ((<usize>i) << 5), v128.bitselect(value1, none, is1), 16);
    }
    v128.store(known, known0);
    v128.store(known, known1, 16);
    sortColumns(columns, count);
    for (let lane: usize = 0; lane < 32; lane += 4) {
      const numbers = load<i32>(known + lane);
      const upper = load<f32>(columns + ((<usize>(numbers >> 1)) << 5) + lane);
      let middle = upper;
      if (numbers == 0) middle = NaN;
      else if ((numbers & 1) == 0) {
        const lower = load<f32>(columns + ((<usize>((numbers >> 1) - 1)) << 5) + lane);
        middle = <f32>((<f64>lower + <f64>upper) / 2);
      }
      store<f32>(out + x + lane, middle);
    }
  }
}
