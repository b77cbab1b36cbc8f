import { unbiasing, WEIGHT_DECAY, type FitKernels } from '../../src/features/adapt/pure/fit-kernels';

const [MEAN, SQUARE] = [0.9, 0.999];

/** `FitKernels` in TypeScript: the WebAssembly gives the same numbers, to the last bit. */
export const oracleFitKernels: FitKernels = {
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
