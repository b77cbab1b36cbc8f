import type { Size } from '../../domain/model/model';

/** A JPEG that src/core/encoder/resize decodes itself: baseline, 8 bits, one scan, grey or YCbCr. */
export interface BaselineJpeg extends Size {
  /** grey, or Y, Cb and Cr */
  readonly components: readonly JpegComponent[];
  /** luma blocks beside and above each other for one block of each chroma */
  readonly sampling: { readonly across: 1 | 2; readonly down: 1 | 2 };
  /** blocks, or groups of blocks of all components, from one restart marker to the next; 0: there is none */
  readonly restart: number;
  /** the entropy-coded data, with restart markers, and all that follows them */
  readonly scan: Uint8Array;
}

interface JpegComponent {
  /** 64 quantization steps in zigzag order */
  readonly steps: Uint16Array;
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
}

/** Laid out as src/core/encoder/resize/assembly/entropy.ts reads it. */
type HuffmanTable = Uint8Array<ArrayBuffer>;

const FAST_BITS = 11;
export const HUFFMAN_TABLE_BYTES = (4 << FAST_BITS) + 2 * 17 * 4 + 256;
const MOST_KNOWN = 64;
/** libjpeg upsamples narrower pictures in a simpler way. */
const LEAST_SIDE = 16;

/** A JPEG's headers by ITU-T T.81, annex B; null for progressive, other sampling, several scans, or anything odd. */
export function readBaselineJpeg(bytes: Uint8Array): BaselineJpeg | null {
  const steps = new Map<number, Uint16Array>();
  const tables = new Map<number, HuffmanTable>();
  let frame: { readonly size: Size; readonly components: readonly FrameComponent[] } | null = null;
  let restart = 0;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    const end = at + 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
    if (end > bytes.length) return null;
    const segment = bytes.subarray(at + 4, end);
    if (marker === 0xdb) {
      if (!readSteps(segment, steps)) return null;
    } else if (marker === 0xc4) {
      if (!readTables(segment, tables)) return null;
    } else if (marker === 0xc0) {
      if (frame) return null;
      frame = readFrame(segment);
      if (!frame) return null;
    } else if (marker === 0xdd && segment.length === 2) {
      restart = (segment[0]! << 8) | segment[1]!;
    } else if (marker === 0xda) {
      if (!frame || frame.size.width < LEAST_SIDE || frame.size.height < LEAST_SIDE) return null;
      const sampling = samplingOf(frame.components);
      const components = readScan(segment, frame.components, steps, tables);
      if (!sampling || !components) return null;
      return { ...frame.size, components, sampling, restart, scan: bytes.subarray(end) };
    } else if (marker !== 0xfe && (marker < 0xe0 || marker > 0xef)) {
      // Neither a comment nor an application segment.
      return null;
    }
    at = end;
  }
  return null;
}

interface FrameComponent {
  readonly id: number;
  /** sampling factors, across in the upper four bits */
  readonly factors: number;
  readonly steps: number;
}

function readSteps(segment: Uint8Array, steps: Map<number, Uint16Array>): boolean {
  for (let at = 0; at < segment.length; at += 65) {
    // Steps of 16 bits are not baseline.
    if (segment[at]! > 3 || at + 65 > segment.length) return false;
    steps.set(segment[at]!, Uint16Array.from(segment.subarray(at + 1, at + 65)));
  }
  return true;
}

/** A camera's tables are the same in each of its snapshots. */
const known = new Map<string, HuffmanTable | null>();

/** @param tables by class (0 DC, 1 AC) in the upper and number in the lower four bits */
function readTables(segment: Uint8Array, tables: Map<number, HuffmanTable>): boolean {
  for (let at = 0; at < segment.length;) {
    const place = segment[at]!;
    const counts = segment.subarray(at + 1, at + 17);
    const all = counts.reduce((sum, count) => sum + count, 0);
    const symbols = segment.subarray(at + 17, at + 17 + all);
    if (place >> 4 > 1 || (place & 15) > 3 || counts.length < 16 || all > 256 || symbols.length < all)
      return false;
    const isDc = place >> 4 === 0;
    // Longer numbers than 8-bit pictures can have.
    if (symbols.some((symbol) => (isDc ? symbol > 11 : (symbol & 15) > 10))) return false;
    const key = String.fromCharCode(...counts, ...symbols);
    if (!known.has(key)) {
      if (known.size === MOST_KNOWN) known.clear();
      known.set(key, huffmanTable(counts, symbols));
    }
    const table = known.get(key);
    if (!table) return false;
    tables.set(place, table);
    at += 17 + all;
  }
  return true;
}

