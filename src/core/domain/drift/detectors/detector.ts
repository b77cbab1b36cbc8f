import type { Embedding } from '../embedding';

/**
 * Compares a sliding window of the latest samples with a frozen reference.
 *
 * What a detector returns may depend only on the reference and on the last `windowSize` samples in their order, to
 * the last bit: after a reload it is rebuilt by fitting the reference and replaying those samples. A call that
 * throws leaves the detector as it was.
 */
export interface Detector<Sample = Embedding, Result = number> {
  readonly windowSize: number;
  /** how many samples the window holds, 0 to `windowSize` */
  readonly windowFill: number;

  /**
   * Takes a copy of the reference and empties the window.
   *
   * @throws AppError when the reference can't be used
   */
  fit(reference: readonly Sample[]): void;

  /**
   * Puts a copy of the sample into the window, in place of the oldest when it is full.
   *
   * @returns null until the window is full: a window of n gives n - 1 nulls
   * @throws AppError `not-fitted` before `fit`, or when the sample can't be used
   */
  update(sample: Sample): Result | null;

  /** Empties the window and keeps the reference, as after a cleaning; Frouros has nothing like it. */
  empty(): void;

  /** Forgets the window and the reference, as in Frouros; `fit` must follow. */
  reset(): void;
}
