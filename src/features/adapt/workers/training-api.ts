import type { Outcome } from '../../../core/domain/errors';
import type { Transform } from '../../../core/domain/model/model';
import type { Trained } from '../../../core/domain/model/training-course';
import type { ModelSource } from '../../../core/encoder/encoder-api';
import type { Alive } from '../../../core/thread/life';

/** What a step learns from. */
export interface Batch {
  /** clean views, then the same ones dirtied: [2 × {@link PAIRS}, 3, height, width] */
  readonly x: Float32Array<ArrayBuffer>;
  /** strength of the dirt of each, 0 to 1: [{@link PAIRS}] */
  readonly strengths: Float32Array<ArrayBuffer>;
  /** what the first {@link DECODED} of both are to become */
  readonly target: Float32Array<ArrayBuffer>;
}

/** Clean views in a step, each with its dirtied one. */
export const PAIRS = 8;
/** How many of them are decoded: a decoding costs more than an embedding. */
export const DECODED = 3;

/** The door to the worker that makes what a step learns from, so that the other's core only trains. */
export interface PainterApi extends Alive {
  /** Takes a picture to make views of: height × width × 3 bytes, red, green, blue. */
  keep(picture: ArrayBuffer): Promise<void>;
  /** Opens a second door, for the worker that trains: a step's views are 21 MB, which the page needn't pass on. */
  serve(port: MessagePort): Promise<void>;
  /** Views for one step: some are new, the others are of steps before. */
  batch(step: number, transform: Transform): Promise<Batch>;
}

/** The door to the worker that trains. */
export interface TrainerApi extends Alive {
  /**
   * Builds the training graph of a model and opens it; goes on from `from` where there is one.
   *
   * @param painter - to the other worker
   */
  open(
    model: ModelSource,
    transform: Transform,
    from: Trained | null,
    painter: MessagePort,
  ): Promise<Outcome<void>>;
  /** Does one step. @returns the mean squared error of the reconstruction before it */
  step(step: number): Promise<Outcome<number>>;
  /** A copy of the training as it is. */
  state(): Promise<Trained>;
}
