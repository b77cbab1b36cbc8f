import { BAND_BLURS, emptyBands, refuseOther, type BandArrays, type Bands } from '../../domain/glass/bands';
import { gaussianKernel } from '../../domain/glass/blur';
import { cellGrid, countShown, judgedAfter, shownAfter, type ShownPart } from '../../domain/glass/cells';
import type { CellSums, ColourSums, GlassKernels, KernelsFor } from '../../domain/glass/kernels';
import type { GlassPicture } from '../../domain/glass/picture';
import { movesWithin, type Move } from '../../domain/glass/move';
import type { Size } from '../../domain/model/model';
import { growTo, roundUp } from '../wasm-memory';

/** Exports of glass/assembly/index.ts; every address is in bytes. */
interface GlassExports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  split(
    data: number,
    height: number,
    width: number,
    kernels: number,
    scratch: number,
    finest: number,
    fine: number,
    coarse: number,
    yellow: number,
  ): number;
  structureOf(fine: number, coarse: number, height: number, width: number, out: number): void;
  products(
    before: number,
    after: number,
    height: number,
    width: number,
    firstDown: number,
    firstRight: number,
    downs: number,
    rights: number,
    pad: number,
    room: number,
    out: number,
  ): void;
  sumCells(...parameters: [band: number, pattern: number, ...CellsAt, columns: number, out: number]): void;
  sumColours(...parameters: [data: number, ...CellsAt, columns: number, out: number]): void;
  medians(rows: number, count: number, length: number, columns: number, out: number): void;
}

type CellsAt = [
  width: number,
  side: number,
  gridHeight: number,
  gridWidth: number,
  top: number,
  bottom: number,
  left: number,
  right: number,
  moved: number,
];

/** The code reads and writes whole vectors, so some bytes past an array. */
const SLACK = 64;
/** Bytes of a blur's kernel, and the place of its radius in it. */
const KERNEL = 64;
const RADIUS = 60;
/** Moves that `products` has room for. */
const MOST_MOVES = 1022;
/** Rows that `medians` sorts, and how many of their numbers at a time: together they stay in the processor's cache. */
const MOST_ROWS = 128;
const BLOCK = 256;
/** Floats for each pixel that `floats` can give: the memory of a `Glass` or a fit. */
const KEPT = 10;

/**
 * The arithmetic of `Glass` in float32: some six times as fast as TypeScript.
 *
 * Each size gets a memory of its own, about 90 bytes a pixel, which goes with the kernels. It never grows, since that
 * would detach the arrays that `floats` gave.
 *
 * @param module - glass/glass.wasm, compiled
 * @returns a function that throws RangeError for a width that is no multiple of 64: rows are taken 16 floats at a time,
 *   down to a quarter of the size
 */
export function simdKernels(module: WebAssembly.Module): KernelsFor {
  return (size) => new SimdKernels(size, module);
}

class SimdKernels implements GlassKernels {
  readonly #size: Size;
  readonly #wasm: GlassExports;
  readonly #buffer: ArrayBuffer;
  readonly #blurs: number;
  readonly #picture: number;
  /** arrays from elsewhere are copied here */
  readonly #guests: readonly [number, number, number, number];
  readonly #out: number;
  readonly #scratch: number;
  #free: number;
  readonly #end: number;

