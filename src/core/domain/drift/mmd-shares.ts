import type { SampleShare, WindowShares, WindowWeigher } from './detectors/detector';
import { AppError } from '../errors';
import {
  kernelScale,
  kernelSum,
  packSamples,
  pairKernelSum,
  type PackedSamples,
  type Sample,
} from './kernel';
import { combineMmd2 } from './mmd';
import { referenceKernel } from './reference-kernel';

interface MmdShares extends WindowShares {
  readonly cleanFamiliarity: number;
  readonly samples: readonly (SampleShare & { readonly familiarity: number })[];
}

/** Takes windows apart whose squared MMD to one reference is their distance. */
export class MmdWeigher implements WindowWeigher {
  readonly #scale: number;
  readonly #reference: PackedSamples;
  readonly #cleanFamiliarity: number;

  /**
   * @param reference - n ≥ 2 embeddings of length d; takes n² / 2 kernels
   * @param sigma - kernel bandwidth, in embedding units, > 0
   * @throws AppError `reference-too-small`, `embedding-length`, `embedding-not-finite`, `detector-settings`
   */
  constructor(reference: readonly Sample[], sigma: number) {
    this.#scale = kernelScale(sigma);
    if (reference.length < 2) throw new AppError('reference-too-small', String(reference.length));
    this.#reference = packSamples(reference);
    this.#cleanFamiliarity = referenceKernel(reference, this.#reference, this.#scale);
  }

  /**
   * The estimator is a sum over the window's samples but for one term, the reference's likeness to itself. Each sample
   * gets an even share of that, so that one which looks as clean ones do among clean ones contributes about nothing.
   *
   * @param window - m ≥ 2 embeddings of length d
   * @returns sums that equal the distance within rounding (1e-15 for windows of 12)
   * @throws AppError `embedding-length`, `embedding-not-finite`; RangeError for fewer than two embeddings
   */
  weigh(window: readonly Sample[]): MmdShares {
    if (window.length < 2) throw new RangeError(`a window of ${window.length} has no unbiased MMD`);
    const reference = this.#reference;
    const y = packSamples(window, reference.length);
    const m = y.count;
    const scratch = new Float64Array(Math.max(reference.count, m));
    let crossSum = 0;
    const samples = window.map((_, i) => {
      const point = y.values.subarray(i * y.length, (i + 1) * y.length);
      const toReference = kernelSum(reference.values, reference.count, point, this.#scale, scratch);
      crossSum += toReference;
      // Its kernel with itself, 1, is no pair.
      const toOthers = kernelSum(y.values, m, point, this.#scale, scratch) - 1;
      const familiarity = toReference / reference.count;
      const contribution = (this.#cleanFamiliarity + toOthers / (m - 1) - 2 * familiarity) / m;
      return { contribution, familiarity };
    });
    const pairSum = pairKernelSum(y, this.#scale);
    const distance = combineMmd2(this.#cleanFamiliarity, pairSum, crossSum, reference.count, m);
    return { distance, cleanFamiliarity: this.#cleanFamiliarity, samples };
  }
}
