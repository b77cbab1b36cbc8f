import type { DrillAnswer, LensVerdict, RunVerdict } from '../pure/drill';
import type { Fouling, FoulingMeasure } from '../../../core/domain/picture/fouling';
import type { Judging } from '../../../core/domain/drift/judge';
import { inLanguage } from '../../../core/i18n/language';
import { t } from '../../../core/i18n/messages';
import { FOULING_NAMES } from '../../../core/i18n/messages-fouling';
import en from '../../../words/drill.en.js';

const catalog = inLanguage('drill', en);

/** Every sentence of the fouling drill, in the language of the page. */
export const d = {
  ...catalog,
  used: (used: number, chosen: number, leftOut: number, lenses: number) =>
    catalog.used({ isSample: chosen - leftOut > used, used, chosen, lenses }),
  clean: ({ driftStatus, highest }: RunVerdict) =>
    catalog.clean({
      isNormal: driftStatus === 'normal',
      verdict: t.verdict.words[driftStatus],
      highest,
    }),
  answer: (answer: DrillAnswer, judging: Judging, step: number | null) =>
    answer.noticed ? noticed(answer, answer.noticed, step) : missed(answer, judging),
  measure: ({ value }: FoulingMeasure) => catalog.measure({ share: value }),
  table: {
    ...catalog.table,
    delay: ({ warningDelay, driftDelay }: LensVerdict) => {
      const delay = driftDelay ?? warningDelay;
      return catalog.table.delay({ hasCome: delay !== null, count: delay ?? 0 });
    },
    open: (kind: Fouling, severity: number) => catalog.table.open({ dirt: FOULING_NAMES[kind], severity }),
  },
  dialog: {
    ...catalog.dialog,
    title: (kind: Fouling, severity: number) => catalog.dialog.title({ dirt: FOULING_NAMES[kind], severity }),
    delay: (delay: number | null, step: number | null) =>
      catalog.dialog.delay({ hasCome: delay !== null, ...images(delay ?? 0, step) }),
  },
  pictures: {
    ...catalog.pictures,
    fouled: (name: string, kind: Fouling, { value }: FoulingMeasure) =>
      catalog.pictures.fouled({ name, dirt: FOULING_NAMES[kind], share: value }),
  },
};

function noticed({ lenses, drifted, hasBlindSpot }: DrillAnswer, lens: LensVerdict, step: number | null) {
  const { kind, measure, warningDelay, driftDelay } = lens;
  return catalog.noticed({
    dirt: catalog.dirt[kind]({ share: measure.value }),
    isWeakest: lens === lenses[0],
    ...images(warningDelay ?? 0, step),
    gravity: gravityOf(lens, drifted),
    driftDelay: driftDelay ?? drifted?.driftDelay ?? 0,
    share: drifted?.measure.value ?? 0,
    hasBlindSpot,
  });
}

/** How grave a lens is when it is noticed: `stronger` where only a stronger one becomes drift. */
function gravityOf({ warningDelay, driftDelay }: LensVerdict, drifted: LensVerdict | null) {
  if (driftDelay !== null) return driftDelay === warningDelay ? 'once' : 'later';
  return drifted ? 'stronger' : 'never';
}

function missed({ kind, lenses }: DrillAnswer, { thresholds, persistence }: Judging): string {
  const { highest, measure } = lenses.at(-1)!;
  return catalog.missed({
    dirt: FOULING_NAMES[kind],
    measure: measure.kind,
    share: measure.value,
    isAbove: highest > thresholds.warning,
    highest,
    warning: thresholds.warning,
    windows: persistence.raiseAfter,
  });
}

/** So many images, and how long they take where the pace is known. */
function images(count: number, step: number | null) {
  return { count, isTimed: step !== null && step > 0, time: count * (step ?? 0) };
}
