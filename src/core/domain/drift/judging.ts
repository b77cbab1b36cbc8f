import { DETECTOR_SETTINGS } from '../model/model';
import { DISTANCE, KEPT_LIMIT } from '../ranges';
import * as kind from '../row';
import { isObject, type RowOf } from '../row';
import { PERSISTENCE } from './persistence';
import { THRESHOLDS } from './thresholds';

/** Everything besides the reference that decides how embeddings become verdicts. */
export const JUDGING = kind.row({
  detector: DETECTOR_SETTINGS,
  thresholds: THRESHOLDS,
  persistence: PERSISTENCE,
});
export type Judging = RowOf<typeof JUDGING>;

const orUnknown = kind.orNull(kind.amount);

/** Measurements of a calibration, in numbers that travel in a configuration file. */
const EVIDENCE = kind.row({
  /** clean snapshots that the limits were measured on, the UTC days they are of, and the full windows they give */
  snapshots: kind.amount,
  days: kind.amount,
  windows: kind.amount,
  /** how many independent windows those are worth */
  effectiveWindows: kind.amount,
  highestDistance: kind.number(DISTANCE),
  /** true if the run was enough to measure limits: else it only confirms those of the model */
  measured: kind.flag,
  /** false alarms on days that were left out while measuring, and how many days those were; null when none were */
  heldOutEvents: orUnknown,
  heldOutDaysInAlarm: orUnknown,
  heldOutDays: orUnknown,
  /** the drift limit that independent snapshots would give, and the false alarms it would have raised here */
  independentDrift: kind.orNull(kind.number(KEPT_LIMIT)),
  independentFalseAlarmEvents: orUnknown,
  independentFalseAlarmDays: orUnknown,
  /** known-dirty snapshots given, and how many of them it took until drift */
  dirtySnapshots: kind.amount,
  dirtyDelay: orUnknown,
});
export type CalibrationEvidence = RowOf<typeof EVIDENCE>;

/** Settings of a camera as one version of them: accepted once, never changed. */
export const CALIBRATION = kind.row({
  id: kind.id,
  cameraId: kind.id,
  /** 1, 2, 3 … for one camera */
  version: kind.version,
  referenceId: kind.id,
  modelSha256: kind.sha256,
  createdAt: kind.instant,
  ...JUDGING.fields,
  /** the measurement on clean days; null when the settings were chosen by replaying the history */
  evidence: kind.orNull(kind.loosely(isObject, EVIDENCE)),
  /** it came with a configuration file: this device has not seen the days that it was measured on */
  isImported: kind.optional(kind.flag),
});
export type Calibration = RowOf<typeof CALIBRATION>;

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
