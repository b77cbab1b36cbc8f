import type { CalibrationInput, CalibrationResult } from '../../../core/domain/drift/calibration';
import type { Outcome } from '../../../core/domain/errors';
import type { Alive } from '../../../core/thread/life';

/** The door between the page and the worker that does its statistics. */
export interface AnalysisApi extends Alive {
  calibrate(input: CalibrationInput): Promise<Outcome<CalibrationResult | null>>;
}
