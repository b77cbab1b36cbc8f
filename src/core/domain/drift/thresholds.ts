import { KEPT_LIMIT } from '../ranges';
import { number, oneOf, row, type RowOf } from '../row';

/** Limits of the distance, in the distance's own dimensionless unit; `warning` is below `drift`. */
export const THRESHOLDS = row({ warning: number(KEPT_LIMIT), drift: number(KEPT_LIMIT) });
export type Thresholds = RowOf<typeof THRESHOLDS>;

export const DRIFT_STATUS = oneOf(['warming-up', 'normal', 'warning', 'drift']);
export type DriftStatus = RowOf<typeof DRIFT_STATUS>;

/** The published defaults of the AI4EOSC/OBSEA tutorial. */
export const DEFAULT_THRESHOLDS: Thresholds = { warning: 0.05, drift: 0.1 };

/** Compares a squared MMD (null while the window fills) strictly, as the tutorial does. */
export function classify(distance: number | null, thresholds: Thresholds): DriftStatus {
  if (distance === null) return 'warming-up';
  if (distance > thresholds.drift) return 'drift';
  if (distance > thresholds.warning) return 'warning';
  return 'normal';
}
