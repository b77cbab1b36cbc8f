// A baseline JPEG of a small picture, 4:4:4, in WebAssembly SIMD and float32: the part between its headers and its end.
// AssemblyScript, compiled by scripts/build-wasm.mjs. The caller (../thumbnail-maker.ts) lays out the memory and has the
// tables. Relaxed SIMD is not used: its results differ from one processor to another.

export { heapBase } from '../../assembly/memory';

/** Pixels of an MCU's side: one block of brightness and of each colour. */
const SIDE: i32 = 8;
/** Bytes of the codes of one kind of coefficient: a u32 for each symbol, the code above the five bits of its length. */
const CODES: usize = 256 * 4;
const LENGTH: u32 = 31;
/** Symbols for sixteen zeros, and for nothing but zeros until the end. */
const SIXTEEN: usize = 0xf0;

/** A block while it is transformed, and its levels: both with rows and columns exchanged. */
const room = memory.data(256, 16);
const levels = memory.data(128, 16);
/** Order of the levels in the file: the zigzag of a block whose rows and columns are exchanged. */
const zigzag = memory.data<u8>([
  0, 8, 1, 2, 9, 16, 24, 17, 10, 3, 4, 11, 18, 25, 32, 40, 33, 26, 19, 12, 5, 6, 13, 20, 27, 34, 41, 48, 56,
  49, 42, 35, 28, 21, 14, 7, 15, 22, 29, 36, 43, 50, 57, 58, 51, 44, 37, 30, 23, 31, 38, 45, 52, 59, 60, 53,
  46, 39, 47, 54, 61, 62, 55, 63,
]);

/** Bits that are not written yet, and how many. */
let bits: u64 = 0;
let held: i32 = 0;
let end: usize = 0;

function put(code: u32, length: i32): void {
  bits = (bits << length) | code;
  held += length;
  if (held < 32) return;
  held -= 32;
  const word = <u32>(bits >> held);
  if ((word & 0x80808080 & ~(word + 0x01010101)) == 0) {
    store<u32>(end, bswap(word));
    end += 4;
    return;
  }
  for (let shift = 24; shift >= 0; shift -= 8) putByte(word >> shift);
}

/** A byte of ones is followed by one of zeros, or it would be a marker. */
function putByte(byte: u32): void {
  store<u8>(end++, byte);
  if ((byte & 255) == 255) store<u8>(end++, 0);
}

/** A symbol, whose lower half is the number of bits of `value` that follow. */
function putNumber(codes: usize, symbol: usize, size: i32, value: i32): void {
  const code = load<u32>(codes + (symbol << 2));
  // A negative number is written as its difference from the lowest one of its size.
  const rest = (<u32>(value + (value >> 31))) & ((1 << size) - 1);
  put(((code >> 5) << size) | rest, <i32>(code & LENGTH) + size);
}

function sizeOf(value: i32): i32 {
  return 32 - <i32>clz(<u32>abs(value));
}

/** One dimension of the scaled cosine transform, four columns. @see Arai, Agui, Nakajima 1988; libjpeg's jfdctflt.c */
function transformColumns(from: usize, step: usize, to: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + step);
  const c = v128.load(from + 2 * step);
  const d = v128.load(from + 3 * step);
  const e = v128.load(from + 4 * step);
  const f = v128.load(from + 5 * step);
  const g = v128.load(from + 6 * step);
  const h = v128.load(from + 7 * step);
  const outer = f32x4.add(a, h);
  const second = f32x4.add(b, g);
  const third = f32x4.add(c, f);
  const inner = f32x4.add(d, e);
  const around = f32x4.add(outer, inner);
  const between = f32x4.add(second, third);
  const apart = f32x4.sub(outer, inner);
  const half = f32x4.splat(0.70710678);
  const turned = f32x4.mul(f32x4.add(f32x4.sub(second, third), apart), half);
  v128.store(to, f32x4.add(around, between));
  v128.store(to, f32x4.sub(around, between), 128);
  v128.store(to, f32x4.add(apart, turned), 64);
  v128.store(to, f32x4.sub(apart, turned), 192);

  const far = f32x4.sub(a, h);
  const next = f32x4.sub(b, g);
  const near = f32x4.sub(c, f);
  const low = f32x4.add(f32x4.sub(d, e), near);
  const middle = f32x4.mul(f32x4.add(near, next), half);
  const high = f32x4.add(next, far);
  const shared = f32x4.mul(f32x4.sub(low, high), f32x4.splat(0.38268343));
  const lower = f32x4.add(f32x4.mul(low, f32x4.splat(0.5411961)), shared);
  const upper = f32x4.add(f32x4.mul(high, f32x4.splat(1.306563)), shared);
  const sum = f32x4.add(far, middle);
  const difference = f32x4.sub(far, middle);
  v128.store(to, f32x4.add(difference, lower), 160);
  v128.store(to, f32x4.sub(difference, lower), 96);
  v128.store(to, f32x4.add(sum, upper), 32);
  v128.store(to, f32x4.sub(sum, upper), 224);
}

