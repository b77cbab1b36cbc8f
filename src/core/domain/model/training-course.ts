import {
  adaptationRefusalOf,
  type AdaptationEvidence,
  type Performance,
  type AdaptationRefusal,
} from './adaptation-evidence';
import type { Embedding } from '../drift/embedding';
import type { ImageProperties } from '../picture/property-table';
import { isGoodEnough, type Rebuilding } from './rebuilding';

/** What a training does with a snapshot: learn from it, be judged by it as clean, or be judged by it as dirty. */
export type Part = 'fitted' | 'kept-out' | 'dirty';

/** A snapshot at the model's size, with what a reference says of it. */
export interface TrainingPicture {
  readonly part: Part;
  readonly name: string;
  /** milliseconds since 1970, UTC */
  readonly capturedAt: number;
  readonly properties: ImageProperties;
  /** JPEG bytes */
  readonly thumbnail: ArrayBuffer;
  /** height × width × 3 bytes: red, green, blue */
  readonly pixels: ArrayBuffer;
}

/** The flat state between steps; the outputs `w1`, `m1`, `v1` of a step are the inputs `w`, `m`, `v` of the next. */
export interface TrainingState {
  readonly w: Float32Array<ArrayBuffer>;
  readonly m: Float32Array<ArrayBuffer>;
  readonly v: Float32Array<ArrayBuffer>;
}

/** A training between two steps: what it goes on from. */
export interface Trained extends TrainingState {
  /** the running mean of the weights: what is judged, and becomes the model */
  readonly mean: Float32Array<ArrayBuffer>;
}

/** What the camera's present model makes of the days kept out; found once. */
export interface Before {
  readonly error: number;
  readonly performance: Performance;
  /** error of the mean of the fitted pictures in place of each */
  readonly meanPicture: number;
}

/** How a version did on the days kept out. */
export interface JudgedVersion {
  readonly step: number;
  readonly rebuilding: Rebuilding;
  readonly evidence: AdaptationEvidence;
  /** null for a version that the camera may have */
  readonly refusal: AdaptationRefusal | null;
}

/** The best version so far. */
export interface BestVersion extends JudgedVersion {
  readonly mean: Float32Array<ArrayBuffer>;
  /** of the fitted and the kept-out snapshots, in capture order: the reference that it would have */
  readonly embeddings: readonly Embedding[];
}

/**
 * Why a camera should not have a version: as for an adaptation, except that an error map which can be trusted for the
 * first time, or is finer than before, is a gain too.
 */
export function refusalOfVersion(
  evidence: AdaptationEvidence,
  rebuilding: Rebuilding,
): AdaptationRefusal | null {
  const refusal = adaptationRefusalOf(evidence);
  const isFiner = isGoodEnough(rebuilding) && rebuilding.after < rebuilding.before;
  return refusal?.because === 'no-gain' && isFiner ? null : refusal;
}

/**
 * How near to the warning limit the clean days kept out may come, as a share of it: they are few, and days to come
 * reached two to three times as far (docs/train-longer.md).
 */
const ROOM = 1 / 3;

/** Whether one version is better than another: an error map first, then calm clean days, then a finer map. */
export function isBetter(a: JudgedVersion, b: JudgedVersion): boolean {
  const maps = Number(isGoodEnough(a.rebuilding)) - Number(isGoodEnough(b.rebuilding));
  if (maps !== 0) return maps > 0;
  const windows = a.evidence.after.aboveWarning - b.evidence.after.aboveWarning;
  if (windows !== 0) return windows < 0;
  const rooms = Number(hasRoom(a)) - Number(hasRoom(b));
  return rooms === 0 ? a.rebuilding.after < b.rebuilding.after : rooms > 0;
}

function hasRoom({ evidence }: JudgedVersion): boolean {
  const { highestClean, thresholds } = evidence.after;
  return highestClean <= ROOM * thresholds.warning;
}

/** Losses of all steps; grows without copying what is there at each of them. */
export class LossCourse {
  #room: Float32Array<ArrayBuffer>;
  #count: number;

  constructor(begun: Float32Array) {
    this.#room = new Float32Array(Math.max(256, 2 * begun.length));
    this.#room.set(begun);
    this.#count = begun.length;
  }

  add(loss: number): void {
    if (this.#count === this.#room.length) {
      const room = new Float32Array(2 * this.#count);
      room.set(this.#room);
      this.#room = room;
    }
    this.#room[this.#count++] = loss;
  }

  /** A view; what is added later is not in it. Copy it to store it: a view is stored with all that is behind it. */
  get all(): Float32Array<ArrayBuffer> {
    return this.#room.subarray(0, this.#count);
  }
}

/**
 * How a model is trained further, so that it may be stopped whenever a person likes: at one rate all along, with a
 * running mean of the weights that is as good as if the rate had been lowered (docs/train-longer.md).
 */
const RATE = 3e-4;
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
export function averageWeights(mean: Float32Array, weights: Float32Array, step: number): void {
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
