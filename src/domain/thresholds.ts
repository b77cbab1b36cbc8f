/** Limits of the distance, in the distance's own dimensionless unit; `warning` is below `drift`. */
export interface Thresholds {
  readonly warning: number;
  readonly drift: number;
}

/** What a scored snapshot says of the lens. */
export type DriftStatus = 'warming-up' | 'normal' | 'warning' | 'drift';

/** The published defaults of the AI4EOSC/OBSEA tutorial. */
export const DEFAULT_THRESHOLDS: Thresholds = { warning: 0.05, drift: 0.1 };

/**
 * The verdict on one distance.
 *
 * @param distance - squared MMD, or null while the window fills
 * @returns `drift` or `warning` only strictly above the limit, as the tutorial compares
 */
export function classify(distance: number | null, thresholds: Thresholds): DriftStatus {
  if (distance === null) return 'warming-up';
  if (distance > thresholds.drift) return 'drift';
  if (distance > thresholds.warning) return 'warning';
  return 'normal';
}

/** Why the thresholds can't be used, or null when they can. */
export function thresholdsProblem({ warning, drift }: Thresholds): 'not-finite' | 'order' | null {
  if (!Number.isFinite(warning) || !Number.isFinite(drift)) return 'not-finite';
  // Without drift distances lie around zero, so a limit at or below it says nothing.
  return warning < drift && drift > 0 ? null : 'order';
}
