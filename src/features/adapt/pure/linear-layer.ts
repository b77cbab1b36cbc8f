const WEIGHT_DECAY = 1e-4;

/** A fully connected layer and what AdamW keeps of it, for a few hundred numbers in and a few out. */
export class Linear {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly #inputs: number;
  readonly #outputs: number;
  readonly #gradient: { readonly weight: Float32Array; readonly bias: Float32Array };
  readonly #moments: readonly Float32Array[];

  constructor(inputs: number, outputs: number, random: () => number, bias: () => number) {
    this.#inputs = inputs;
    this.#outputs = outputs;
    this.weight = Float32Array.from({ length: inputs * outputs }, random);
    this.bias = Float32Array.from({ length: outputs }, bias);
    this.#gradient = { weight: new Float32Array(inputs * outputs), bias: new Float32Array(outputs) };
    this.#moments = [this.weight, this.weight, this.bias, this.bias].map(
      ({ length }) => new Float32Array(length),
    );
  }

  /** @param from - count × inputs; @param to - count × outputs, written */
  forward(from: Float32Array, to: Float32Array, count: number): void {
    const [inputs, outputs] = [this.#inputs, this.#outputs];
    for (let k = 0; k < count; k++) {
      const at = k * inputs;
      for (let o = 0; o < outputs; o++) {
        let sum = this.bias[o]!;
        const row = o * inputs;
        for (let i = 0; i < inputs; i++) sum += this.weight[row + i]! * from[at + i]!;
        to[k * outputs + o] = sum;
      }
    }
  }

  /**
   * Adds to the gradient of weight and bias.
   *
   * @param error - count × outputs
   * @param back - count × inputs, written: the gradient of `from`; null when nobody needs it
   */
  backward(from: Float32Array, error: Float32Array, back: Float32Array | null, count: number): void {
    const [inputs, outputs] = [this.#inputs, this.#outputs];
    const { weight: sums, bias } = this.#gradient;
    back?.fill(0, 0, count * inputs);
    for (let k = 0; k < count; k++) {
      const at = k * inputs;
      for (let o = 0; o < outputs; o++) {
        const slope = error[k * outputs + o]!;
        if (slope === 0) continue;
        bias[o]! += slope;
        const row = o * inputs;
        for (let i = 0; i < inputs; i++) sums[row + i]! += slope * from[at + i]!;
        if (back) for (let i = 0; i < inputs; i++) back[at + i]! += slope * this.weight[row + i]!;
      }
    }
  }

  /** AdamW with decoupled weight decay (Loshchilov and Hutter 2019), and torch's constants. */
  update(rate: number, step: number): void {
    const [weightMean, weightSquare, biasMean, biasSquare] = this.#moments;
    adamW(this.weight, this.#gradient.weight, weightMean!, weightSquare!, rate, step);
    adamW(this.bias, this.#gradient.bias, biasMean!, biasSquare!, rate, step);
  }
}

function adamW(
  values: Float32Array,
  gradient: Float32Array,
  mean: Float32Array,
  square: Float32Array,
  rate: number,
  step: number,
): void {
  const unbiasedMean = 1 / (1 - 0.9 ** step);
  const unbiasedSquare = 1 / (1 - 0.999 ** step);
  for (let i = 0; i < values.length; i++) {
    const slope = gradient[i]!;
    const m = (mean[i] = 0.9 * mean[i]! + 0.1 * slope);
    const v = (square[i] = 0.999 * square[i]! + 0.001 * slope * slope);
    values[i]! -=
      rate * ((m * unbiasedMean) / (Math.sqrt(v * unbiasedSquare) + 1e-8) + WEIGHT_DECAY * values[i]!);
  }
  gradient.fill(0);
}
