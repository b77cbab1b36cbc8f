import { AppError } from '../domain/errors';
import {
  resizeBilinear,
  resizeCoefficients,
  toTensor,
  type ResizeCoefficients,
} from '../domain/model/transform';
import type { Size, Transform } from '../domain/model/model';
import wasmUrl from './resize/resize.wasm?url';

/**
 * How a strip's bytes are laid out: 4 a pixel, of which X is ignored; or three planes, Y, Cb and Cr, the last two of
 * half the width and half the height, rounded up.
 */
export type PixelLayout = 'RGBX' | 'BGRX' | 'I420';

/**
 * Takes a picture a strip of rows at a time and gives the tensor that torchvision would.
 *
 * Strips bound the memory: a picture of 100 megapixels needs no more than one of two.
 */
export interface Resizer {
  /** Whether it takes the layout I420. */
  readonly takesPlanes: boolean;
  /** Starts a picture of size `source`; both sizes ≥ 1×1. */
  begin(source: Size, layout: PixelLayout, target: Size): void;
  /** How many rows the next {@link strip} may hold, ≥ 1; all of them when the layout is I420. */
  readonly stripRows: number;
  /** Where to write the next rows. Valid until `push`. */
  strip(rows: number): Uint8Array<ArrayBuffer>;
  /** Takes the rows that were written to the strip. */
  push(rows: number): void;
  /**
   * Ends the picture after its last row.
   *
   * @param tensor - receives 3 × height × width numbers of `transform.resize` from `offset` on
   * @returns height × width × 3 bytes: red, green, blue; valid until the next `begin`
   */
  finish(transform: Transform, tensor: Float32Array, offset: number): Uint8Array;
}

/** WebAssembly SIMD where the browser has it, else the plain code: the same bytes, six times slower. */
export async function createResizer(): Promise<Resizer> {
  const response = await fetch(wasmUrl);
  if (!response.ok) throw new AppError('fetch-failed', wasmUrl);
  try {
    const { instance } = await WebAssembly.instantiate(await response.arrayBuffer());
    return new SimdResizer(instance.exports as unknown as ResizeExports);
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    return new PlainResizer();
  }
}

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
  resizePlanes(
    y: number,
    cb: number,
    cr: number,
    width: number,
    height: number,
    scratch: number,
    outWidth: number,
    weights: number,
    groups: number,
    first: number,
    out: number,
  ): void;
  resizeColumns(
    source: number,
    stride: number,
    width: number,
    outHeight: number,
    weights: number,
    groups: number,
    first: number,
    bytes: number,
    plane0: number,
    plane1: number,
    plane2: number,
    normalize: number,
    isBgr: boolean,
  ): void;
}

/** Pixels of a strip: 8 MB, a whole snapshot of 1920×1080. */
const STRIP_PIXELS = 1 << 21;
const PAGE = 1 << 16;
/** The code reads and writes whole vectors, so up to 15 bytes past an array. */
const SLACK = 16;

/** Byte addresses in the WebAssembly memory, for one kind of picture. */
interface Plan {
  readonly source: Size;
  readonly layout: PixelLayout;
  readonly target: Size;
  readonly across: Taps;
  readonly down: Taps;
  readonly normalize: number;
  readonly bytes: number;
  readonly planes: readonly [number, number, number];
  /** rows of `target.width` pixels, one for each row of the source */
  readonly narrowed: number;
  readonly stride: number;
  readonly strip: number;
  readonly stripRows: number;
  /** bytes of a whole Y plane and of a whole Cb or Cr plane, when the layout is I420 */
  readonly lumaBytes: number;
  readonly chromaBytes: number;
  readonly scratch: number;
}

interface Taps {
  readonly weights: number;
  readonly groups: number;
  readonly first: number;
}

class SimdResizer implements Resizer {
  readonly takesPlanes = true;
  readonly #wasm: ResizeExports;
  #plan: Plan | null = null;
  #row = 0;

  constructor(wasm: ResizeExports) {
    this.#wasm = wasm;
  }

  get stripRows(): number {
    return this.#current.stripRows;
  }

  begin(source: Size, layout: PixelLayout, target: Size): void {
    this.#row = 0;
    const last = this.#plan;
    if (last?.layout !== layout || !sameSize(last.source, source) || !sameSize(last.target, target)) {
      this.#plan = null;
      this.#plan = this.#lay(source, layout, target);
    }
  }

  strip(rows: number): Uint8Array<ArrayBuffer> {
    const { layout, strip, source, lumaBytes, chromaBytes } = this.#current;
    const bytes = layout === 'I420' ? lumaBytes + 2 * chromaBytes : rows * source.width * 4;
    return new Uint8Array(this.#memory, strip, bytes);
  }

  push(rows: number): void {
    const { layout, strip, source, target, across, narrowed, stride, lumaBytes, chromaBytes, scratch } =
      this.#current;
    const { weights, groups, first } = across;
    if (layout === 'I420') {
      const cb = strip + lumaBytes;
      const cr = cb + chromaBytes;
      this.#wasm.resizePlanes(
        strip,
        cb,
        cr,
        source.width,
        source.height,
        scratch,
        target.width,
        weights,
        groups,
        first,
        narrowed,
      );
    } else {
      const out = narrowed + this.#row * stride;
      this.#wasm.resizeRows(strip, source.width, rows, target.width, weights, groups, first, out);
    }
    this.#row += rows;
  }

