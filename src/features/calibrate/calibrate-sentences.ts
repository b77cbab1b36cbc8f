import type { CalibrationResult, DirtyRun, FalseAlarms } from '../../core/domain/drift/calibration';
import type { Calibration } from '../../core/domain/drift/judging';
import type { Thresholds } from '../../core/domain/drift/thresholds';
import { calibrateWords } from '../../words/calibrate';

/** The limits in force, and where they are from. */
export function inForceSentence(thresholds: Thresholds, calibration: Calibration | null): string {
  const said = calibrateWords.inForce;
  if (!calibration) return said.unmeasured(thresholds);
  const facts = { ...thresholds, version: calibration.version };
  if (!calibration.evidence) return said.chosen(facts);
  return calibration.isImported ? said.imported(facts) : said.measured(facts);
}

function heldOutSentence(heldOut: FalseAlarms | null): string {
  const { heldOut: checked, falseAlarms, untested } = calibrateWords;
  return heldOut ? checked({ ...heldOut, alarms: falseAlarms(heldOut) }) : untested;
}

/** The measurement in sentences, the most important first. */
export function resultSentences({ windows, proposal, heldOut, coverage }: CalibrationResult): string[] {
  const said = calibrateWords;
  const worth = said.windows({
    windows: windows.distances.length,
    effectiveWindows: proposal.effectiveWindows,
  });
  if (proposal.refusal) return [said.refusals[proposal.refusal], worth];
  return [
    heldOutSentence(heldOut),
    worth,
    ...(proposal.measured === null ? [said.confirmed] : []),
    ...coverage.gaps.map((gap) => said.gaps[gap]),
  ];
}

export function dirtySentence({ distances, delay, warningDelay }: DirtyRun): string {
  const said = calibrateWords.dirty;
  const count = distances.length;
  if (delay !== null) {
    return warningDelay === delay || warningDelay === null
      ? said.alarms({ delay, count })
      : said.warnsAndAlarms({ warningDelay, delay, count });
  }
  return warningDelay === null ? said.nothing({ count }) : said.warns({ warningDelay, count });
}
