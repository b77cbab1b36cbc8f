import { AppError } from '../../../core/domain/errors';
import {
  kernelScale,
  kernelSum,
  packSamples,
  pairKernelSum,
  type PackedSamples,
  type Sample,
} from '../../../core/domain/drift/kernel';
import { combineMmd2 } from '../../../core/domain/drift/mmd';
import { referenceKernel } from '../../../core/domain/drift/reference-kernel';

/** What one snapshot of a window does to the distance. */
export interface SampleWeight {
  /** its part of the squared MMD, dimensionless; below zero when it pulls the distance down */
  readonly contribution: number;
  /** mean kernel to the reference, 0..1: how alike it looks to the clean snapshots */
  readonly familiarity: number;
}

/** A window's distance, taken apart. */
interface WindowWeights {
  /** squared MMD, as the detector gives it */
  readonly distance: number;
  /** the familiarity of the reference to itself: what a clean snapshot has on average */
  readonly cleanFamiliarity: number;
  /** in the order of the window; the contributions sum to the distance */
  readonly samples: readonly SampleWeight[];
}

/** Takes windows apart that were compared with one reference. */
export class WindowWeigher {
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
  weigh(window: readonly Sample[]): WindowWeights {
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

/** One of the reference's embeddings, seen from a snapshot. */
export interface Neighbour {
  /** its place in the reference */
  readonly index: number;
  /** Euclidean, in embedding units */
  readonly distance: number;
}

/** The reference's embeddings, the nearest first; of equally near ones the earlier. */
export function neighbours(point: Sample, reference: readonly Sample[]): Neighbour[] {
  return reference
    .map((embedding, index) => {
      let sum = 0;
      for (let k = 0; k < point.length; k++) sum += (embedding[k]! - point[k]!) ** 2;
      return { index, distance: Math.sqrt(sum) };
    })
    .sort((a, b) => a.distance - b.distance || a.index - b.index);
}
