import type { Coverage, DirtyRun, FalseAlarms, Proposal } from '../../core/domain/drift/calibration';
import { inLanguage } from '../../core/i18n/language';
import en from '../../words/calibrate.en.js';

const catalog = inLanguage('calibrate', en);

export const c = {
  ...catalog,
  calibrate: {
    ...catalog.calibrate,
    rests: ({ highest, effectiveWindows, measured, thresholds }: Proposal, windows: number) =>
      catalog.calibrate.rests({
        windows,
        highest,
        effectiveWindows,
        isMeasured: measured !== null,
        isRaised: measured !== null && measured.drift < thresholds.drift,
        ...(measured ?? thresholds),
      }),
    heldOut: (heldOut: FalseAlarms | null) =>
      heldOut === null ? catalog.calibrate.untested : catalog.calibrate.heldOut(heldOut),
    dirtyRun: ({ distances, delay, warningDelay, recovery }: DirtyRun) =>
      catalog.calibrate.dirtyRun({
        isDrift: delay !== null,
        delay: delay ?? 0,
        count: distances.length,
        isWarnedEarlier: warningDelay !== null && warningDelay !== delay,
        warningDelay: warningDelay ?? 0,
        last: distances.at(-1) ?? 0,
        end: recovery !== null ? 'normal' : warningDelay !== null ? 'alarm' : 'unnoticed',
        recovery: recovery ?? 0,
      }),
  },
  coverage: {
    ...catalog.coverage,
    facts: ({ snapshots, days, brightness }: Coverage, effectiveWindows: number) =>
      catalog.coverage.facts({
        snapshots,
        days,
        effectiveWindows,
        hasBrightness: brightness !== null,
        darkest: brightness?.[0] ?? 0,
        brightest: brightness?.[1] ?? 0,
      }),
  },
  summary: {
    ...catalog.summary,
    word: (stand: keyof typeof catalog.summary.words, version: number) => {
      const word = catalog.summary.words[stand];
      return typeof word === 'string' ? word : word({ version });
    },
    lead: (stand: keyof typeof catalog.summary.leads, hasDirty: boolean) => {
      const lead = catalog.summary.leads[stand];
      return typeof lead === 'string' ? lead : lead({ hasDirty });
    },
  },
};