  constructor(size: Size, module: WebAssembly.Module) {
    if (size.width % 64 !== 0) throw new RangeError(`a width of ${size.width} is no multiple of 64`);
    const wasm = new WebAssembly.Instance(module).exports as unknown as GlassExports;
    const pixels = size.height * size.width;
    let end = wasm.heapBase();
    const reserve = (bytes: number) => {
      const start = roundUp(end, SLACK);
      end = start + bytes + SLACK;
      return start;
    };
    const blurs = Object.values(BAND_BLURS);
    this.#size = size;
    this.#wasm = wasm;
    this.#blurs = reserve(blurs.length * KERNEL);
    this.#picture = reserve(3 * pixels);
    this.#guests = [reserve(4 * pixels), reserve(4 * pixels), reserve(pixels), reserve(pixels)];
    this.#out = reserve(8 * (MOST_MOVES + 2));
    const forSplit = 4.125 * pixels + (size.height + 32) * size.width + 64;
    const forMedians = MOST_ROWS * (BLOCK + 8) + 8 + BLOCK;
    this.#scratch = reserve(4 * Math.max(forSplit, forMedians));
    this.#free = reserve(KEPT * 4 * pixels + 32 * 2 * SLACK);
    this.#end = end - SLACK;
    growTo(wasm.memory, end);
    this.#buffer = wasm.memory.buffer;
    for (const [k, sigma] of blurs.entries()) {
      const kernel = gaussianKernel(sigma);
      new Float32Array(this.#buffer, this.#blurs + k * KERNEL, kernel.length).set(kernel);
      new Int32Array(this.#buffer, this.#blurs + k * KERNEL + RADIUS, 1)[0] = kernel.length - 1;
    }
  }

  floats(length: number): Float32Array {
    const start = this.#free;
    const next = start + roundUp(4 * length + SLACK, SLACK);
    if (next > this.#end) return new Float32Array(length);
    this.#free = next;
    return new Float32Array(this.#buffer, start, length);
  }

  split(picture: GlassPicture, bands: BandArrays = emptyBands(this.#size)): Bands {
    refuseOther(picture, this.#size);
    const { height, width } = this.#size;
    this.#putPicture(picture.data);
    const { finest, fine, coarse, yellow } = bands;
    const arrays = [finest, fine, coarse, yellow] as const;
    const places = arrays.map((array, k) => this.#placeOf(array) ?? this.#guests[k]!);
    const [a, b, c, d] = places as [number, number, number, number];
    const brightness = this.#wasm.split(this.#picture, height, width, this.#blurs, this.#scratch, a, b, c, d);
    for (const [k, array] of arrays.entries()) {
      if (this.#placeOf(array) === null) array.set(new Float32Array(this.#buffer, places[k], array.length));
    }
    return { ...bands, brightness };
  }

  structureOf({ fine, coarse }: Bands): Float32Array {
    const { height, width } = this.#size;
    this.#wasm.structureOf(this.#put(fine, 0), this.#put(coarse, 1), height, width, this.#scratch);
    return new Float32Array(this.#buffer, this.#scratch, coarse.length).slice();
  }

  products(
    before: Float32Array,
    after: Float32Array,
    size: Size,
    around: Move,
    reach: Move,
    out: Float64Array,
  ): void {
    const [firstDown, firstRight] = [around.down - reach.down, around.right - reach.right];
    const [downs, rights] = [2 * reach.down + 1, 2 * reach.right + 1];
    const pad = roundUp(Math.abs(around.right) + reach.right + 2, 4);
    const moves = movesWithin(reach);
    if (pad > 2 * size.width || moves > MOST_MOVES) {
      throw new RangeError(`${moves} moves around ${around.right} are too many, or too far`);
    }
    this.#wasm.products(
      this.#put(before, 0),
      this.#put(after, 1),
      size.height,
      size.width,
      firstDown,
      firstRight,
      downs,
      rights,
      pad,
      this.#scratch,
      this.#out,
    );
    out.set(new Float64Array(this.#buffer, this.#out, moves));
  }

  sumCells(
    band: Float32Array,
    pattern: Float32Array,
    size: Size,
    side: number,
    move: Move,
    { seen, energy, both, own }: CellSums,
  ): void {
    const shown = judgedAfter(size, move);
    const out = this.#scratch + 3 * 4 * (size.width + 8);
    const [bandAt, patternAt] = [this.#put(band, 0), this.#put(pattern, 1)];
    countShown(size, side, shown, seen);
    this.#wasm.sumCells(bandAt, patternAt, ...cellsAt(size, side, move, shown), this.#scratch, out);
    this.#take(out, [energy, both, own]);
  }

  sumColours(
    data: Uint8Array,
    size: Size,
    side: number,
    move: Move,
    { seen, red, green, blue }: ColourSums,
  ): void {
    const shown = shownAfter(size, move);
    const out = this.#scratch + 8 * (size.width + 8);
    this.#putPicture(data);
    countShown(size, side, shown, seen);
    this.#wasm.sumColours(this.#picture, ...cellsAt(size, side, move, shown), this.#scratch, out);
    this.#take(out, [red, green, blue]);
  }

  medians(rows: readonly Float32Array[]): Float32Array {
    const count = rows.length;
    const length = rows[0]?.length ?? 0;
    if (count > MOST_ROWS) throw new RangeError(`${count} rows are more than ${MOST_ROWS}`);
    const columns = this.#scratch + MOST_ROWS * BLOCK * 4;
    const out = columns + (MOST_ROWS + 1) * 8 * 4;
    const middle = new Float32Array(length);
    for (let from = 0; from < length; from += BLOCK) {
      const block = rows.map((row) => row.subarray(from, from + BLOCK));
      const numbers = block[0]!.length;
      const stride = roundUp(numbers, 8);
      const place = new Float32Array(this.#buffer, this.#scratch, count * stride);
      block.forEach((row, i) => place.set(row, i * stride));
      this.#wasm.medians(this.#scratch, count, stride, columns, out);
      middle.set(new Float32Array(this.#buffer, out, numbers), from);
    }
    return middle;
  }

  #putPicture(data: Uint8Array): void {
    new Uint8Array(this.#buffer, this.#picture, data.length).set(data);
  }

  /** @returns its address; a guest is copied first */
  #put(values: Float32Array, guest: 0 | 1): number {
    const place = this.#placeOf(values);
    if (place !== null) return place;
    new Float32Array(this.#buffer, this.#guests[guest], values.length).set(values);
    return this.#guests[guest];
  }

  #placeOf(values: Float32Array): number | null {
    return values.buffer === this.#buffer ? values.byteOffset : null;
  }

  #take(from: number, arrays: readonly Float64Array[]): void {
    const cells = arrays[0]!.length;
    for (const [k, array] of arrays.entries()) {
      array.set(new Float64Array(this.#buffer, from + 8 * k * cells, cells));
    }
  }
}

function cellsAt(size: Size, side: number, move: Move, { top, bottom, left, right }: ShownPart): CellsAt {
  const grid = cellGrid(size, side);
  const moved = move.down * size.width + move.right;
  return [size.width, side, grid.height, grid.width, top, bottom, left, right, moved];
}
