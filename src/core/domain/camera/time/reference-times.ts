import type { Reference } from '../reference';
import { cleanMissing } from '../reference-size';
import { captureTimeFromName, isZonedName } from './capture-time';
import { toUtc, type CameraTime } from './zone';

type BesideTime = NonNullable<Reference['besideTimes']>[number];
type ReferenceTimes = Pick<Reference, 'names' | 'capturedAt' | 'wallClocks'>;

/** The pictures that a camera's reference was made from, as news of the camera. */
export interface LearnedPictures {
  /** their capture times as far as they are known, ascending */
  readonly times: readonly number[];
  /** when they were learned, in milliseconds since 1970 */
  readonly at: number;
  /** clean pictures that are missing before the camera can be judged; 0 if there are enough */
  readonly missing: number;
}

export const NOTHING_LEARNED: LearnedPictures = { times: [], at: 0, missing: 0 };

export function learnedOf(
  reference:
    | Pick<Reference, 'capturedAt' | 'besideTimes' | 'createdAt' | 'embeddings' | 'properties'>
    | null
    | undefined,
): LearnedPictures {
  if (!reference) return NOTHING_LEARNED;
  const { capturedAt = [], besideTimes = [], createdAt } = reference;
  const times = [...capturedAt.filter((at) => at !== null), ...besideTimes.map(({ at }) => at)];
  return { times: times.sort((a, b) => a - b), at: createdAt, missing: cleanMissing(reference) };
}

/** When a reference's snapshots were taken, as far as it or their names say. */
export function timesOf({ names, capturedAt }: ReferenceTimes, camera: CameraTime): (number | null)[] {
  return names.map((name, i) => capturedAt?.[i] ?? timeOfName(name, camera));
}

/** Of references, which are frozen: thousands of jobs ask for the same one. */
const taken = new WeakMap<object, readonly number[]>();

/** When a reference's snapshots were taken, as far as it or their names say, ascending. */
export function takenTimes(reference: Pick<Reference, 'names' | 'capturedAt'>): readonly number[] {
  const known = taken.get(reference);
  if (known) return known;
  const times = reference.names
    .map((name, i) => reference.capturedAt?.[i] ?? captureTimeFromName(name))
    .filter((time) => time !== null)
    .sort((a, b) => a - b);
  taken.set(reference, times);
  return times;
}

/** When the cycle of a reference began: that of one that a person made with its first picture. */
export function cycleBegan(
  reference: Pick<Reference, 'names' | 'capturedAt' | 'beganAt' | 'createdAt'>,
): number {
  return reference.beganAt ?? takenTimes(reference)[0] ?? reference.createdAt;
}

/** The capture time that a file name states, in milliseconds since 1970, or null. */
export function timeOfName(name: string, camera: CameraTime): number | null {
  const at = captureTimeFromName(name);
  return at === null || isZonedName(name) ? at : toUtc(at, camera);
}

/** The times that the files of a reference state without a zone; null if that does not decide a capture time. */
export function wallClocksOf({ names, capturedAt, wallClocks }: ReferenceTimes): (number | null)[] {
  return wallClocks
    ? [...wallClocks]
    : names.map((name, i) => (isZonedName(name) ? null : (capturedAt?.[i] ?? null)));
}

/**
 * The part of a reference that keeps its wall clocks: nothing if its names and capture times tell them.
 *
 * @param wallClocks - undefined if these do
 */
export function keptWallClocks(
  reference: Omit<ReferenceTimes, 'wallClocks'>,
  wallClocks: readonly (number | null | undefined)[],
): Pick<Reference, 'wallClocks'> {
  const stated = wallClocksOf(reference);
  const known = stated.map((wall, i) => (wallClocks[i] === undefined ? wall : wallClocks[i]));
  return known.every((wall, i) => wall === stated[i]) ? {} : { wallClocks: known };
}

/** A reference as its camera has it by another zone or offset. */
export function referenceInZone(reference: Reference, camera: CameraTime): Reference {
  if (!reference.capturedAt) return reference;
  // Fields keep their order: what is moved and moved back is the same row.
  const { wallClocks: _, ...rest } = reference;
  const { besideTimes } = reference;
  const walls = wallClocksOf(reference);
  const capturedAt = reference.capturedAt.map((at, i) => {
    const wall = walls[i] ?? null;
    return wall === null ? at : toUtc(wall, camera);
  });
  const inZone = ({ at, wallClock }: BesideTime) =>
    wallClock === undefined ? { at } : { at: toUtc(wallClock, camera), wallClock };
  return {
    ...{ ...rest, capturedAt, ...keptWallClocks({ ...rest, capturedAt }, walls) },
    ...(besideTimes && { besideTimes: besideTimes.map(inZone) }),
  };
}
