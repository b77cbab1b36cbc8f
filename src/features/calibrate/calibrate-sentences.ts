import type { DirtyRun, FalseAlarms, Proposal } from '../../core/domain/drift/calibration';
import { calibrateWords } from '../../words/calibrate';

/** @param windows - how many of clean snapshots there are */
export function restsSentence(
  { highest, effectiveWindows, measured, thresholds }: Proposal,
  windows: number,
): string {
  const { rests, restsUnmeasured } = calibrateWords.calibrate;
  const facts = { windows, highest, effectiveWindows };
  if (measured === null) return restsUnmeasured(facts);
  return rests({ ...facts, isRaised: measured.drift < thresholds.drift, ...measured });
}

export function dirtyRunSentence({ distances, delay, warningDelay, recovery }: DirtyRun): string {
  const { driftRaised, driftNotRaised, wipedNormal, wipedAlarm } = calibrateWords.calibrate;
  const facts = {
    count: distances.length,
    isWarnedEarlier: warningDelay !== null && warningDelay !== delay,
    warningDelay: warningDelay ?? 0,
    last: distances.at(-1) ?? 0,
  };
  const raised = delay === null ? driftNotRaised(facts) : driftRaised({ ...facts, delay });
  if (recovery !== null) return `${raised} ${wipedNormal({ recovery })}`;
  return warningDelay === null ? raised : `${raised} ${wipedAlarm}`;
}

export function heldOutSentence(heldOut: FalseAlarms | null): string {
  const said = calibrateWords.calibrate;
  if (!heldOut) return said.untested;
  const { events, days } = heldOut;
  return events === 0
    ? said.heldOutCalm({ days })
    : said.heldOut({ events, days, alarmDays: said.alarmDays(heldOut) });
}
