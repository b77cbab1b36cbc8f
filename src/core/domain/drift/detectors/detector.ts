import type { Embedding } from '../embedding';
import type { DetectorSettings } from '../../model/model';

/**
 * Why a detector can't tell a dirty lens from a clean one, whatever the snapshots show: to its kernel all snapshots are
 * alike, or all are strangers; the reference has no spread to compare with; or no distance can exceed the drift limit.
 */
export const BLINDNESSES = ['saturated', 'empty', 'no-spread', 'out-of-reach'] as const;

export type Blindness = (typeof BLINDNESSES)[number];

/**
 * Results may depend only on the reference and on the last `windowSize` samples in their order, to
 * the last bit: after a reload it is rebuilt by fitting the reference and replaying those samples. A call that
 * throws leaves the detector as it was.
 */
export interface Detector {
  readonly windowSize: number;
  /** how many samples the window holds, 0 to `windowSize` */
  readonly windowFill: number;

  /** Copies the reference and empties the window. @throws AppError when the reference can't be used */
  fit(reference: readonly Embedding[]): void;

  /**
   * Puts a copy of the sample into the window, in place of the oldest when it is full.
   *
   * @returns null until the window is full: a window of n gives n - 1 nulls
   * @throws AppError `not-fitted` before `fit`, or when the sample can't be used
   */
  update(sample: Embedding): number | null;

  /** Empties the window and keeps the reference, as after a cleaning; Frouros has nothing like it. */
  empty(): void;

  /** Forgets the window and the reference, as in Frouros; `fit` must follow. */
  reset(): void;
}

/**
 * A kind of detector that a camera can name: one that compares whole embeddings and gives a distance. Whoever wants to
 * know more of a detector than its distances asks its kind, and says nothing if that has no answer.
 */
export interface DetectorKind {
  /** used in settings, configuration files and records */
  readonly name: string;

  /** @throws AppError `detector-settings` for settings that it can't use */
  create(settings: DetectorSettings): Detector;

  /**
   * The distance of a window of any size from two on: what the stream gives when its window is of that size.
   *
   * @throws AppError when the settings or the embeddings can't be used
   */
  distanceOf(
    reference: readonly Embedding[],
    window: readonly Embedding[],
    settings: DetectorSettings,
  ): number;

  /**
   * Does what takes long of `fit` in parts; absent if nothing takes long.
   *
   * @param pause - awaited between the parts
   * @throws AppError when the reference or the settings can't be used
   */
  prepareFit?(
    reference: readonly Embedding[],
    settings: DetectorSettings,
    pause: () => Promise<void>,
  ): Promise<void>;

  /**
   * Absent where a distance is no sum of contributions of the window's snapshots.
   *
   * @throws AppError when the settings or the reference can't be used
   */
  weigherOf?(reference: readonly Embedding[], settings: DetectorSettings): WindowWeigher;

  /**
   * How alike the reference looks to itself through a kernel of bandwidth sigma, 0..1. Absent where sigma is no
   * bandwidth: then nobody is asked for one.
   *
   * @throws AppError when the settings or the reference can't be used
   */
  saturationOf?(reference: readonly Embedding[], settings: DetectorSettings): number;

  /**
   * The limit that would be right if snapshots were independent, shown for comparison only. Absent where none is known.
   *
   * @param run - clean embeddings that the reference has no part in
   * @returns null when the run is too short
   */
  independentLimit?(
    reference: readonly Embedding[],
    run: readonly Embedding[],
    settings: DetectorSettings,
  ): Promise<number | null>;

  /** Why no distance can exceed a drift limit, else null; absent if unknown. Asked at every keystroke; never throws. */
  blindnessOf?(reference: readonly Embedding[], settings: DetectorSettings, drift: number): Blindness | null;

  /** About the distance of a covered lens: a higher limit would not notice one. Absent if unknown. */
  readonly reachOfDirt?: number;
}

export interface SampleShare {
  /** its part of the distance, in the distance's unit; below zero when it pulls the distance down */
  readonly contribution: number;
  /** how alike it looks to the clean snapshots, 0..1; null if the detector has no such measure */
  readonly familiarity: number | null;
}

export interface WindowShares {
  /** as the detector gives it */
  readonly distance: number;
  /** the familiarity that a clean snapshot has on average; null if the detector has no such measure */
  readonly cleanFamiliarity: number | null;
  /** in the order of the window; the contributions sum to the distance */
  readonly samples: readonly SampleShare[];
}

/** Takes windows apart that were compared with one reference. */
export interface WindowWeigher {
  /**
   * @param window - m ≥ 2 embeddings
   * @throws AppError `embedding-length`, `embedding-not-finite`; RangeError for fewer than two embeddings
   */
  weigh(window: readonly Embedding[]): WindowShares;
}
