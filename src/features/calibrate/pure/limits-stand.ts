import type { CalibrationResult } from '../../../core/domain/drift/calibration';

export type LimitsStand =
  /** no one should judge by these limits */
  | 'refused'
  /** windows of dirty snapshots are no further from the reference than those of clean ones */
  | 'overlap'
  /** dirty snapshots were given, and they raise no drift */
  | 'missed'
  /** they would have raised false alarms on days that had no part in them */
  | 'false-alarms'
  /** the run is too little for limits of its own, and speaks for those of the model */
  | 'confirmed'
  /** the run lacks hours, days or light */
  | 'narrow'
  | 'good';

/** Judges measured limits by the other measurements. The gravest result comes first. */
export function limitsStand(result: CalibrationResult, windowSize: number): LimitsStand {
  const { proposal, heldOut, coverage, dirty } = result;
  if (proposal.refusal) return 'refused';
  if (dirty) {
    const least = lowestDirty(dirty.distances, windowSize);
    if (least !== null && least <= proposal.highest) return 'overlap';
    if (dirty.delay === null) return 'missed';
  }
  if (heldOut && heldOut.events > 0) return 'false-alarms';
  if (proposal.measured === null) return 'confirmed';
  return coverage.gaps.length > 0 ? 'narrow' : 'good';
}

/** True if at least half of the window that ends with a dirty snapshot is dirty; the rest is clean. */
export function isMostlyDirty(nth: number, windowSize: number): boolean {
  return 2 * (nth + 1) >= windowSize;
}

/**
 * The lowest distance of windows that are mostly dirty; that of the newest window if the run is too short for any; null
 * when there is none.
 *
 * @param distances - one for each dirty snapshot, after a clean run; NaN while the window fills
 */
export function lowestDirty(distances: readonly number[], windowSize: number): number | null {
  const dirty = distances.filter((distance, i) => isMostlyDirty(i, windowSize) && !Number.isNaN(distance));
  const counted =
    dirty.length > 0 ? dirty : distances.slice(-1).filter((distance) => !Number.isNaN(distance));
  return counted.length > 0 ? counted.reduce((low, value) => Math.min(low, value), Infinity) : null;
}

/** Fewer missing hours in a row are no night. */
const LEAST_MISSING = 4;

/**
 * The longest run of hours of the day of which there is no snapshot.
 *
 * @param byHour - snapshots by UTC hour, 24 of them
 * @returns the first of them and the first that has snapshots again; null when fewer than four are missing in a row
 */
export function missingHours(
  byHour: readonly number[],
): { readonly from: number; readonly to: number } | null {
  let best = { from: 0, length: 0 };
  for (let from = 0; from < 24; from++) {
    let length = 0;
    while (length < 24 && byHour[(from + length) % 24] === 0) length++;
    if (length > best.length) best = { from, length };
  }
  if (best.length < LEAST_MISSING || best.length === 24) return null;
  return { from: best.from, to: (best.from + best.length) % 24 };
}
