import type { DetectorSettings } from '../model/model';
import type { Persistence } from './persistence';
import type { Thresholds } from './thresholds';

/** Everything besides the reference that decides how embeddings become verdicts. */
export interface Judging {
  readonly detector: DetectorSettings;
  readonly thresholds: Thresholds;
  readonly persistence: Persistence;
}

export function judgingKey({ detector, thresholds, persistence }: Judging): string {
  return [
    detector.name,
    detector.windowSize,
    detector.sigma,
    thresholds.warning,
    thresholds.drift,
    persistence.raiseAfter,
    persistence.clearAfter,
    persistence.clearBelow,
  ].join(' ');
}

/** A camera, job or calibration by its model, reference and settings. */
type JudgedBy = Judging & { readonly modelSha256: string; readonly referenceId: string | null };

/** True if a calibration is of the same model, reference and settings. */
export function holdsFor(calibration: JudgedBy, judged: JudgedBy): boolean {
  return (
    calibration.modelSha256 === judged.modelSha256 &&
    calibration.referenceId === judged.referenceId &&
    judgingKey(calibration) === judgingKey(judged)
  );
}
