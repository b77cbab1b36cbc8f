/** The slow arithmetic of a fit. Arrays are float32 from `floats` unless noted; values in between are float64. */
export interface FitKernels {
  /** @returns so many zeros. @throws RangeError when there is no more room */
  floats(length: number): Float32Array;
  /** Writes `(from + noise) × kept` to `to`, all of one length; `from` may be any array. */
  noisy(from: Float32Array, noise: Float32Array, kept: Float32Array, to: Float32Array): void;
  /** Writes `to = weight · from + bias`; weight: outputs × inputs, from: count × inputs, to: count × outputs. */
  forward(layer: Layer, from: Float32Array, to: Float32Array, count: number): void;
  /** Adds to a layer's gradient, from its input (count × inputs) and its output's gradient (count × outputs). */
  addGradient(from: Float32Array, error: Float32Array, gradient: Layer, count: number): void;
  /**
   * AdamW with decoupled weight decay (Loshchilov and Hutter 2019), and torch's constants.
   *
   * @param gradient - 0 afterwards
   * @param mean, square - what is kept of the gradients before
   * @param step - 1, 2, 3 ...
   */
  adamW(
    values: Float32Array,
    gradient: Float32Array,
    mean: Float32Array,
    square: Float32Array,
    rate: number,
    step: number,
  ): void;
}

export interface Layer {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

export const WEIGHT_DECAY = 1e-4;
const [MEAN, SQUARE] = [0.9, 0.999];

/** The means of so many gradients begin at 0, so they are too small by these factors. */
export function unbiasing(step: number): readonly [mean: number, square: number] {
  return [1 / (1 - MEAN ** step), 1 / (1 - SQUARE ** step)];
}
