/**
 * The arithmetic that takes the time of a fit. Arrays are float32, what is between them float64; whoever does it faster
 * gives the same numbers, to the last bit.
 */
export interface FitKernels {
  /** @returns so many zeros, where the arithmetic is fastest */
  floats(length: number): Float32Array;
  /** Writes `(from + noise) × kept` to `to`, all of one length. */
  noisy(from: Float32Array, noise: Float32Array, kept: Float32Array, to: Float32Array): void;
  /**
   * Writes `to = weight · from + bias`.
   *
   * @param layer - weight: outputs × inputs
   * @param from - count × inputs
   * @param to - count × outputs
   */
  forward(layer: Layer, from: Float32Array, to: Float32Array, count: number): void;
  /**
   * Adds to the gradient of a layer.
   *
   * @param from - count × inputs, what the layer was given
   * @param error - count × outputs, the gradient of what it gave
   * @param gradient - of the layer's shapes
   */
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

/** By how much the means of so many gradients are too small, being 0 at first. */
export function unbiasing(step: number): readonly [mean: number, square: number] {
  return [1 / (1 - MEAN ** step), 1 / (1 - SQUARE ** step)];
}

/** In TypeScript: what the others are measured by. */
export const plainFitKernels: FitKernels = {
  floats: (length) => new Float32Array(length),

  noisy(from, noise, kept, to) {
    for (let i = 0; i < from.length; i++) to[i] = (from[i]! + noise[i]!) * kept[i]!;
  },

  forward({ weight, bias }, from, to, count) {
    const outputs = bias.length;
    const inputs = weight.length / outputs;
    for (let k = 0; k < count; k++) {
      const at = k * inputs;
      for (let o = 0; o < outputs; o++) {
        let sum = bias[o]!;
        const row = o * inputs;
        for (let i = 0; i < inputs; i++) sum += weight[row + i]! * from[at + i]!;
        to[k * outputs + o] = sum;
      }
    }
  },

  addGradient(from, error, { weight, bias }, count) {
    const outputs = bias.length;
    const inputs = weight.length / outputs;
    for (let k = 0; k < count; k++) {
      const at = k * inputs;
      for (let o = 0; o < outputs; o++) {
        const slope = error[k * outputs + o]!;
        if (slope === 0) continue;
        bias[o]! += slope;
        const row = o * inputs;
        for (let i = 0; i < inputs; i++) weight[row + i]! += slope * from[at + i]!;
      }
    }
  },

  adamW(values, gradient, mean, square, rate, step) {
    const [unbiasedMean, unbiasedSquare] = unbiasing(step);
    for (let i = 0; i < values.length; i++) {
      const slope = gradient[i]!;
      const m = (mean[i] = MEAN * mean[i]! + 0.1 * slope);
      const v = (square[i] = SQUARE * square[i]! + 0.001 * slope * slope);
      values[i]! -=
        rate * ((m * unbiasedMean) / (Math.sqrt(v * unbiasedSquare) + 1e-8) + WEIGHT_DECAY * values[i]!);
    }
    gradient.fill(0);
  },
};
