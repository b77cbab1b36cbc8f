// Baseline Huffman decoding of 8 x 8 blocks (ITU-T T.81, annex F), for a caller that has read the tables.

/** Bits that the first table of a code looks at. */
const FAST_BITS: i32 = 11;

// A Huffman table, as src/core/encoder/resize/jpeg.ts lays it out: an entry for each first 11 bits; for each length 1
// to 16 the largest code of that length or -1; for each length the offset from a code to its symbol; symbols.
const MAX_CODE: usize = 4 << FAST_BITS;
const TO_SYMBOL: usize = MAX_CODE + 17 * 4;
const SYMBOLS: usize = TO_SYMBOL + 17 * 4;

/** Index in its block of each coefficient of the zigzag order. */
const ZIGZAG = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
]);

/** The 64 coefficients of the block that was read last, times their steps, row by row, i16; kept zero in between. */
export const block = memory.data(128, 16);
/** the sum of their absolute values */
export let blockSum: i32 = 0;

// Bits to come, the next one highest; how many; and the address of the words after them.
let bits: u64 = 0;
let count: i32 = 0;
let next: usize = 0;
/** no more than a block's bits are read beyond it */
let end: usize = 0;

/** Starts to read words of 32 bits at `from`, the first bit highest, of which those up to `to` are the interval's. */
export function begin(from: usize, to: usize): void {
  bits = 0;
  count = 0;
  next = from;
  end = to + 8;
}

/** Number of bits read since `begin` was given `from`. */
export function bitsRead(from: usize): i32 {
  return <i32>(((next - from) << 3) - count);
}

/**
 * Copies an entropy-coded segment, without what keeps markers apart, to words of 32 bits, the first bit highest.
 *
 * @param length of the segment and all that follows it in its file
 * @param intervals receives address and length in bits of each, u32
 * @returns how many there are; -1 unless the picture's end follows the segment
 */
