/** `porthole/drift`: distances of a window from a reference, their verdict, and limits from clean days. */
export { AppError, type ErrorCode } from '../core/domain/errors';
export type { Embedding } from '../core/domain/drift/embedding';
export { kernelSaturation, medianSigma, type Sample } from '../core/domain/drift/kernel';
export { mmd2 } from '../core/domain/drift/mmd';
export { MmdStreaming as MMDStreaming } from '../core/domain/drift/detectors/mmd-streaming';
export type { Blindness } from '../core/domain/drift/detectors/detector';
export { Judge, type Judgement } from '../core/domain/drift/judge';
export type { Judging } from '../core/domain/drift/judging';
export { Alarm, NO_PERSISTENCE, type Persistence } from '../core/domain/drift/persistence';
export {
  classify,
  DEFAULT_THRESHOLDS,
  type DriftStatus,
  type Thresholds,
} from '../core/domain/drift/thresholds';
export {
  cleanWindows,
  dirtyRun,
  effectiveCount,
  falseAlarms,
  heldOutAlarms,
  predictionBound,
  proposeLimits,
  proposeThresholds,
  splitByDays,
  type CalibrationInput,
  type CalibrationResult,
  type CleanWindows,
  type DirtyRun,
  type FalseAlarms,
  type Proposal,
  type Sighting,
} from '../core/domain/drift/calibration';
export type { DetectorSettings } from '../core/domain/model/model';
