import { AppError } from '../../errors';
import {
  kernelSaturation,
  kernelScale,
  kernelSum,
  packSamples,
  type PackedSamples,
  type Sample,
} from '../kernel';
import { combineMmd2, mmd2 } from '../mmd';
import { mmdBlindness } from '../mmd-blindness';
import { MmdWeigher } from '../mmd-shares';
import { prepareReferenceKernel, referenceKernel } from '../reference-kernel';
import type { Detector, DetectorKind } from './detector';

interface WindowEntry {
  readonly values: Float64Array;
  /** sum of its kernels with every reference embedding */
  readonly referenceSum: number;
  /** its kernels with the samples that came before it and are still in the window, oldest first */
  readonly earlierKernels: number[];
}

interface FittedReference extends PackedSamples {
  /** mean kernel of two different embeddings, Frouros' `expected_k_xx` */
  readonly meanKernel: number;
  readonly scratch: Float64Array;
}

/**
 * Squared maximum mean discrepancy between the reference and a sliding window.
 *
 * Equals Frouros `MMDStreaming` within 1e-12 (tests/fixtures/mmd_streaming.json) at n + windowSize kernels an
 * update instead of n · windowSize, because a sample's kernels are computed once, when it enters. The sums are
 * added anew each time, oldest sample first. A running total would carry rounding from samples that have left, and
 * a detector rebuilt after a reload would differ in the last bits; so it equals `mmd2` of the window, bit for bit.
 *
 * Frouros goes on with NaN or with a spoilt window (one reference row, window 1, NaN, Infinity, a wrong length); this
 * refuses at once and keeps its state.
 */
export class MmdStreaming implements Detector {
  readonly windowSize: number;
  readonly #scale: number;
  #reference: FittedReference | null = null;
  /** oldest first */
  readonly #window: WindowEntry[] = [];

  /**
   * @param windowSize - integer ≥ 2: the unbiased estimator needs a pair
   * @param sigma - kernel bandwidth, in embedding units, > 0; Frouros' convention, exp(-d² / 2σ²)
   * @throws AppError `detector-settings`
   */
  constructor({ windowSize, sigma }: { readonly windowSize: number; readonly sigma: number }) {
    if (!Number.isInteger(windowSize) || windowSize < 2) {
      throw new AppError('detector-settings', `windowSize ${windowSize}`);
    }
    this.windowSize = windowSize;
    this.#scale = kernelScale(sigma);
  }

  get windowFill(): number {
    return this.#window.length;
  }

  /**
   * Fitting again empties the window; Frouros keeps it, and its first distances mix kernels of two references.
   *
   * @param reference - n ≥ 2 embeddings of length d; takes n² / 2 kernels the first time
   * @throws AppError `reference-too-small`, `embedding-length`, `embedding-not-finite`
   */
  fit(reference: readonly Sample[]): void {
    if (reference.length < 2) throw new AppError('reference-too-small', String(reference.length));
    const packed = packSamples(reference);
    this.#reference = {
      ...packed,
      meanKernel: referenceKernel(reference, packed, this.#scale),
      scratch: new Float64Array(packed.count),
    };
    this.#window.length = 0;
  }

  /**
   * @param sample - an embedding of the reference's length d
   * @returns squared MMD, dimensionless, at most 2, slightly negative about half of the time without drift; null
   *   until the window is full
   * @throws AppError `not-fitted`, `embedding-length`, `embedding-not-finite`
   */
  update(sample: Sample): number | null {
    const reference = this.#reference;
    if (reference === null) throw new AppError('not-fitted');
    const { values } = packSamples([sample], reference.length);

    const window = this.#window;
    if (window.length === this.windowSize) {
      window.shift();
      for (const entry of window) entry.earlierKernels.shift();
    }
    window.push({
      values,
      referenceSum: kernelSum(reference.values, reference.count, values, this.#scale, reference.scratch),
      earlierKernels: window.map((entry) =>
        kernelSum(entry.values, 1, values, this.#scale, reference.scratch),
      ),
    });
    return window.length < this.windowSize ? null : this.#distance(reference);
  }

  empty(): void {
    this.#window.length = 0;
  }

  reset(): void {
    this.#reference = null;
    this.empty();
  }

  #distance({ meanKernel, count }: FittedReference): number {
    let crossSum = 0;
    let pairSum = 0;
    for (const { referenceSum, earlierKernels } of this.#window) {
      crossSum += referenceSum;
      let sum = 0;
      for (const kernel of earlierKernels) sum += kernel;
      pairSum += sum;
    }
    return combineMmd2(meanKernel, pairSum, crossSum, count, this.windowSize);
  }
}

/** The detector of the AI4EOSC/OBSEA tutorial. */
export const mmdStreaming: DetectorKind = {
  name: 'mmd-streaming',
  create: (settings) => new MmdStreaming(settings),
  distanceOf: (reference, window, { sigma }) => mmd2(reference, window, sigma),
  prepareFit: (reference, { sigma }, pause) => prepareReferenceKernel(reference, sigma, pause),
  weigherOf: (reference, { sigma }) => new MmdWeigher(reference, sigma),
  saturationOf: (reference, { sigma }) => kernelSaturation(reference, sigma),
  // Only measured limits ask for it, so its code comes with them.
  independentLimit: async (...asked) =>
    (await import('../mmd-independent-limit')).mmdIndependentLimit(...asked),
  blindnessOf: (reference, { sigma }, drift) => mmdBlindness(reference, sigma, drift),
  // The estimator can't exceed 2.
  reachOfDirt: 1,
};
