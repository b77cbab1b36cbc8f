import type { CalibrationInput, CalibrationResult } from '../../../core/domain/drift/calibration';
import type { drill, DrillResult } from '../pure/drill';
import type { Outcome } from '../../../core/domain/errors';
import type { Alive } from '../../../core/thread/life';

/** The door between the page and the worker that does its statistics. */
export interface AnalysisApi extends Alive {
  calibrate(input: CalibrationInput): Promise<Outcome<CalibrationResult | null>>;
  drill(...input: Parameters<typeof drill>): Promise<Outcome<DrillResult>>;
}
