import type { ManifestDraft } from '../domain/model-file';
import type { Outcome } from '../domain/errors';
import type { Transform } from '../domain/model';
import type { Trained } from '../domain/training-course';
import type { ModelSource } from '../encoder/api';
import type { Made } from './api';
import type { Picture } from './picture';

/** What a step learns from. */
export interface Batch {
  /** clean views, then the same ones dirtied: [2 × {@link PAIRS}, 3, height, width] */
  readonly x: Float32Array<ArrayBuffer>;
  /** what both are to become */
  readonly target: Float32Array<ArrayBuffer>;
}

/** Clean views in a step, each with its dirtied one; all of them are decoded. */
export const PAIRS = 4;

/** The door to the worker that makes what a step learns from, so that the other's core only trains. */
export interface PainterApi {
  /** Reads a file; a copy of its picture comes back. */
  read(file: File, transform: Transform): Promise<Outcome<Picture>>;
  /** Takes a picture to make views of: height × width × 3 bytes, red, green, blue. */
  keep(picture: ArrayBuffer): Promise<void>;
  /** The mean of those that it keeps. */
  mean(): Promise<Float32Array<ArrayBuffer>>;
  /** Opens a second door, for the worker that trains: a step's views are 24 MB, which the page needn't pass on. */
  serve(port: MessagePort): Promise<void>;
  /** Views for one step; the same for the same step. */
  batch(step: number, transform: Transform): Promise<Batch>;
}

/** The door to the worker that trains. */
export interface TrainerApi {
  /**
   * Builds the training graph of a model's decoder and opens it; goes on from `from` where there is one.
   *
   * @param painter - to the other worker
   */
  open(
    model: ModelSource,
    transform: Transform,
    from: Trained | null,
    painter: MessagePort,
  ): Promise<Outcome<void>>;
  /** Takes a clean picture of a later day, to be judged by. */
  keep(picture: ArrayBuffer): Promise<void>;
  /** Does one step. @returns the mean squared error before it */
  step(step: number): Promise<Outcome<number>>;
  /** A copy of the training as it is. */
  state(): Promise<Trained>;
  /** Mean squared error over the later pictures, of the model as it came or as it was trained. */
  judge(of: 'before' | 'after'): Promise<Outcome<number>>;
  /** The mean squared error of one picture in place of all the later ones. */
  compare(mean: Float32Array<ArrayBuffer>): Promise<number>;
  /** Writes trained weights into a model, opens it and lets it encode the built-in picture. */
  make(model: ModelSource, mean: Float32Array<ArrayBuffer>, draft: ManifestDraft): Promise<Outcome<Made>>;
}
