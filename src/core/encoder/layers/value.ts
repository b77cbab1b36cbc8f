import { UnknownShape, type TensorFacts } from '../../domain/model/onnx-shapes';
import { roundUp } from '../wasm-memory';

/** Channels that the code computes together. */
export const LANES = 8;

export interface PlacedGrid {
  readonly bytes: number;
  /** Takes the `bytes` bytes from `start` on, which are 0. */
  lay(start: number): void;
}

/** Contiguous numbers: weights, or nothing yet. */
export class Floats implements PlacedGrid {
  readonly numbers: Float32Array;
  /** address of the first */
  at = 0;

  constructor(numbers: Float32Array) {
    this.numbers = numbers;
  }

  get bytes(): number {
    return this.numbers.byteLength;
  }

  lay(start: number): void {
    this.at = start;
  }
}

export interface Constant extends TensorFacts {
  readonly numbers: Float32Array;
}

/** Address of a result, for the code: distances in bytes. */
export type OutputAddress = [to: number, row: number, pixel: number, height: number, width: number];

/**
 * A node's result for one picture: a map [1, channels, height, width], with a pixel's channels contiguous, or a list
 * [1, length], which is kept as a map of one row.
 */
export class Value implements TensorFacts, PlacedGrid {
  readonly dims: readonly number[];
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly pixel: number;
  /** zeros around it in pixels: above, left, below, right */
  #margins = [0, 0, 0, 0] as readonly [number, number, number, number];
  /** address of the first number that is no margin */
  at = 0;

  /** @param lanes - floats of a pixel; those beyond the channels are 0 times something, and never read as numbers */
  constructor(dims: readonly number[], lanes = dims.length === 4 ? roundUp(dims[1]!, LANES) : 1) {
    const [pictures, ...rest] = dims;
    if (pictures !== 1 || (rest.length !== 3 && rest.length !== 1))
      throw new UnknownShape(`[${dims.join()}]`);
    const [channels, height, width] = rest.length === 3 ? rest : [1, 1, ...rest];
    this.dims = dims;
    this.channels = channels!;
    this.height = height!;
    this.width = width!;
    this.pixel = 4 * lanes;
  }

  get isMap(): boolean {
    return this.dims.length === 4;
  }

  /** bytes of a row with its margins */
  get row(): number {
    const [, left, , right] = this.#margins;
    return this.pixel * (left + this.width + right);
  }

  get bytes(): number {
    const [above, , below] = this.#margins;
    return this.row * (above + this.height + below);
  }

  get asResult(): OutputAddress {
    return [this.at, this.row, this.pixel, this.height, this.width];
  }

  /** Requests zeros around it as far as a filter reaches. */
  widen([above, left]: readonly number[], [below, right]: readonly number[]): void {
    const [a, l, b, r] = this.#margins;
    this.#margins = [Math.max(a, above!), Math.max(l, left!), Math.max(b, below!), Math.max(r, right!)];
  }

  lay(start: number): void {
    const [above, left] = this.#margins;
    this.at = start + above * this.row + left * this.pixel;
  }

  /** Places of its numbers, in floats, in ONNX's order: channel, row, column. */
  indices(): Int32Array {
    const indices = new Int32Array(this.channels * this.height * this.width);
    let i = 0;
    for (let channel = 0; channel < this.channels; channel += 1) {
      for (let y = 0; y < this.height; y += 1) {
        for (let x = 0; x < this.width; x += 1, i += 1) {
          indices[i] = (this.at + y * this.row + x * this.pixel) / 4 + channel;
        }
      }
    }
    return indices;
  }
}
