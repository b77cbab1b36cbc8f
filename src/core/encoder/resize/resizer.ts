import { resizeCoefficients, type ResizeCoefficients } from '../../domain/model/transform';
import type { Size, Transform } from '../../domain/model/model';
import type { PictureSums } from '../../domain/picture/measures';
import { HUFFMAN_TABLE_BYTES, type BaselineJpeg } from './jpeg';
import { growTo, roundUp } from '../wasm-memory';

/** Exports of src/core/encoder/resize/assembly; every number but a count is an address in its memory. */
interface ResizeExports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  resizeRows(
    source: number,
    width: number,
    rows: number,
    outWidth: number,
    weights: number,
    groups: number,
    first: number,
    out: number,
  ): void;
  /** @returns how many intervals there are, or -1 when other data follow, or their markers are not in order */
  unstuff(source: number, length: number, out: number, intervals: number, mostIntervals: number): number;
  /** @returns not 0 when the picture is sound */
  decodeJpeg(frame: number, intervals: number): number;
  resizeColumns(
    source: number,
    stride: number,
    width: number,
    outHeight: number,
    weights: number,
    groups: number,
    first: number,
    factors: number,
    bytes: number,
    plane0: number,
    plane1: number,
    plane2: number,
    normalize: number,
    isBgr: boolean,
  ): void;
  sums(bytes: number, height: number, width: number, scratch: number, out: number): void;
  widen(bytes: number, count: number, out: number): void;
}

/** Pixels of a strip: 8 MB, a whole snapshot of 1920×1080. */
const STRIP_PIXELS = 1 << 21;
/** Room for a file, at least. */
const LEAST_FILE = 1 << 16;
/** The code reads and writes whole vectors, so up to 15 bytes past an array. */
const SLACK = 16;
/** Rows of a band, which is decoded at once: up to seven lie below the picture. */
const BAND = 8;
/** Bytes that a damaged block may read beyond the end of the file. */
const BEYOND_FILE = 1024;

/** Layout of a strip's bytes: 4 a pixel, of which X is ignored, or 3. */
export type PixelLayout = 'RGBX' | 'BGRX' | 'RGB';

/** Source of a picture's rows. */
type Source =
  | {
      readonly layout: PixelLayout;
      readonly strip: number;
      /** the same in pixels of 4 bytes; `strip` itself where it has them */
      readonly wide: number;
      readonly stripRows: number;
    }
  | {
      readonly layout: 'JPEG';
      readonly kind: string;
      readonly file: number;
      readonly words: number;
      /** bytes that the file may have */
      readonly capacity: number;
      readonly intervals: number;
      readonly mostIntervals: number;
      readonly frame: number;
      readonly tables: readonly { readonly dc: number; readonly ac: number; readonly steps: number }[];
    };

/** Byte addresses in the WebAssembly memory, for one kind of picture. */
interface Plan {
  readonly from: Source;
  readonly source: Size;
  readonly target: Size;
  readonly across: PlacedTaps;
  readonly down: PlacedTaps;
  readonly normalize: number;
  readonly bytes: number;
  readonly planes: readonly [number, number, number];
  /** for `sums` */
  readonly scratch: number;
  readonly sums: number;
  /** rows of `target.width` pixels, one for each row of the source */
  readonly narrowed: number;
  readonly stride: number;
}

interface PlacedTaps {
  readonly weights: number;
  readonly groups: number;
  readonly first: number;
  readonly factors: number;
}

/**
 * Takes a picture a strip of rows at a time and gives the tensor that torchvision would.
 *
 * Strips bound the memory: a picture of 100 megapixels needs no more than one of two. The memory layout of one picture
 * is kept for the next of the same kind.
 */
export class Resizer {
  readonly #wasm: ResizeExports;
  #plan: Plan | null = null;
  #row = 0;
  /** the tensor of who wants none */
  #spare = new Float32Array(0);

  /** @param module - resize/resize.wasm, compiled */
  constructor(module: WebAssembly.Module) {
    this.#wasm = new WebAssembly.Instance(module).exports as unknown as ResizeExports;
  }

