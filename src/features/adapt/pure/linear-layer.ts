import type { FitKernels, Layer } from './fit-kernels';

/** A fully connected layer and what AdamW keeps of it, for a few hundred numbers in and a few out. */
export class Linear implements Layer {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly #kernels: FitKernels;
  readonly #gradient: Layer;
  readonly #moments: readonly [Float32Array, Float32Array, Float32Array, Float32Array];

  constructor(
    inputs: number,
    outputs: number,
    random: () => number,
    bias: () => number,
    kernels: FitKernels,
  ) {
    const zeros = (length: number) => kernels.floats(length);
    this.#kernels = kernels;
    this.weight = zeros(inputs * outputs);
    for (let i = 0; i < this.weight.length; i++) this.weight[i] = random();
    this.bias = zeros(outputs);
    for (let o = 0; o < outputs; o++) this.bias[o] = bias();
    this.#gradient = { weight: zeros(inputs * outputs), bias: zeros(outputs) };
    this.#moments = [zeros(inputs * outputs), zeros(inputs * outputs), zeros(outputs), zeros(outputs)];
  }

  /** @param from - count × inputs; @param to - count × outputs, written */
  forward(from: Float32Array, to: Float32Array, count: number): void {
    this.#kernels.forward(this, from, to, count);
  }

  /** Adds to the gradient of weight and bias. @param error - count × outputs */
  backward(from: Float32Array, error: Float32Array, count: number): void {
    this.#kernels.addGradient(from, error, this.#gradient, count);
  }

  /** Writes the gradient of the layer's input to `back`, count × inputs. @param error - count × outputs */
  errorBefore(error: Float32Array, back: Float32Array, count: number): void {
    const outputs = this.bias.length;
    const inputs = this.weight.length / outputs;
    back.fill(0, 0, count * inputs);
    for (let k = 0; k < count; k++) {
      for (let o = 0; o < outputs; o++) {
        const slope = error[k * outputs + o]!;
        if (slope === 0) continue;
        for (let i = 0; i < inputs; i++) back[k * inputs + i]! += slope * this.weight[o * inputs + i]!;
      }
    }
  }

  /** @param step - 1, 2, 3 ... */
  update(rate: number, step: number): void {
    const [weightMean, weightSquare, biasMean, biasSquare] = this.#moments;
    this.#kernels.adamW(this.weight, this.#gradient.weight, weightMean, weightSquare, rate, step);
    this.#kernels.adamW(this.bias, this.#gradient.bias, biasMean, biasSquare, rate, step);
  }
}