  finish(transform: Transform, tensor: Float32Array, offset: number): Uint8Array {
    const { source, layout, target, down, normalize, bytes, planes, narrowed, stride } = this.#current;
    if (this.#row !== source.height) throw new Error(`${this.#row} of ${source.height} rows were pushed`);
    new Float32Array(this.#memory, normalize, 6).set([...transform.mean, ...transform.std]);
    this.#wasm.resizeColumns(
      narrowed,
      stride,
      target.width,
      target.height,
      down.weights,
      down.groups,
      down.first,
      bytes,
      ...planes,
      normalize,
      layout === 'BGRX',
    );
    const plane = target.height * target.width;
    planes.forEach((at, channel) => {
      tensor.set(new Float32Array(this.#memory, at, plane), offset + channel * plane);
    });
    return new Uint8Array(this.#memory, bytes, plane * 3);
  }

  get #current(): Plan {
    if (!this.#plan) throw new Error('begin a picture first');
    return this.#plan;
  }

  get #memory(): ArrayBuffer {
    return this.#wasm.memory.buffer;
  }

  /** Places everything that one kind of picture needs, and grows the memory if it must. */
  #lay(source: Size, layout: PixelLayout, target: Size): Plan {
    const across = groupTaps(resizeCoefficients(source.width, target.width), 4);
    const stride = target.width * 4;
    const down = groupTaps(resizeCoefficients(source.height, target.height), stride);
    const plane = target.height * target.width;
    const isPlanar = layout === 'I420';
    const stripRows = isPlanar ? source.height : stripRowsOf(source);
    const lumaBytes = source.height * source.width;
    const chromaBytes = Math.ceil(source.height / 2) * Math.ceil(source.width / 2);
    const past = across.groups * 16;

    let end = this.#wasm.heapBase();
    const reserve = (bytes: number) => {
      const start = Math.ceil(end / 16) * 16;
      end = start + bytes + SLACK;
      return start;
    };
    const acrossAt = { weights: reserve(across.weights.byteLength), first: reserve(across.first.byteLength) };
    const downAt = { weights: reserve(down.weights.byteLength), first: reserve(down.first.byteLength) };
    const plan: Plan = {
      source,
      layout,
      target,
      across: { ...acrossAt, groups: across.groups },
      down: { ...downAt, groups: down.groups },
      normalize: reserve(6 * 4),
      bytes: reserve(plane * 3),
      planes: [reserve(plane * 4), reserve(plane * 4), reserve(plane * 4)],
      // Near the end, taps of zero weight lie beyond the last row or pixel; they are read all the same.
      narrowed: reserve((source.height + down.groups * 4) * stride),
      stride,
      strip: reserve(isPlanar ? lumaBytes + 2 * chromaBytes : stripRows * source.width * 4 + past),
      stripRows,
      lumaBytes,
      chromaBytes,
      scratch: isPlanar ? reserve(2 * (source.width + 48) + (4 * source.width + 16) * 4 + past) : 0,
    };

    const missing = end - this.#memory.byteLength;
    if (missing > 0) this.#wasm.memory.grow(Math.ceil(missing / PAGE));
    new Int16Array(this.#memory, acrossAt.weights, across.weights.length).set(across.weights);
    new Int32Array(this.#memory, acrossAt.first, across.first.length).set(across.first);
    new Int16Array(this.#memory, downAt.weights, down.weights.length).set(down.weights);
    new Int32Array(this.#memory, downAt.first, down.first.length).set(down.first);
    return plan;
  }
}

/**
 * Splits weights as the SIMD code wants them: groups of four taps, low 11 bits and high 11 bits apart.
 *
 * @param step - bytes from one tap to the next
 */
function groupTaps({ taps, first, count, weights }: ResizeCoefficients, step: number) {
  const groups = Math.ceil(Math.max(...count) / 4);
  const grouped = new Int16Array(first.length * groups * 8);
  for (let i = 0; i < first.length; i++) {
    for (let tap = 0; tap < count[i]!; tap++) {
      const weight = weights[i * taps + tap]!;
      const at = (i * groups + (tap >> 2)) * 8 + (tap & 3);
      grouped[at] = weight & 0x7ff;
      grouped[at + 4] = weight >> 11;
    }
  }
  return { groups, weights: grouped, first: first.map((index) => index * step) };
}

class PlainResizer implements Resizer {
  readonly takesPlanes = false;
  #source: Size = { height: 0, width: 0 };
  #target: Size = { height: 0, width: 0 };
  #layout: PixelLayout = 'RGBX';
  #pixels = new Uint8Array(0);
  #row = 0;

  get stripRows(): number {
    return stripRowsOf(this.#source);
  }

  begin(source: Size, layout: PixelLayout, target: Size): void {
    const bytes = source.height * source.width * 4;
    if (this.#pixels.length !== bytes) this.#pixels = new Uint8Array(bytes);
    this.#source = source;
    this.#target = target;
    this.#layout = layout;
    this.#row = 0;
  }

  strip(rows: number): Uint8Array<ArrayBuffer> {
    const rowBytes = this.#source.width * 4;
    return this.#pixels.subarray(this.#row * rowBytes, (this.#row + rows) * rowBytes);
  }

  push(rows: number): void {
    this.#row += rows;
  }

  finish(transform: Transform, tensor: Float32Array, offset: number): Uint8Array {
    if (this.#row !== this.#source.height)
      throw new Error(`${this.#row} of ${this.#source.height} rows were pushed`);
    const resized = resizeBilinear({ ...this.#source, data: this.#pixels }, this.#target);
    if (this.#layout === 'BGRX') {
      for (let i = 0; i < resized.length; i += 3) {
        const blue = resized[i]!;
        resized[i] = resized[i + 2]!;
        resized[i + 2] = blue;
      }
    }
    toTensor(resized, transform, tensor, offset);
    return resized;
  }
}

function stripRowsOf({ height, width }: Size): number {
  return Math.max(1, Math.min(height, Math.floor(STRIP_PIXELS / width)));
}

function sameSize(a: Size, b: Size): boolean {
  return a.height === b.height && a.width === b.width;
}
