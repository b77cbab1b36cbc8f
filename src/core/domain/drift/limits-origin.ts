import type { Calibration, CalibrationEvidence } from './judging';
import { holdsFor } from './judging';
import type { CompletedJob } from '../camera/job';
import { NO_PERSISTENCE } from './persistence';
import { DEFAULT_THRESHOLDS } from './thresholds';

export type LimitsOrigin =
  | { readonly kind: 'unknown' | 'published' | 'own' | 'other' }
  | { readonly kind: 'imported'; readonly evidence: CalibrationEvidence }
  | { readonly kind: 'calibrated'; readonly evidence: CalibrationEvidence; readonly version: number }
  | { readonly kind: 'replayed'; readonly version: number };

export function limitsOrigin(job: CompletedJob, calibrations: readonly Calibration[]): LimitsOrigin {
  const { calibrationId, thresholds } = job;
  if (calibrationId === undefined) return { kind: 'unknown' };
  if (calibrationId === null) {
    const { warning, drift } = thresholds;
    const arePublished = warning === DEFAULT_THRESHOLDS.warning && drift === DEFAULT_THRESHOLDS.drift;
    return { kind: arePublished ? 'published' : 'own' };
  }
  const calibration = calibrations.find(({ id }) => id === calibrationId);
  if (!calibration || !holdsFor(calibration, { ...job, persistence: job.persistence ?? NO_PERSISTENCE })) {
    return { kind: 'other' };
  }
  const { evidence, version, isImported } = calibration;
  if (!evidence) return { kind: 'replayed', version };
  return isImported ? { kind: 'imported', evidence } : { kind: 'calibrated', evidence, version };
}