export function unstuff(source: usize, length: i32, out: usize, intervals: usize, mostIntervals: i32): i32 {
  const stop = source + length;
  const none = i8x16.splat(-1);
  let found = 0;
  let begin = out;
  let write = out;
  for (;;) {
    while (source + 16 <= stop) {
      const bytes = v128.load(source);
      v128.store(write, bytes);
      const marks = i8x16.bitmask(i8x16.eq(bytes, none));
      const clean = marks ? ctz(marks) : 16;
      source += clean;
      write += clean;
      if (marks) break;
    }
    while (source < stop && load<u8>(source) != 0xff) {
      store<u8>(write, load<u8>(source));
      source += 1;
      write += 1;
    }
    if (source + 1 >= stop) return -1;
    let marker = <i32>load<u8>(source, 1);
    source += 2;
    if (marker == 0) {
      store<u8>(write, 0xff);
      write += 1;
      continue;
    }
    // Any number of such bytes may stand before a marker.
    const isFilled = marker == 0xff;
    while (marker == 0xff) {
      if (source >= stop) return -1;
      marker = <i32>load<u8>(source);
      source += 1;
    }
    const isEnd = marker == 0xd9;
    // Restart markers count 0 to 7 again and again.
    if (!isEnd && (isFilled || marker != 0xd0 + (found & 7))) return -1;
    if (found == mostIntervals) return -1;
    store<u32>(intervals + <usize>(found * 8), <u32>begin);
    store<u32>(intervals + <usize>(found * 8), <u32>((write - begin) << 3), 4);
    found += 1;
    while (write & 3) {
      store<u8>(write, 0);
      write += 1;
    }
    begin = write;
    if (isEnd) break;
  }
  memory.fill(write, 0, 16);
  for (let at = out; at < write; at += 16) {
    const words = v128.load(at);
    v128.store(at, i8x16.shuffle(words, words, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
  }
  // A damaged block may read beyond the end.
  memory.fill(write + 16, 0, 512);
  return found;
}

/** The symbol of a code longer than 11 bits, with its length above: symbol + 256 x length; -1 when there is none. */
function longCode(table: usize, ahead: u64): i32 {
  for (let length = FAST_BITS + 1; length <= 16; length++) {
    const code = <i32>(ahead >> (64 - length));
    const at = <usize>(length << 2);
    if (code <= load<i32>(table + MAX_CODE + at)) {
      const place = (code + load<i32>(table + TO_SYMBOL + at)) & 255;
      return (<i32>load<u8>(table + SYMBOLS + <usize>place)) | (length << 8);
    }
  }
  return -1;
}

/** The number that `size` bits mean: those that begin with 0 are negative. @see ITU-T T.81, F.2.2.1 */
function extend(value: i32, size: i32): i32 {
  return value < 1 << (size - 1) ? value + 1 - (1 << size) : value;
}

/**
 * Reads one block into `block`.
 *
 * @param steps the quantization steps in zigzag order, u16
 * @param prediction the DC coefficient of the component's block before, i32; receives this one's
 * @returns the zigzag place of the last coefficient that is not zero, 0 when only the first may be; or -1: damaged
 */
export function readBlock(dcTable: usize, acTable: usize, steps: usize, prediction: usize): i32 {
  let b = bits;
  let n = count;
  let p = next;
  if (n <= 32) {
    b |= (<u64>load<u32>(p)) << (32 - n);
    p += 4;
    n += 32;
  }
  let difference = 0;
  let entry = load<i32>(dcTable + ((<usize>(b >> (64 - FAST_BITS))) << 2));
  if (entry >> 16) {
    difference = entry >> 16;
    b <<= entry & 255;
    n -= entry & 255;
  } else {
    let size: i32;
    let length: i32;
    if (entry) {
      size = (entry >> 8) & 255;
      length = entry & 255;
    } else {
      const found = longCode(dcTable, b);
      if (found < 0) return -1;
      size = found & 255;
      length = found >> 8;
    }
    if (size > 11) return -1;
    b <<= length;
    n -= length;
    if (size) {
      difference = extend(<i32>(b >> (64 - size)), size);
      b <<= size;
      n -= size;
    }
  }
  const dc = load<i32>(prediction) + difference;
  if (dc < -2048 || dc > 2047) return -1;
  store<i32>(prediction, dc);
  const first = dc * <i32>load<u16>(steps);
  store<i16>(block, <i16>first);

  let sum = abs(first);
  let last = 0;
  for (let k = 1; k < 64;) {
    if (n <= 32) {
      b |= (<u64>load<u32>(p)) << (32 - n);
      p += 4;
      n += 32;
    }
    entry = load<i32>(acTable + ((<usize>(b >> (64 - FAST_BITS))) << 2));
    let value = entry >> 16;
    if (value) {
      k += (entry >> 8) & 255;
      b <<= entry & 255;
      n -= entry & 255;
    } else {
      let symbol: i32;
      let length: i32;
      if (entry) {
        symbol = (entry >> 8) & 255;
        length = entry & 255;
      } else {
        const found = longCode(acTable, b);
        if (found < 0) return -1;
        symbol = found & 255;
        length = found >> 8;
      }
      b <<= length;
      n -= length;
      const size = symbol & 15;
      if (size == 0) {
        if (symbol == 0) break;
        if (symbol != 0xf0) return -1;
        k += 16;
        continue;
      }
      if (size > 10) return -1;
      k += symbol >> 4;
      value = extend(<i32>(b >> (64 - size)), size);
      b <<= size;
      n -= size;
    }
    if (k > 63) return -1;
    value *= <i32>load<u16>(steps + ((<usize>k) << 1));
    sum += abs(value);
    store<i16>(block + ((<usize>load<u8>(ZIGZAG + <usize>k)) << 1), <i16>value);
    last = k;
    k += 1;
  }
  // No encoder makes larger ones of a picture; libjpeg's variants differ in their results.
  if (p > end || sum > 32767) return -1;
  blockSum = sum;
  bits = b;
  count = n;
  next = p;
  return last;
}
