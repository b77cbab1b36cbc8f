import { growTo, roundUp } from '../../../core/encoder/wasm-memory';
import { unbiasing, WEIGHT_DECAY, type FitKernels, type Layer } from '../pure/fit-kernels';

/** Exports of fit/assembly/index.ts; every address is in bytes. */
interface FitExports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  noisy(from: number, noise: number, kept: number, to: number, count: number): void;
  forward(
    ...parameters: [weight: number, bias: number, from: number, to: number, ...LayerSize, turned: number]
  ): void;
  addGradient(
    ...parameters: [from: number, error: number, weight: number, bias: number, ...LayerSize, list: number]
  ): void;
  adamW(
    ...parameters: [
      ...[values: number, gradient: number, mean: number, square: number, count: number],
      ...[rate: number, decay: number, unbiasedMean: number, unbiasedSquare: number],
    ]
  ): void;
}

type LayerSize = [count: number, inputs: number, outputs: number];

/** Arrays begin where the code reads whole vectors fastest. */
const ALIGNED = 64;
/**
 * Floats that `floats` can give, of a view's statistics that come from elsewhere, and bytes for what the code keeps of a
 * layer: room for heads twenty times as large as the shipped model's, which takes 6 MB. What is not used costs nothing.
 */
const ROOM = 1 << 22;
const GUEST = 1 << 16;
const SCRATCH = 1 << 22;

/** One fit's; its memory never grows, since that would detach the arrays that `floats` gave. */
export class SimdFitKernels implements FitKernels {
  readonly #wasm: FitExports;
  readonly #buffer: ArrayBuffer;
  readonly #guest: number;
  readonly #scratch: number;
  #free: number;
  readonly #end: number;

  /** @param module - fit/fit.wasm, compiled */
  constructor(module: WebAssembly.Module) {
    const wasm = new WebAssembly.Instance(module).exports as unknown as FitExports;
    this.#wasm = wasm;
    this.#guest = aligned(wasm.heapBase());
    this.#scratch = this.#guest + 4 * GUEST;
    this.#free = this.#scratch + SCRATCH;
    this.#end = this.#free + 4 * ROOM;
    growTo(wasm.memory, this.#end);
    this.#buffer = wasm.memory.buffer;
  }

  floats(length: number): Float32Array {
    const start = this.#free;
    this.#free = aligned(start + 4 * length);
    refuseMore(this.#free, this.#end);
    return new Float32Array(this.#buffer, start, length);
  }

  noisy(from: Float32Array, noise: Float32Array, kept: Float32Array, to: Float32Array): void {
    const count = from.length;
    refuseMore(count, GUEST);
    new Float32Array(this.#buffer, this.#guest, count).set(from);
    this.#wasm.noisy(this.#guest, this.#at(noise), this.#at(kept), this.#at(to), count);
  }

  forward({ weight, bias }: Layer, from: Float32Array, to: Float32Array, count: number): void {
    refuseMore(8 * weight.length, SCRATCH);
    this.#wasm.forward(
      ...[this.#at(weight), this.#at(bias), this.#at(from), this.#at(to)],
      ...[count, weight.length / bias.length, bias.length],
      this.#scratch,
    );
  }

  addGradient(from: Float32Array, error: Float32Array, { weight, bias }: Layer, count: number): void {
    refuseMore(16 * bias.length * (count + 1), SCRATCH);
    this.#wasm.addGradient(
      ...[this.#at(from), this.#at(error), this.#at(weight), this.#at(bias)],
      ...[count, weight.length / bias.length, bias.length],
      this.#scratch,
    );
  }

  adamW(
    values: Float32Array,
    gradient: Float32Array,
    mean: Float32Array,
    square: Float32Array,
    rate: number,
    step: number,
  ): void {
    this.#wasm.adamW(
      ...[this.#at(values), this.#at(gradient), this.#at(mean), this.#at(square), values.length],
      ...[rate, WEIGHT_DECAY, ...unbiasing(step)],
    );
  }

  #at({ buffer, byteOffset }: Float32Array): number {
    if (buffer !== this.#buffer) throw new RangeError('the array is not of `floats`');
    return byteOffset;
  }
}

function refuseMore(needed: number, room: number): void {
  if (needed > room) throw new RangeError(`the head is too large: ${needed} instead of ${room}`);
}

const aligned = (place: number) => roundUp(place, ALIGNED);
