/** Limits of the distance, in the distance's own dimensionless unit; `warning` is below `drift`. */
export interface Thresholds {
  readonly warning: number;
  readonly drift: number;
}

export type DriftStatus = 'warming-up' | 'normal' | 'warning' | 'drift';

/** The published defaults of the AI4EOSC/OBSEA tutorial. */
export const DEFAULT_THRESHOLDS: Thresholds = { warning: 0.05, drift: 0.1 };

/** Compares a squared MMD (null while the window fills) strictly, as the tutorial does. */
export function classify(distance: number | null, thresholds: Thresholds): DriftStatus {
  if (distance === null) return 'warming-up';
  if (distance > thresholds.drift) return 'drift';
  if (distance > thresholds.warning) return 'warning';
  return 'normal';
}
