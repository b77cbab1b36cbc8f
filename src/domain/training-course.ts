import type { Rebuilding } from './rebuilding';
import type { TrainingState } from './training-graph';

/** A snapshot at the model's size, as a training learns from it or is judged by it. */
export interface TrainingPicture {
  readonly isKeptOut: boolean;
  /** milliseconds since 1970, UTC */
  readonly capturedAt: number;
  /** height × width × 3 bytes: red, green, blue */
  readonly pixels: ArrayBuffer;
}

/** A training between two steps: what it goes on from. */
export interface Trained extends TrainingState {
  /** the running mean of the weights: what is judged, and becomes the model */
  readonly mean: Float32Array<ArrayBuffer>;
}

/** The best version so far. */
export interface BestVersion {
  readonly step: number;
  readonly mean: Float32Array<ArrayBuffer>;
  readonly rebuilding: Rebuilding;
}

/**
 * How a decoder is trained further, so that it may be stopped whenever a person likes: at one rate all along, with a
 * running mean of the weights that is as good as if the rate had been lowered (docs/train-longer.md).
 */
const RATE = 1e-3;
/** Steps until the full rate: AdamW knows nothing of the gradients at first. */
const WARM_UP = 20;
/** How much of the running mean is kept at each step, once it has that many. */
const KEPT = 0.98;

/** @param step - 1 for the first */
export function learningRate(step: number): number {
  return RATE * Math.min(1, step / WARM_UP);
}

/**
 * Moves the running mean of the weights towards the weights of a step, in place.
 *
 * Its first steps count less and less quickly, so that what was before training is soon forgotten.
 *
 * @param step - 1 for the first
 */
export function average(mean: Float32Array, weights: Float32Array, step: number): void {
  const share = 1 - Math.min(KEPT, step / (step + 9));
  for (let i = 0; i < mean.length; i++) mean[i]! += share * (weights[i]! - mean[i]!);
}

/** One stretch of a course. */
interface Stretch {
  /** the last step of it */
  readonly step: number;
  /** mean loss of its steps */
  readonly loss: number;
}

/** A course of losses in few enough stretches to draw. */
export function stretches(losses: ArrayLike<number>, most: number): Stretch[] {
  const each = Math.max(1, Math.ceil(losses.length / most));
  const found: Stretch[] = [];
  for (let first = 0; first < losses.length; first += each) {
    const end = Math.min(first + each, losses.length);
    let sum = 0;
    for (let i = first; i < end; i++) sum += losses[i]!;
    found.push({ step: end, loss: sum / (end - first) });
  }
  return found;
}
