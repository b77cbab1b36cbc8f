import type { Size } from '../../domain/model/model';
import { growTo, roundUp } from '../wasm-memory';
import { jpegHead, stepsFor } from './jpeg-head';
import { BRIGHTNESS, COLOURS, type HuffmanCodes } from './jpeg-tables';

/** Exports of thumbnail/assembly/index.ts; every address is in bytes. */
interface ThumbnailExports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  encode(
    rgb: number,
    height: number,
    width: number,
    outHeight: number,
    outWidth: number,
    shares: number,
    codes: number,
    scratch: number,
    out: number,
  ): number;
}

/** Pixels of the longer side: enough for a list and a chart's tooltip, about 11 kB. */
const LONGEST = 320;
/** Out of 100. At 70 noise hides young growth: one of three cycles of 2014 saw drift 4 to 7 days later. */
const QUALITY = 85;
const ALIGNED = 16;
/** The code reads and writes whole vectors, so some bytes past an array. */
const SLACK = 64;
/** Pixels of an MCU's side: height and width are rounded up to whole ones. */
const SIDE = 8;
/** The most that a pixel takes: three coefficients of the longest codes, 26 bits, with a byte after each of ones. */
const MOST_BYTES = 20;
/** Bytes of the codes, and of the shares, of brightness or colours. */
const CODES = 2 * 256 * 4;
const SHARES = 64 * 4;
/** The transform leaves each row and column too large by these factors. */
const SCALES = Array.from({ length: 8 }, (_, k) => (k === 0 ? 1 : Math.SQRT2 * Math.cos((k * Math.PI) / 16)));
const END = [0xff, 0xd9];

/** Makes small JPEGs: the same bytes on every machine. */
export class ThumbnailMaker {
  readonly #wasm: ThumbnailExports;
  readonly #shares: number;
  readonly #codes: number;
  readonly #rgb: number;

  /** @param module - thumbnail/thumbnail.wasm, compiled */
  constructor(module: WebAssembly.Module) {
    this.#wasm = new WebAssembly.Instance(module).exports as unknown as ThumbnailExports;
    this.#shares = aligned(this.#wasm.heapBase());
    this.#codes = this.#shares + 2 * SHARES;
    this.#rgb = this.#codes + 2 * CODES;
    growTo(this.#wasm.memory, this.#rgb);
    const { buffer } = this.#wasm.memory;
    for (const [i, { steps, first, others }] of [BRIGHTNESS, COLOURS].entries()) {
      new Float32Array(buffer, this.#shares + i * SHARES, 64).set(sharesOf(stepsFor(steps, QUALITY)));
      const codes = new Uint32Array(buffer, this.#codes + i * CODES, 512);
      codes.set(codesOf(first));
      codes.set(codesOf(others), 256);
    }
  }

  /**
   * @param resized - height × width × 3 bytes of `size`: red, green, blue
   * @param source - the size of the picture before it was resized, whose proportions the thumbnail gets
   * @returns a JPEG, longer side 320 pixels
   */
  make(resized: Uint8Array, size: Size, source: Size): ArrayBuffer {
    const target = thumbnailSize(source);
    const pixels = whole(target.height) * whole(target.width);
    const scratch = aligned(this.#rgb + resized.length + 3 * size.width + SLACK);
    const lines = 6 * size.width + 8 * (target.height + target.width);
    const out = aligned(scratch + 16 * pixels + lines + SLACK);
    growTo(this.#wasm.memory, out + MOST_BYTES * pixels);
    const memory = new Uint8Array(this.#wasm.memory.buffer);
    memory.set(resized, this.#rgb);
    const sizes = [size.height, size.width, target.height, target.width] as const;
    const coded = this.#wasm.encode(this.#rgb, ...sizes, this.#shares, this.#codes, scratch, out);
    const head = jpegHead(target, QUALITY);
    const file = new Uint8Array(head.length + coded + END.length);
    file.set(head);
    file.set(memory.subarray(out, out + coded), head.length);
    file.set(END, head.length + coded);
    return file.buffer;
  }
}

/** Keeps the proportions; the longer side is 320. */
export function thumbnailSize(source: Size): Size {
  const shrink = LONGEST / Math.max(source.width, source.height);
  return {
    height: Math.max(1, Math.round(source.height * shrink)),
    width: Math.max(1, Math.round(source.width * shrink)),
  };
}

const whole = (side: number) => roundUp(side, SIDE);
const aligned = (place: number) => roundUp(place, ALIGNED);

/** In the order in which the transform leaves a block: its columns one after the other. */
function sharesOf(steps: readonly number[]): number[] {
  return Array.from({ length: 64 }, (_, at) => {
    const [column, row] = [at >> 3, at & 7];
    return 1 / (8 * SCALES[row]! * SCALES[column]! * steps[8 * row + column]!);
  });
}

/** A u32 for each symbol: its code above the five bits of the code's length. */
function codesOf({ counts, symbols }: HuffmanCodes): Uint32Array {
  const codes = new Uint32Array(256);
  let code = 0;
  let taken = 0;
  for (const [i, count] of counts.entries()) {
    for (const symbol of symbols.slice(taken, taken + count)) codes[symbol] = (code++ << 5) | (i + 1);
    taken += count;
    code <<= 1;
  }
  return codes;
}