function readFrame(segment: Uint8Array) {
  const count = segment[5]!;
  if (segment[0] !== 8 || (count !== 1 && count !== 3) || segment.length !== 6 + 3 * count) return null;
  const size = {
    height: (segment[1]! << 8) | segment[2]!,
    width: (segment[3]! << 8) | segment[4]!,
  };
  const components = Array.from({ length: count }, (_, i): FrameComponent => {
    const [id, factors, steps] = segment.subarray(6 + 3 * i);
    return { id: id!, factors: factors!, steps: steps! };
  });
  return { size, components };
}

/** @returns null for a sampling that is not decoded here, such as chroma of half the height alone */
function samplingOf([first, ...chroma]: readonly FrameComponent[]): BaselineJpeg['sampling'] | null {
  // A scan of one component has no groups, whichever factors from 1 to 4 it has.
  if (chroma.length === 0)
    return [first!.factors >> 4, first!.factors & 15].every((factor) => factor >= 1 && factor <= 4)
      ? { across: 1, down: 1 }
      : null;
  if (chroma.some(({ factors }) => factors !== 0x11)) return null;
  const samplings: Record<number, BaselineJpeg['sampling']> = {
    0x11: { across: 1, down: 1 },
    0x21: { across: 2, down: 1 },
    0x22: { across: 2, down: 2 },
  };
  return samplings[first!.factors] ?? null;
}

function readScan(
  segment: Uint8Array,
  frame: readonly FrameComponent[],
  steps: ReadonlyMap<number, Uint16Array>,
  tables: ReadonlyMap<number, HuffmanTable>,
): JpegComponent[] | null {
  const count = frame.length;
  if (segment[0] !== count || segment.length !== 4 + 2 * count) return null;
  const [from, to, bits] = segment.subarray(1 + 2 * count);
  if (from !== 0 || to !== 63 || bits !== 0) return null;
  const components: JpegComponent[] = [];
  for (const [i, component] of frame.entries()) {
    const [id, chosen] = segment.subarray(1 + 2 * i);
    const found = {
      steps: steps.get(component.steps),
      dc: tables.get(chosen! >> 4),
      ac: tables.get(0x10 | (chosen! & 15)),
    };
    if (id !== component.id || !found.steps || !found.dc || !found.ac) return null;
    components.push({ steps: found.steps, dc: found.dc, ac: found.ac });
  }
  return components;
}

/**
 * @param counts - how many codes there are of each length from 1 to 16 bits
 * @param symbols - what they stand for, shortest codes first
 * @returns null when there are more codes than bits allow, or one is all ones
 * @see ITU-T T.81, annex C
 */
function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable | null {
  const table = new Uint8Array(HUFFMAN_TABLE_BYTES);
  const fast = new Int32Array(table.buffer, 0, 1 << FAST_BITS);
  const maxCode = new Int32Array(table.buffer, 4 << FAST_BITS, 17).fill(-1);
  const toSymbol = new Int32Array(table.buffer, (4 << FAST_BITS) + 17 * 4, 17);
  table.set(symbols, HUFFMAN_TABLE_BYTES - 256);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= 16; length += 1) {
    const count = counts[length - 1]!;
    if (code + count >= 1 << length) return null;
    toSymbol[length] = place - code;
    if (count > 0) maxCode[length] = code + count - 1;
    for (const symbol of symbols.subarray(place, place + count)) {
      const spare = FAST_BITS - length;
      for (let bits = 0; spare >= 0 && bits < 1 << spare; bits += 1) {
        fast[(code << spare) | bits] = fastEntry(symbol, length, bits, spare);
      }
      code += 1;
    }
    place += count;
    code <<= 1;
  }
  return table;
}

/**
 * @param bits - the `spare` bits that follow the code
 * @returns run and value of a coefficient whose bits are all there, value << 16 | run << 8 | bits taken; otherwise, and
 *   for a value of 0, symbol << 8 | bits of the code
 */
function fastEntry(symbol: number, length: number, bits: number, spare: number): number {
  const size = symbol & 15;
  if (size === 0 || size > spare) return (symbol << 8) | length;
  const raw = bits >> (spare - size);
  const value = raw < 1 << (size - 1) ? raw + 1 - (1 << size) : raw;
  return (value << 16) | ((symbol >> 4) << 8) | (length + size);
}
