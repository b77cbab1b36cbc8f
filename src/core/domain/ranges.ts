import { LIMIT } from './limit-range.js';

export { LIMIT };

/** Both ends belong to it. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** Stored instants, milliseconds since 1970. The year 2200 is beyond any camera, and any `Date` can hold it. */
export const INSTANT: Range = { least: 0, most: Date.UTC(2200, 0, 1) };

/** A correction of a camera's wrong clock, in milliseconds: from any moment that is kept to any other. */
export const CLOCK_SHIFT: Range = { least: -INSTANT.most, most: INSTANT.most };

/**
 * A distance that is kept. Every detector so far gives a squared MMD with a kernel of at most 1, which is between -2 and 2;
 * twice that leaves room for rounding, and none for what would stretch every chart. A detector with larger distances
 * widens it.
 */
export const DISTANCE: Range = { least: -4, most: 4 };

/** A limit that is kept: one that no distance reaches switches an alarm off, which people do with a round number. */
export const KEPT_LIMIT: Range = { least: -1000, most: 1000 };

/** A side of a picture, in pixels: no picture of more than 100 megapixels is read. */
export const PICTURE_SIDE: Range = { least: 0, most: 100_000_000 };

/** A fact about a picture: all are shares between -1 and 1, and the limits leave room. */
export const PICTURE_FACT: Range = { least: -1e6, most: 1e6 };

/** A count of snapshots, windows or days: a century of one snapshot each second is 3e9. */
export const COUNT: Range = { least: 0, most: 1e10 };

/**
 * The bandwidth of a kernel, in embedding units. Embeddings are float32 and mostly of size 1 or so: closer than the
 * first no two of them can be told apart, and by the last no two of them differ.
 */
export const SIGMA: Range = { least: 1e-6, most: 1e6 };

/**
 * Snapshots in a window. The unbiased estimator takes a pair; more than the last, three weeks of a snapshot each half
 * hour, would notice dirt after weeks, and the kernels that are kept of a window grow with its square.
 */
export const WINDOW_SIZE: Range = { least: 2, most: 1000 };

/** Without dirt distances scatter about 0, and two backends' embeddings give ones about 1e-7 apart. */
export const DRIFT_LIMIT: Range = { least: 1e-6, most: LIMIT.most };

/** Windows in a row: a longer memory would be no alarm any more. */
export const ALARM_WINDOWS: Range = { least: 1, most: 1000 };

/** A share of the limit: at 0 half of all clean windows would not clear an alarm, above 1 a dirty one would. */
export const CLEAR_BELOW: Range = { least: 0.01, most: 1 };

/** In degrees. */
export const LATITUDE: Range = { least: -90, most: 90 };
export const LONGITUDE: Range = { least: -180, most: 180 };

/** Metres below the surface: no sea is deeper than 11 km. */
export const DEPTH: Range = { least: 0, most: 12_000 };

/** False for NaN and for anything that is no number. */
export function isWithin({ least, most }: Range, value: unknown): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}
