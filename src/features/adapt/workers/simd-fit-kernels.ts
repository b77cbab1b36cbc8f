import { growTo, roundUp } from '../../../core/encoder/wasm-memory';
import { plainFitKernels, unbiasing, WEIGHT_DECAY, type FitKernels, type Layer } from '../pure/fit-kernels';

/** What fit/assembly/index.ts exports; every address is in bytes. */
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
/** Floats that `floats` can give: the two tables of a fit, what a step is given and one layer's numbers. */
const ROOM = 1_200_000;
/** Floats of a view's statistics that come from elsewhere. */
const GUEST = 1 << 13;
/** Bytes for what the code keeps of a layer. */
const SCRATCH = 1 << 19;

/** One fit's; its memory, 6 MB, never grows, since that would detach the arrays that `floats` gave. */
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
    const next = aligned(start + 4 * length);
    if (next > this.#end) return new Float32Array(length);
    this.#free = next;
    return new Float32Array(this.#buffer, start, length);
  }

  noisy(from: Float32Array, noise: Float32Array, kept: Float32Array, to: Float32Array): void {
    const count = from.length;
    if (!this.#has(noise, kept, to) || count % 2 !== 0 || count > GUEST) {
      plainFitKernels.noisy(from, noise, kept, to);
      return;
    }
    new Float32Array(this.#buffer, this.#guest, count).set(from);
    this.#wasm.noisy(this.#guest, noise.byteOffset, kept.byteOffset, to.byteOffset, count);
  }

  forward(layer: Layer, from: Float32Array, to: Float32Array, count: number): void {
    const { weight, bias } = layer;
    const [outputs, inputs] = [bias.length, weight.length / bias.length];
    const isFitting = outputs % 8 === 0 && count % 2 === 0 && 8 * weight.length <= SCRATCH;
    if (!isFitting || !this.#has(weight, bias, from, to)) {
      plainFitKernels.forward(layer, from, to, count);
      return;
    }
    this.#wasm.forward(
      ...[weight.byteOffset, bias.byteOffset, from.byteOffset, to.byteOffset],
      ...[count, inputs, outputs],
      this.#scratch,
    );
  }

  addGradient(from: Float32Array, error: Float32Array, gradient: Layer, count: number): void {
    const { weight, bias } = gradient;
    const [outputs, inputs] = [bias.length, weight.length / bias.length];
    const isFitting = inputs % 16 === 0 && 16 * outputs * (count + 1) <= SCRATCH;
    if (!isFitting || !this.#has(from, error, weight, bias)) {
      plainFitKernels.addGradient(from, error, gradient, count);
      return;
    }
    this.#wasm.addGradient(
      ...[from.byteOffset, error.byteOffset, weight.byteOffset, bias.byteOffset],
      ...[count, inputs, outputs],
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
    if (!this.#has(values, gradient, mean, square) || values.length % 2 !== 0) {
      plainFitKernels.adamW(values, gradient, mean, square, rate, step);
      return;
    }
    this.#wasm.adamW(
      ...[values.byteOffset, gradient.byteOffset, mean.byteOffset, square.byteOffset, values.length],
      ...[rate, WEIGHT_DECAY, ...unbiasing(step)],
    );
  }

  #has(...arrays: readonly Float32Array[]): boolean {
    return arrays.every(({ buffer }) => buffer === this.#buffer);
  }
}

const aligned = (place: number) => roundUp(place, ALIGNED);
