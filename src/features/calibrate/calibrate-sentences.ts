import type { DirtyRun, Proposal } from '../../core/domain/drift/calibration';
import { calibrateWords } from '../../words/calibrate';

/** @param windows - how many of clean snapshots there are */
export function restsSentence(
  { highest, effectiveWindows, measured, thresholds }: Proposal,
  windows: number,
): string {
  return calibrateWords.calibrate.rests({
    windows,
    highest,
    effectiveWindows,
    isMeasured: measured !== null,
    isRaised: measured !== null && measured.drift < thresholds.drift,
    ...(measured ?? thresholds),
  });
}

export function dirtyRunSentence({ distances, delay, warningDelay, recovery }: DirtyRun): string {
  return calibrateWords.calibrate.dirtyRun({
    delay,
    count: distances.length,
    isWarnedEarlier: warningDelay !== null && warningDelay !== delay,
    warningDelay: warningDelay ?? 0,
    last: distances.at(-1) ?? 0,
    end: recovery !== null ? 'normal' : warningDelay !== null ? 'alarm' : 'unnoticed',
    recovery: recovery ?? 0,
  });
}
