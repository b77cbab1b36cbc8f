import type { Size } from '../model/model';
import type { Bands } from './bands';
import { halfOf, halve } from './blur';
import { VIEW_MEMORY } from './glass-facts';
import { median, medians } from './order';
import { halfMove, movedBack, standardDeviation } from './registration';
import type { Move } from './move';

/** Least likeness of a snapshot of the same view, as a share of the reference's own likeness. */
const LEAST_LIKENESS = 0.5;
/** Least structure for a decision, as a share of the reference's: below it is murk or darkness. */
const LEAST_STRENGTH = 0.6;
/** Least share of unchanged places for the same view: a fish or growth may hide the rest. */
export const LEAST_RECOGNISED = 0.25;
/** Least number of recent views for a comparison. */
const LEAST_MEMORY = 6;
/** Quantisation steps of a kept view per standard deviation; ±4 deviations fit in a byte. */
const STEPS = 31;

export interface ViewFit {
  /** the reference's views in the median, at a quarter of the size */
  readonly pattern: Float32Array;
  /** correlation with the pattern that the reference has, in the median */
  readonly usual: number;
  /** standard deviation of the coarse band that the reference has, in the median */
  readonly strength: number;
}

/** A snapshot's stored coarse structure: a quarter of the size, moved back, in steps of its deviation / 31. */
export type KeptView = Int8Array;

export function keptView({ coarse }: Bands, size: Size, move: Move): { view: KeptView; strength: number } {
  const half = halfOf(size);
  const back = movedBack(coarse, half, halfMove(move), 0);
  const strength = standardDeviation(back);
  const small = new Float32Array(back.length / 4);
  halve(back, half, small);
  const share = STEPS / (standardDeviation(small) + 1e-9);
  const view = new Int8Array(small.length);
  for (let i = 0; i < view.length; i++) {
    view[i] = Math.min(127, Math.max(-127, Math.round(share * small[i]!)));
  }
  return { view, strength };
}

/** @param seen - `keptView` of the reference's snapshots */
export function fitView(seen: readonly { view: KeptView; strength: number }[]): ViewFit {
  const pattern = medianView(seen.map(({ view }) => view));
  return {
    pattern,
    usual: median(seen.map(({ view }) => correlation(view, pattern))),
    strength: median(seen.map(({ strength }) => strength)),
  };
}

/** A snapshot's view from `keptView`, with its share of `Loss.recognised`. */
export interface SeenView {
  readonly view: KeptView;
  readonly strength: number;
  readonly recognised: number;
}

/**
 * Detects another view, as opposed to murk, which has no structure, and growth, which comes slowly.
 *
 * @returns true if the snapshot has structure, but is like neither the reference, as a whole or in places,
 *   nor the last views
 * @param lately - views of the last snapshots that were not another view, oldest first; the last 12 count
 * @param isElsewhere - several snapshots right before were another view: then only the reference's view shows
 *   that the camera is back, not a picture without structure
 */
export function isUnlike(
  { view, strength, recognised }: SeenView,
  fit: ViewFit,
  lately: readonly KeptView[],
  isElsewhere: boolean,
): boolean {
  const isLike = (pattern: ArrayLike<number>) => correlation(view, pattern) >= LEAST_LIKENESS * fit.usual;
  const last = lately.slice(-VIEW_MEMORY);
  return (
    (strength > LEAST_STRENGTH * fit.strength || isElsewhere) &&
    recognised < LEAST_RECOGNISED &&
    !isLike(fit.pattern) &&
    !(last.length >= LEAST_MEMORY && isLike(medianView(last)))
  );
}

/** The common part of views: their median, place by place. */
export function medianView(views: readonly KeptView[]): Float32Array {
  return medians(views.map((view) => Float32Array.from(view)));
}

/** Pearson's, of two arrays of one length; 0 where one of them is flat. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const count = a.length;
  let sumA = 0;
  let sumB = 0;
  for (let i = 0; i < count; i++) {
    sumA += a[i]!;
    sumB += b[i]!;
  }
  const meanA = sumA / count;
  const meanB = sumB / count;
  let both = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < count; i++) {
    const x = a[i]! - meanA;
    const y = b[i]! - meanB;
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return both / Math.sqrt(squaresA * squaresB + 1e-20);
}