  /** Number of rows that the next {@link strip} may hold, ≥ 1. */
  get stripRows(): number {
    return this.#strip.stripRows;
  }

  /** Starts a picture of size `source`; both sizes ≥ 1×1. */
  begin(source: Size, layout: PixelLayout, target: Size): void {
    this.#row = 0;
    const last = this.#plan;
    if (last?.from.layout === layout && sameSize(last.source, source) && sameSize(last.target, target))
      return;
    const stripRows = Math.max(1, Math.min(source.height, Math.floor(STRIP_PIXELS / source.width)));
    this.#lay(
      source,
      target,
      groupsOfFour(resizeCoefficients(source.width, target.width), 4),
      (memory, taps) => {
        const wide = memory.reserve(stripRows * source.width * 4 + taps.groups * 16);
        const strip = layout === 'RGB' ? memory.reserve(stripRows * source.width * 3) : wide;
        return { layout, strip, wide, stripRows };
      },
    );
  }

  /** Memory for the next rows. Valid until `push`. */
  strip(rows: number): Uint8Array<ArrayBuffer> {
    const { strip, layout } = this.#strip;
    return new Uint8Array(
      this.#buffer,
      strip,
      rows * this.#current.source.width * (layout === 'RGB' ? 3 : 4),
    );
  }

  /** Takes the rows that were written to the strip. */
  push(rows: number): void {
    const { source, target, across, narrowed, stride } = this.#current;
    const { weights, groups, first } = across;
    const { strip, wide } = this.#strip;
    const out = narrowed + this.#row * stride;
    if (wide !== strip) this.#wasm.widen(strip, rows * source.width, wide);
    this.#wasm.resizeRows(wide, source.width, rows, target.width, weights, groups, first, out);
    this.#row += rows;
  }

  /** Decodes a whole picture; `finish` ends it. @returns false if it is damaged and must be decoded another way */
  decode(jpeg: BaselineJpeg, target: Size): boolean {
    const from = this.#layJpeg(jpeg, target);
    new Uint8Array(this.#buffer, from.file, jpeg.scan.length).set(jpeg.scan);
    const { file, words, intervals, mostIntervals } = from;
    const found = this.#wasm.unstuff(file, jpeg.scan.length, words, intervals, mostIntervals);
    if (found < 0) return false;
    for (const [i, { dc, ac, steps }] of from.tables.entries()) {
      const component = jpeg.components[i]!;
      new Uint8Array(this.#buffer, dc, HUFFMAN_TABLE_BYTES).set(component.dc);
      new Uint8Array(this.#buffer, ac, HUFFMAN_TABLE_BYTES).set(component.ac);
      new Uint16Array(this.#buffer, steps, 64).set(component.steps);
    }
    if (!this.#wasm.decodeJpeg(from.frame, found)) return false;
    this.#row = jpeg.height;
    return true;
  }

  /**
   * Ends the picture after its last row.
   *
   * @param tensor - receives 3 × height × width numbers of `transform.resize` from `offset` on
   * @returns height × width × 3 bytes: red, green, blue; valid until the next `begin`
   */
  finish(transform: Transform, tensor: Float32Array, offset: number): Uint8Array {
    const { from, source, target, down, normalize, bytes, planes, narrowed, stride } = this.#current;
    if (this.#row !== source.height) throw new Error(`${this.#row} of ${source.height} rows were pushed`);
    new Float32Array(this.#buffer, normalize, 6).set([...transform.mean, ...transform.std]);
    this.#wasm.resizeColumns(
      narrowed,
      stride,
      target.width,
      target.height,
      down.weights,
      down.groups,
      down.first,
      down.factors,
      bytes,
      ...planes,
      normalize,
      from.layout === 'BGRX',
    );
    const plane = target.height * target.width;
    planes.forEach((at, channel) => {
      tensor.set(new Float32Array(this.#buffer, at, plane), offset + channel * plane);
    });
    return new Uint8Array(this.#buffer, bytes, plane * 3);
  }

  /**
   * Resizes a picture, which is not changed.
   *
   * @param pixels - `source`'s height × width × 3 or 4 bytes: red, green, blue, and one that is ignored
   * @returns as `finish` does
   * @throws RangeError for another number of bytes
   */
  resize(pixels: Uint8Array | Uint8ClampedArray, source: Size, target: Size): Uint8Array {
    const channels = pixels.length / (source.height * source.width);
    if (channels !== 3 && channels !== 4) {
      throw new RangeError(`${source.width} × ${source.height} pixels have not ${pixels.length} bytes`);
    }
    const row = channels * source.width;
    this.begin(source, channels === 3 ? 'RGB' : 'RGBX', target);
    for (let first = 0; first < source.height;) {
      const rows = Math.min(this.stripRows, source.height - first);
      this.strip(rows).set(pixels.subarray(first * row, (first + rows) * row));
      this.push(rows);
      first += rows;
    }
    return this.finishBytes();
  }

  /** As `finish`, where nobody wants the tensor. */
  finishBytes(): Uint8Array {
    const { target } = this.#current;
    const numbers = 3 * target.height * target.width;
    if (this.#spare.length < numbers) this.#spare = new Float32Array(numbers);
    return this.finish({ resize: target, mean: [0, 0, 0], std: [1, 1, 1] }, this.#spare, 0);
  }

  /** Sums of the picture from the last `finish` or `resize`. */
  sums(): PictureSums {
    const { target, bytes, scratch, sums } = this.#current;
    this.#wasm.sums(bytes, target.height, target.width, scratch, sums);
    const numbers = new Float64Array(this.#buffer, sums, 6);
    const [red, green, blue, squares, roughness, dark] = numbers as unknown as SixNumbers;
    return { red, green, blue, squares, roughness, dark };
  }

  get #current(): Plan {
    if (!this.#plan) throw new Error('begin a picture first');
    return this.#plan;
  }

  get #strip() {
    const { from } = this.#current;
    if (from.layout === 'JPEG') throw new Error('begin a picture of pixels first');
    return from;
  }

  get #buffer(): ArrayBuffer {
    return this.#wasm.memory.buffer;
  }

  #layJpeg(jpeg: BaselineJpeg, target: Size) {
    this.#row = 0;
    const { width, height, sampling, restart, scan } = jpeg;
    const { across, down } = sampling;
    const components = jpeg.components.length;
    const columns = Math.ceil(width / (8 * across));
    const intervals = restart === 0 ? 1 : Math.ceil((columns * Math.ceil(height / (8 * down))) / restart);
    const kind = [width, height, across, down, components, target.width, target.height].join(' ');
    const last = this.#plan?.from;
    if (
      last?.layout === 'JPEG' &&
      last.kind === kind &&
      last.capacity >= scan.length &&
      last.mostIntervals >= intervals
    ) {
      new Int32Array(this.#buffer, last.frame)[RESTART] = restart;
      return last;
    }
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(scan.length, LEAST_FILE)));
    const lumaBytes = columns * across * 64;
    const chromaBytes = columns * 64 + 2 * SLACK;
    const taps = groupsOfTwo(resizeCoefficients(width, target.width), 24, true);
    // Near the end, taps of zero weight lie beyond the last column; they are read all the same.
    const pairsBytes = Math.ceil(lumaBytes / 16 + taps.groups) * 48;
    let frame: number[] = [];
    const plan = this.#lay(jpeg, target, taps, (memory, placed, narrowed) => {
      const tables = Array.from({ length: components }, () => ({
        dc: memory.reserve(HUFFMAN_TABLE_BYTES),
        ac: memory.reserve(HUFFMAN_TABLE_BYTES),
        steps: memory.reserve(128),
      }));
      const of = (name: 'dc' | 'ac' | 'steps') => [0, 1, 2].map((i) => tables[i]?.[name] ?? 0);
      const intervalsAt = memory.reserve(8 * intervals);
      // Upsampling reads a column before the first.
      const chroma = () => memory.reserve(3 * chromaBytes + SLACK) + SLACK;
      frame = [
        ...[width, height, components, across, down, restart, intervalsAt],
        ...[...of('dc'), ...of('ac'), ...of('steps')],
        ...[memory.reserve(2 * down * lumaBytes), chroma(), chroma(), lumaBytes, chromaBytes],
        ...[memory.reserve(down * pairsBytes), pairsBytes],
        ...[target.width, placed.weights, placed.groups, placed.first, placed.factors, narrowed],
      ];
      return {
        layout: 'JPEG',
        kind,
        file: memory.reserve(capacity),
        words: memory.reserve(capacity + 4 * intervals + BEYOND_FILE),
        capacity,
        intervals: intervalsAt,
        mostIntervals: intervals,
        frame: memory.reserve(4 * frame.length),
        tables,
      };
    });
    const from = plan.from as Extract<Source, { layout: 'JPEG' }>;
    new Int32Array(this.#buffer, from.frame, frame.length).set(frame);
    return from;
  }

  /**
   * Places everything that one kind of picture needs, and grows the memory if it must.
   *
   * @param laySource - places what its rows come from, given where the horizontal taps and the rows are
   */
  #lay(
    source: Size,
    target: Size,
    across: GroupedTaps,
    laySource: (memory: Arena, across: PlacedTaps, narrowed: number) => Source,
  ): Plan {
    this.#plan = null;
    const stride = target.width * 4;
    const down = groupsOfTwo(resizeCoefficients(source.height, target.height), stride);
    const plane = target.height * target.width;
    const memory = new Arena(this.#wasm);
    const place = ({ groups, weights, first, factors }: GroupedTaps): PlacedTaps => ({
      groups,
      weights: memory.reserve(weights.byteLength),
      first: memory.reserve(first.byteLength),
      factors: memory.reserve(factors.byteLength),
    });
    const placed = { across: place(across), down: place(down) };
    // Near the end, taps of zero weight lie beyond the last row; they are read all the same.
    const narrowed = memory.reserve((source.height + Math.max(down.groups * 2, BAND)) * stride);
    const plan: Plan = {
      from: laySource(memory, placed.across, narrowed),
      source: { height: source.height, width: source.width },
      target,
      ...placed,
      normalize: memory.reserve(6 * 4),
      bytes: memory.reserve(plane * 3),
      planes: [memory.reserve(plane * 4), memory.reserve(plane * 4), memory.reserve(plane * 4)],
      scratch: memory.reserve((plane + target.width) * 4),
      sums: memory.reserve(6 * 8),
      narrowed,
      stride,
    };
    memory.grow();
    for (const [taps, at] of [
      [across, placed.across],
      [down, placed.down],
    ] as const) {
      new Int16Array(this.#buffer, at.weights, taps.weights.length).set(taps.weights);
      new Int32Array(this.#buffer, at.first, taps.first.length).set(taps.first);
      new Int32Array(this.#buffer, at.factors, taps.factors.length).set(taps.factors);
    }
    this.#plan = plan;
    return plan;
  }
}

type SixNumbers = [number, number, number, number, number, number];

/** Index of `Frame.restart` among its numbers. */
const RESTART = 5;

/** Gives out a module's free memory from its beginning. */
class Arena {
  readonly #wasm: ResizeExports;
  #end: number;

  constructor(wasm: ResizeExports) {
    this.#wasm = wasm;
    this.#end = wasm.heapBase();
  }

  /** @returns the address of `bytes` free bytes, a multiple of 16 */
  reserve(bytes: number): number {
    const start = roundUp(this.#end, 16);
    this.#end = start + bytes + SLACK;
    return start;
  }

  /** Grows the memory to the reserved size. */
  grow(): void {
    growTo(this.#wasm.memory, this.#end);
  }
}

interface GroupedTaps {
  readonly groups: number;
  readonly weights: Int16Array;
  /** byte offset of the first tap of each output pixel or row */
  readonly first: Int32Array;
  /** one for each output whose weights are {@link WholeWeights}, else 0; empty if they are not requested */
  readonly factors: Int32Array;
}

/**
 * Splits weights as the SIMD code wants them for rows of pixels: groups of four taps, low 11 bits and high 11 bits apart.
 *
 * @param step - bytes from one tap to the next
 */
function groupsOfFour(coefficients: ResizeCoefficients, step: number): GroupedTaps {
  const used = usedWeights(coefficients);
  const groups = Math.ceil(Math.max(...used.map(({ length }) => length)) / 4);
  const grouped = new Int16Array(used.length * groups * 8);
  for (const [i, weights] of used.entries()) {
    for (const [tap, weight] of weights.entries()) {
      const at = (i * groups + (tap >> 2)) * 8 + (tap & 3);
      grouped[at] = weight & 0x7ff;
      grouped[at + 4] = weight >> 11;
    }
  }
  const first = coefficients.first.map((index) => index * step);
  return { groups, weights: grouped, first, factors: new Int32Array(0) };
}

/**
 * As {@link groupsOfFour}, for pairs of taps: low 11 bits of both, high 11 bits of both, or both whole weights and zeros.
 *
 * @param isEven - whether the first tap of a group must be an even one
 */
function groupsOfTwo(coefficients: ResizeCoefficients, step: number, isEven = false): GroupedTaps {
  const used = usedWeights(coefficients);
  const before = coefficients.first.map((index) => (isEven ? index & 1 : 0));
  const groups = Math.max(...used.map(({ length }, i) => Math.ceil((before[i]! + length) / 2)));
  const grouped = new Int16Array(used.length * groups * 4);
  const factors = new Int32Array(used.length);
  for (const [i, weights] of used.entries()) {
    const whole = wholeWeights(weights);
    factors[i] = whole?.factor ?? 0;
    for (const [tap, weight] of weights.entries()) {
      const place = before[i]! + tap;
      const at = (i * groups + (place >> 1)) * 4 + (place & 1);
      grouped[at] = whole ? whole.weights[tap]! : weight & 0x7ff;
      grouped[at + 2] = whole ? 0 : weight >> 11;
    }
  }
  const first = coefficients.first.map((index, i) => (index - before[i]!) * step);
  return { groups, weights: grouped, first, factors };
}

/** Each output's weights without the zeros at the end, which Pillow has if the triangle just touches a pixel. */
function usedWeights({ taps, count, weights }: ResizeCoefficients): number[][] {
  return Array.from(count, (length, i) => {
    const all = Array.from(weights.subarray(i * taps, i * taps + length));
    return all.slice(0, all.findLastIndex((weight) => weight !== 0) + 1);
  });
}

/** Small whole numbers in place of weights; a sum of them times the factor equals the sum of weights. */
interface WholeWeights {
  readonly weights: readonly number[];
  readonly factor: number;
}

/** The sum of an output's weights. */
const ONE = 1 << 22;

/**
 * Finds whole numbers that give the same bytes as the weights, such as 1 2 3 4 5 4 3 2 1 when a picture is shrunk to a
 * fifth: half the work, because they need not be split.
 *
 * @returns null where there are none, and where their sum is even: a pixel may lie halfway between two bytes then, and
 *   the rounding of Pillow's weights decides
 */
function wholeWeights(weights: readonly number[]): WholeWeights | null {
  const unit = Math.min(...weights);
  const whole = weights.map((weight) => Math.round(weight / unit));
  const sum = whole.reduce((total, weight) => total + weight, 0);
  const factor = Math.round(ONE / sum);
  const error = weights.reduce((total, weight, i) => total + Math.abs(weight - (whole[i]! * ONE) / sum), 0);
  // No sum of bytes is nearer to halfway than half a unit.
  const isExact = sum % 2 === 1 && 255 * (error + Math.abs(factor * sum - ONE)) < ONE / sum / 2;
  return isExact ? { weights: whole, factor } : null;
}

function sameSize(a: Size, b: Size): boolean {
  return a.height === b.height && a.width === b.width;
}