/** Exchanges rows and columns of 4 × 4 floats in rows of 8. */
function turn(from: usize, to: usize): void {
  const a = v128.load(from);
  const b = v128.load(from, 32);
  const c = v128.load(from, 64);
  const d = v128.load(from, 96);
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const abHigh = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cdHigh = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(ab, cd, 0, 2));
  v128.store(to, i64x2.shuffle(ab, cd, 1, 3), 32);
  v128.store(to, i64x2.shuffle(abHigh, cdHigh, 0, 2), 64);
  v128.store(to, i64x2.shuffle(abHigh, cdHigh, 1, 3), 96);
}

const turned = memory.data(256, 16);

/**
 * @param from its first float, and `step` bytes from row to row
 * @param shares what its coefficients are multiplied by to become levels, in the order of `levels`
 * @param codes of the first coefficient's size, then of the others
 * @param before the first level of the block before
 * @returns the first level
 */
function putBlock(from: usize, step: usize, shares: usize, codes: usize, before: i32): i32 {
  transformColumns(from, step, room);
  transformColumns(from + 16, step, room + 16);
  turn(room, turned);
  turn(room + 16, turned + 128);
  turn(room + 128, turned + 16);
  turn(room + 144, turned + 144);
  transformColumns(turned, 32, room);
  transformColumns(turned + 16, 32, room + 16);
  for (let i: usize = 0; i < 256; i += 32) {
    const low = f32x4.nearest(f32x4.mul(v128.load(room + i), v128.load(shares + i)));
    const high = f32x4.nearest(f32x4.mul(v128.load(room + i, 16), v128.load(shares + i, 16)));
    v128.store(
      levels + (i >> 1),
      i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(low), i32x4.trunc_sat_f32x4_s(high)),
    );
  }
  const first = <i32>load<i16>(levels);
  const change = first - before;
  const size = sizeOf(change);
  putNumber(codes, size, size, change);
  let zeros = 0;
  for (let i: usize = 1; i < 64; i++) {
    const level = <i32>load<i16>(levels + ((<usize>load<u8>(zigzag + i)) << 1));
    if (level == 0) {
      zeros++;
      continue;
    }
    for (; zeros > 15; zeros -= 16) putNumber(codes + CODES, SIXTEEN, 0, 0);
    const bitsOfLevel = sizeOf(level);
    putNumber(codes + CODES, <usize>((zeros << 4) | bitsOfLevel), bitsOfLevel, level);
    zeros = 0;
  }
  if (zeros > 0) putNumber(codes + CODES, 0, 0, 0);
  return first;
}

/**
 * Position of each place of a line between those of another one: bytes to the first of its two, and their weights of
 * 14 bits, low and high half of a u32.
 *
 * @param step bytes from one place to the next
 */
function taps(count: i32, from: i32, step: i32, out: usize): void {
  for (let i = 0; i < count; i++) {
    const middle = ((<f64>i + 0.5) * <f64>from) / <f64>count - 0.5;
    const first = max(0, min(from - 2, <i32>Math.floor(middle)));
    const share = from > 1 ? <u32>nearest(16384 * max<f64>(0, min<f64>(1, middle - <f64>first))) : 0;
    store<i32>(out, first * step);
    store<u32>(out, (share << 16) | (16384 - share), 4);
    out += 8;
  }
}

/**
 * Scales a picture, linearly between its four nearest pixels, into one of whole MCUs: its last column and row go on.
 *
 * @param rgb height × width × 3 bytes
 * @param line width × 3 i16, for a row in units of 1/128
 * @param columns `taps` of the columns, one after the other; then of a row
 * @param out receives 4 bytes for each pixel
 */
function scale(
  rgb: usize,
  height: i32,
  width: i32,
  outHeight: i32,
  outWidth: i32,
  columns: usize,
  line: usize,
  out: usize,
): void {
  const row = <usize>width * 3;
  const outRow = (<usize>wholeOf(outWidth)) << 2;
  const rows = columns + ((<usize>outWidth) << 3);
  const half = i32x4.splat(1 << 20);
  taps(outWidth, width, 6, columns);
  taps(outHeight, height, 3 * width, rows);
  for (let y = 0; y < outHeight; y++) {
    const upper = rgb + load<i32>(rows + ((<usize>y) << 3));
    const lower = upper + row;
    const share = load<u16>(rows + ((<usize>y) << 3), 6) >> 7;
    const above = i16x8.splat(<i16>(128 - share));
    const below = i16x8.splat(<i16>share);
    for (let x: usize = 0; x < row; x += 16) {
      const a = v128.load(upper + x);
      const b = v128.load(lower + x);
      const low = i16x8.add(
        i16x8.mul(i16x8.extend_low_i8x16_u(a), above),
        i16x8.mul(i16x8.extend_low_i8x16_u(b), below),
      );
      const high = i16x8.add(
        i16x8.mul(i16x8.extend_high_i8x16_u(a), above),
        i16x8.mul(i16x8.extend_high_i8x16_u(b), below),
      );
      v128.store(line + (x << 1), low);
      v128.store(line + (x << 1), high, 16);
    }
    let at = out + <usize>y * outRow;
    for (let x: usize = 0; x < (<usize>outWidth) << 3; x += 8) {
      const pixels = v128.load(line + load<i32>(columns + x));
      const channels = i16x8.shuffle(pixels, pixels, 0, 3, 1, 4, 2, 5, 0, 3);
      const sum = i32x4.dot_i16x8_s(channels, v128.load32_splat(columns + x, 4));
      const words = i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(sum, half), 21), half);
      v128.store32_lane(at, i8x16.narrow_i16x8_u(words, words), 0);
      at += 4;
    }
    for (const end = out + <usize>(y + 1) * outRow; at < end; at += 4) store<u32>(at, load<u32>(at - 4));
  }
  for (let y = outHeight; y < wholeOf(outHeight); y++) {
    memory.copy(out + <usize>y * outRow, out + <usize>(outHeight - 1) * outRow, outRow);
  }
}

