import type { Thresholds } from '../../../core/domain/drift/thresholds';

export interface WindowHistogram {
  readonly from: number;
  readonly to: number;
  /** of windows in bins of equal width, which reach a little beyond the drift limit */
  readonly counts: readonly number[];
}

const BINS = 40;
/** Free space beyond the highest window and the limits. */
const ROOM = 1.06;

/** @param distances - finite */
export function windowHistogram(distances: readonly number[], { drift }: Thresholds): WindowHistogram {
  const from = distances.reduce((low, value) => Math.min(low, value), 0);
  const to = ROOM * distances.reduce((high, value) => Math.max(high, value), drift);
  const counts = new Array<number>(BINS).fill(0);
  for (const distance of distances) counts[Math.floor(((distance - from) / (to - from)) * BINS)]! += 1;
  return { from, to, counts };
}
