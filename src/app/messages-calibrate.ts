import type {
  Calibration,
  Coverage,
  CoverageGap,
  DirtyRun,
  FalseAlarms,
  Proposal,
} from '../domain/calibration';
import { AppError } from '../domain/errors';
import type { Thresholds } from '../domain/thresholds';
import type { ReferenceFrom } from './calibrator.svelte';
import { counted, limit, threeDigits, utc } from './format';
import { inLanguage, type Widened } from './language';
import { explain } from './messages';

/** Every sentence of the Calibrate place, in English; loaded with it. */
const english = {
  lead: 'Limits measured on this camera’s own clean days, tested on days left out; and what other settings would have said of its history. Nothing changes for the camera until you accept it.',
  sections: 'On this page',
  computing: 'Computing…',
  failed: (error: unknown) =>
    error instanceof AppError
      ? explain(error.code, error.detail)
      : explain('unexpected', error instanceof Error ? error.message : ''),
  bandwidth: {
    title: 'Bandwidth',
    what: 'Sigma says how far apart two embeddings may be and still count as alike. It should lie among the distances between clean snapshots, which are drawn here.',
    picture: (largest: number, sigma: number) =>
      `Histogram of the distances between two clean snapshots of the reference, up to ${threeDigits(largest)}, with a line at sigma ${threeDigits(sigma)}.`,
    axis: 'distance between two clean embeddings; the line is sigma',
    verdicts: {
      'too-small':
        'Sigma is too small: to this kernel no two snapshots are alike, and every distance is about 0 whatever comes.',
      small: 'Sigma is small: few clean snapshots count as alike, so distances react late.',
      fine: 'Sigma suits these embeddings.',
      large: 'Sigma is large beside the clean cluster, which is what a model trained for it wants.',
      'too-large': 'Sigma is too large: everything counts as alike, and distances flatten.',
    },
    saturation: (sigma: number, saturation: number) =>
      `At sigma ${threeDigits(sigma)} two clean snapshots are ${threeDigits(100 * saturation)} % alike (mean kernel).`,
    useMedian: (median: number) => `Try the median heuristic, ${threeDigits(median)}`,
    useOwn: (sigma: number) => `Back to ${threeDigits(sigma)}`,
    othersTitle: 'What other libraries call the median',
    others: (median: number, other: number) =>
      `Frouros: sigma = median(d) = ${threeDigits(median)}, in exp(−d² / 2σ²); this is the one stored here. alibi-detect: σ² = median(d²) / 2, which is ${threeDigits(other)} in Frouros’ convention. Evidently: γ = 1 / median(d)², which is ${threeDigits(other)} too. Divide by √2 before comparing thresholds.`,
    noMedian: 'More than half of the clean embeddings are equal, so they have no median distance.',
  },
  calibrate: {
    title: 'Limits from clean days',
    what: 'Give a run of snapshots from days on which you know that the lens was clean, in one go and with every hour of use. Whole days go either to the reference or to the measuring, never single snapshots: neighbours in time look alike.',
    clean: 'Known-clean snapshots',
    dirty: 'Known-dirty snapshots, if you have some',
    dirtyHint: 'They show how soon dirt would be noticed; the limits do not depend on them.',
    chooseClean: 'Choose clean snapshots',
    cleanFolder: 'Choose a clean folder',
    chooseDirty: 'Choose dirty snapshots',
    chosen: (count: number, days: number) =>
      count === 0
        ? 'None yet. Drop them on this page, or choose them.'
        : `${counted(count, 'snapshot')} of ${counted(days, 'day')}.`,
    leftOut: 'Left out',
    compareWith: 'Compare with',
    from: {
      present: (version: number) => `the present reference, version ${String(version)}`,
      run: () => 'a new reference from the first days of this run',
    } satisfies Record<ReferenceFrom, (version: number) => string>,
    share: 'Share of the days for the reference',
    splitRun: (reference: number, referenceDays: number, rest: number, restDays: number) =>
      `${counted(reference, 'snapshot')} of the first ${counted(referenceDays, 'day')} become the reference; the limits are measured on ${counted(rest, 'snapshot')} of the ${counted(restDays, 'day')} after.`,
    splitPresent: (rest: number, days: number) =>
      rest === 0
        ? 'The reference holds snapshots of every day of this run, so nothing is left to measure on.'
        : `The limits are measured on ${counted(rest, 'snapshot')} of the ${counted(days, 'day')} that the reference has no part in.`,
    splitUnknown: (rest: number) =>
      `The reference doesn’t say of which days it is, so ${counted(rest, 'snapshot')} of this run may be of the same ones, and the limits too low. A new reference from this run is safer.`,
    floor: (warning: number, drift: number) =>
      `not below the limits that this model was judged with (${limit(warning)}, ${limit(drift)})`,
    proposed: 'Proposed limits:',
    limits: ({ warning, drift }: Thresholds) => `warning ${limit(warning)}, drift ${limit(drift)}`,
    rests: ({ highest, effectiveWindows, measured, thresholds }: Proposal, windows: number) => {
      const basis = `The highest of ${counted(windows, 'clean window')} is ${threeDigits(highest)}; they overlap and are worth about ${threeDigits(effectiveWindows)} independent ones.`;
      if (!measured) {
        return `${basis} That is too little to measure limits of this camera’s own; all clean windows are below the model’s warning limit, so the model’s limits stay.`;
      }
      return measured.drift < thresholds.drift
        ? `${basis} Clean days alone would give ${limit(measured.warning)} and ${limit(measured.drift)}.`
        : `${basis} The fewer they are worth, the wider the margin.`;
    },
    refusals: {
      'few-windows':
        'The clean windows are worth fewer than three independent ones: no limit can be measured from them. Give more days.',
      'blind-sigma':
        'This sigma tells nothing apart, so no limit means anything. The bandwidth doctor below suggests another.',
      'beyond-dirt':
        'Even a covered lens would hardly pass this limit, because the clean windows differ so much or are so few. Give more days, more of every hour, or a reference that covers them.',
    } satisfies Record<NonNullable<Proposal['refusal']>, string>,
    heldOut: (heldOut: FalseAlarms | null) =>
      heldOut === null
        ? 'Too little is left to leave days out for a test.'
        : heldOut.events === 0
          ? `Tested on days left out in turn: no false alarm in ${counted(heldOut.days, 'day')}.`
          : `Tested on days left out in turn: ${counted(heldOut.events, 'false alarm')} in ${counted(heldOut.days, 'day')}, on ${counted(heldOut.daysInAlarm, 'day')}.`,
    independent: (drift: number, { events, daysInAlarm, days }: FalseAlarms) =>
      events === 0
        ? `If snapshots were independent, a limit of ${limit(drift)} would do. It raises nothing here, but snapshots of one hour look alike, so on more days a whole window can be unusual at once.`
        : `If snapshots were independent, a limit of ${limit(drift)} would do; here it raises ${counted(events, 'false alarm')}, on ${String(daysInAlarm)} of ${counted(days, 'day')}. Snapshots of one hour look alike, so a whole window can be unusual at once: such a limit misleads.`,
    dirtyRun: ({ distances, delay, warningDelay, recovery }: DirtyRun) =>
      `${delay === null ? `With these limits, drift is not raised within ${counted(distances.length, 'dirty snapshot')}` : `Drift is raised by dirty snapshot ${String(delay)} of ${String(distances.length)}`}${
        warningDelay !== null && warningDelay !== delay
          ? `, a warning by snapshot ${String(warningDelay)}`
          : ''
      }; the last distance is ${threeDigits(distances.at(-1) ?? 0)}. ${
        recovery === null
          ? warningDelay === null
            ? ''
            : 'Wiped without a note, the verdict does not come back to normal within this run.'
          : `Wiped without a note, the verdict is normal again after ${counted(recovery, 'clean snapshot')}.`
      }`,
    tooShort: (windowSize: number) =>
      `Too few snapshots to measure on: two full windows need ${String(windowSize + 1)} of days that the reference has no part in. Add more, or take the reference from this run.`,
    accept: (drift: number) => `Accept: drift above ${limit(drift)}`,
    tryThem: 'Try them on the history below',
    acceptHint: (from: ReferenceFrom) =>
      `Snapshots scored from now on are judged so${from === 'run' ? ', against the new reference' : ''}. What was scored keeps its distances and verdicts.`,
    accepted: 'Accepted. Every verdict from now on says that it is calibrated.',
  },
  scored: {
    title: 'Or take days already scored',
    from: 'From (UTC day)',
    to: 'To',
    confirm: (count: number) => `I confirm: the lens was clean in these ${counted(count, 'snapshot')}`,
    add: 'Add them',
  },
  coverage: {
    title: 'How wide this run is',
    facts: ({ snapshots, days, brightness }: Coverage, effectiveWindows: number) =>
      `${counted(snapshots, 'snapshot')} of ${counted(days, 'day')}, worth about ${threeDigits(effectiveWindows)} independent windows${brightness ? `; brightness ${threeDigits(brightness[0])} to ${threeDigits(brightness[1])}` : ''}.`,
    hours: 'Snapshots by hour of the day, UTC',
    hour: (hour: number, count: number) =>
      `${String(hour).padStart(2, '0')}:00 UTC: ${counted(count, 'snapshot')}`,
    gaps: {
      'few-days': 'Fewer than seven days: other weather may look like drift.',
      'few-hours': 'Hours in which the camera is used are missing: dawn and dusk look different.',
      'few-windows': 'Worth fewer than four independent windows: little is known of this camera yet.',
      'one-light': 'All of one brightness: other light may look like drift.',
    } satisfies Record<CoverageGap, string>,
    wide: 'Several days, hours and brightnesses: a fair basis.',
  },
  windows: {
    picture: (clean: number, highest: number, dirty: number) =>
      `Distances of ${counted(clean, 'clean window')} in time order, the highest ${threeDigits(highest)}${dirty > 0 ? `, then of ${counted(dirty, 'dirty snapshot')}` : ''}, with the proposed limits.`,
    scale: 'Square-root scale.',
    clean: 'clean windows, in time order',
    dirty: 'dirty snapshots after them',
    warning: (value: string) => `warning ${value}`,
    drift: (value: string) => `drift ${value}`,
    independent: (value: string) => `if snapshots were independent ${value}`,
  },
  versions: {
    title: (count: number) =>
      count === 0 ? 'Versions of the settings' : `Versions of the settings (${String(count)})`,
    none: 'None was accepted yet: verdicts say that they are not calibrated.',
    name: (version: number, at: number) => `Version ${String(version)}, ${utc(at)}`,
    facts: ({ thresholds, detector, persistence, evidence }: Calibration, reference: number) =>
      `warning ${limit(thresholds.warning)}, drift ${limit(thresholds.drift)}, sigma ${threeDigits(detector.sigma)}, window ${String(detector.windowSize)}, raised after ${String(persistence.raiseAfter)}, cleared after ${String(persistence.clearAfter)} below ${threeDigits(persistence.clearBelow)} of the limit; reference ${String(reference)}. ${
        evidence
          ? `Calibrated on ${counted(evidence.snapshots, 'snapshot')} of ${counted(evidence.days, 'clean day')}${evidence.heldOutDays === null ? '' : `: ${counted(evidence.heldOutEvents ?? 0, 'false alarm')} in ${counted(evidence.heldOutDays, 'day')} left out`}.`
          : 'Chosen by replaying the history, not calibrated.'
      }`,
  },
  replay: {
    title: 'Replay the history',
    what: 'Move a setting, and every stored snapshot is judged anew from its embedding, as if the setting had been in force from the first one on. Stored verdicts stay as they are.',
    none: 'Nothing was scored with this camera’s model yet.',
    reference: 'Reference',
    version: (version: number) => `version ${String(version)}`,
    summary: (before: number, after: number) =>
      before === after
        ? `${counted(after, 'alarm')}, as many as were raised.`
        : `${counted(after, 'alarm')} instead of ${String(before)}.`,
    changed: (count: number, total: number) =>
      count === 0
        ? `All ${counted(total, 'verdict')} as they stand.`
        : `${counted(count, 'verdict')} of ${String(total)} would differ.`,
    gained: (count: number) => `${counted(count, 'alarm')} gained`,
    lost: (count: number) => `${counted(count, 'alarm')} lost`,
    run: (at: number, count: number) => `from ${utc(at)}, ${counted(count, 'snapshot')}`,
    chart: 'Distance as it would have been',
    speed: (count: number, milliseconds: number) =>
      `${counted(count, 'snapshot')} judged in ${milliseconds.toFixed(0)} ms, beside the page.`,
    hints: 'What these settings do',
    keep: 'Keep as a new version',
    discard: 'Back to the camera’s settings',
    kept: 'Kept. Snapshots scored from now on are judged so; verdicts before stay as they were.',
  },
};

/** What every language has a sentence for. */
export type CalibrateMessages = Widened<typeof english>;

/** Every sentence of the Calibrate place, in the language of the page. */
export const c = inLanguage('calibrate', english);