function wholeOf(side: i32): i32 {
  return (side + SIDE - 1) & -SIDE;
}

function sumOf(red: v128, green: v128, blue: v128, weights: usize): v128 {
  const both = f32x4.add(
    f32x4.mul(red, v128.load32_splat(weights)),
    f32x4.mul(green, v128.load32_splat(weights, 4)),
  );
  return f32x4.add(both, f32x4.mul(blue, v128.load32_splat(weights, 8)));
}

/** ITU-R BT.601 as JFIF has it. */
const brightness = memory.data<f32>([0.299, 0.587, 0.114]);
const towardsBlue = memory.data<f32>([-0.168735892, -0.331264108, 0.5]);
const towardsRed = memory.data<f32>([0.5, -0.418687589, -0.081312411]);

/** Brightness around 0 and both colours of `count` pixels, a multiple of four. */
function convert(pixels: usize, count: usize, luma: usize, blues: usize, reds: usize): void {
  const byte = i32x4.splat(255);
  const middle = f32x4.splat(128);
  for (let at: usize = 0; at < count << 2; at += 16) {
    const four = v128.load(pixels + at);
    const red = f32x4.convert_i32x4_s(v128.and(four, byte));
    const green = f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(four, 8), byte));
    const blue = f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(four, 16), byte));
    v128.store(luma + at, f32x4.sub(sumOf(red, green, blue, brightness), middle));
    v128.store(blues + at, sumOf(red, green, blue, towardsBlue));
    v128.store(reds + at, sumOf(red, green, blue, towardsRed));
  }
}

/**
 * @param rgb height × width × 3 bytes, and a readable row and 16 bytes behind
 * @param shares 64 floats for brightness, then for colours, see `putBlock`
 * @param codes two times 256 u32 for brightness, then for colours, see `putBlock`
 * @param scratch 16 bytes for each pixel of the result, its sides rounded up to whole MCUs; 6 × width + 8 × (outHeight +
 *   outWidth) and 64 more
 * @param out receives the coded blocks
 * @returns how many bytes they are
 */
export function encode(
  rgb: usize,
  height: i32,
  width: i32,
  outHeight: i32,
  outWidth: i32,
  shares: usize,
  codes: usize,
  scratch: usize,
  out: usize,
): i32 {
  const wholeHeight = wholeOf(outHeight);
  const wholeWidth = wholeOf(outWidth);
  const count = <usize>(wholeHeight * wholeWidth);
  const luma = scratch;
  const blues = luma + (count << 2);
  const reds = blues + (count << 2);
  const pixels = reds + (count << 2);
  const columns = pixels + (count << 2);
  const line = columns + ((<usize>(outHeight + outWidth)) << 3);
  scale(rgb, height, width, outHeight, outWidth, columns, line, pixels);
  convert(pixels, count, luma, blues, reds);
  bits = 0;
  held = 0;
  end = out;
  const step = (<usize>wholeWidth) << 2;
  const colourShares = shares + 256;
  const colourCodes = codes + 2 * CODES;
  let last = 0;
  let lastBlue = 0;
  let lastRed = 0;
  for (let y = 0; y < wholeHeight; y += SIDE) {
    for (let x = 0; x < wholeWidth; x += SIDE) {
      const at = <usize>y * step + ((<usize>x) << 2);
      last = putBlock(luma + at, step, shares, codes, last);
      lastBlue = putBlock(blues + at, step, colourShares, colourCodes, lastBlue);
      lastRed = putBlock(reds + at, step, colourShares, colourCodes, lastRed);
    }
  }
  // Filled up with ones.
  if (held & 7) put(0xff >> (held & 7), 8 - (held & 7));
  for (; held > 0; held -= 8) putByte(<u32>(bits >> (held - 8)));
  return <i32>(end - out);
}
