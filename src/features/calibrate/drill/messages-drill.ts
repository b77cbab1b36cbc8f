import type { DrillAnswer, LensVerdict, Nearness, RunVerdict } from '../pure/drill';
import type { Fouling } from '../../../core/domain/picture/fouling';
import type { Judging } from '../../../core/domain/drift/judging';
import { inLanguage } from '../../../core/i18n/language';
import { threeDigits } from '../../../core/i18n/format';
import { cn } from '../../../core/i18n/messages-conclusion';
import { FOULING_NAMES } from '../../../core/i18n/messages-fouling';
import en from '../../../words/drill.en.js';

const catalog = inLanguage('drill', en);

export const dr = {
  ...catalog,
  used: (used: number, chosen: number, leftOut: number, lenses: number) =>
    catalog.used({ isSample: chosen - leftOut > used, used, chosen, lenses }),
  clean: (run: RunVerdict) =>
    catalog.clean({
      isNormal: run.driftStatus === 'normal',
      conclusion: conclusion(run),
      isNear: run.nearest !== null,
      ...nearnessOf(run.nearest),
    }),
  conclusion,
  answer: (answer: DrillAnswer, judging: Judging, step: number | null) =>
    answer.noticed
      ? `${noticed(answer, answer.noticed, step)} ${catalog.named(namesOf(answer.noticed))}`
      : missed(answer, judging),
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
    name: (lens: LensVerdict) => catalog.dialog.name(namesOf(lens)),
    /** A distance; one of a model that has no say is marked. */
    distance: (distance: number | null, hasSay: boolean) => {
      const number = distance === null ? '–' : threeDigits(distance);
      return hasSay || distance === null ? number : catalog.dialog.beside({ distance: number });
    },
    title: (kind: Fouling, severity: number) => catalog.dialog.title({ dirt: FOULING_NAMES[kind], severity }),
    delay: (delay: number | null, step: number | null) =>
      catalog.dialog.delay({ hasCome: delay !== null, ...images(delay ?? 0, step) }),
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

/** Severity at which a lens is noticed: `stronger` if only a stronger one becomes drift. */
function gravityOf({ warningDelay, driftDelay }: LensVerdict, drifted: LensVerdict | null) {
  if (driftDelay !== null) return driftDelay === warningDelay ? 'once' : 'later';
  return drifted ? 'stronger' : 'never';
}

function missed({ kind, lenses }: DrillAnswer, { persistence }: Judging): string {
  const strongest = lenses.at(-1)!;
  const { measure, nearest } = strongest;
  return catalog.missed({
    dirt: FOULING_NAMES[kind],
    measure: measure.kind,
    share: measure.value,
    why: whyMissed(strongest),
    ...nearnessOf(nearest),
    windows: persistence.raiseAfter,
  });
}

function whyMissed({ code, nearest }: LensVerdict): 'aside' | 'water' | 'persistence' | 'below' {
  if (!nearest) return 'aside';
  if (code === 'light-or-water') return 'water';
  return nearest.times > 1 ? 'persistence' : 'below';
}

function conclusion({ code, driftStatus }: RunVerdict): string {
  return cn.word(code, driftStatus);
}

function namesOf({ code, firstCode }: RunVerdict) {
  return { isSame: code === firstCode, name: cn.words[code], first: cn.words[firstCode] };
}

function nearnessOf(nearest: Nearness | null) {
  return {
    nearest: nearest ? catalog.nearest[nearest.speaker] : '',
    times: nearest ? Math.max(0, nearest.times) : 0,
  };
}

/** A number of images, and their time if the pace is known. */
function images(count: number, step: number | null) {
  return { count, isTimed: step !== null && step > 0, time: count * (step ?? 0) };
}
