import type { Judging } from '../../../core/domain/drift/judging';
import { causeWord } from '../../../core/i18n/conclusion-words';
import { conclusionWords } from '../../../words/conclusion';
import { drillWords } from '../../../words/drill';
import { foulingWords } from '../../../words/fouling';
import type { DrillAnswer, LensVerdict, Nearness, RunVerdict } from '../pure/drill';

export function cleanSentence(run: RunVerdict): string {
  const clean = drillWords.clean({
    conclusion: causeWord(run.code, run.driftStatus),
    ...(run.nearest ? nearnessOf(run.nearest) : { nearest: null, times: null }),
  });
  return run.driftStatus === 'normal' ? clean : `${clean} ${drillWords.falseAlarm}`;
}

/** @param step - milliseconds between two snapshots; null if that is not known */
export function answerSentence(answer: DrillAnswer, judging: Judging, step: number | null): string {
  return answer.noticed
    ? `${noticed(answer, answer.noticed, step)} ${drillWords.named(namesOf(answer.noticed))}`
    : missed(answer, judging);
}

function noticed({ lenses, drifted, hasBlindSpot }: DrillAnswer, lens: LensVerdict, step: number | null) {
  const { kind, measure, warningDelay, driftDelay } = lens;
  const count = warningDelay ?? 0;
  const said = drillWords[lens === lenses[0] ? 'noticedWeakest' : 'noticed']({
    dirt: drillWords.dirt[kind]({ share: measure.value }),
    count,
    time: timeOf(count, step),
    gravity: drillWords.gravity({
      gravity: gravityOf(lens, drifted),
      driftDelay: driftDelay ?? drifted?.driftDelay ?? 0,
      share: drifted?.measure.value ?? 0,
    }),
  });
  return hasBlindSpot ? `${said} ${drillWords.blindSpot}` : said;
}

/** Severity at which a lens is noticed: `stronger` if only a stronger one becomes drift. */
function gravityOf({ warningDelay, driftDelay }: LensVerdict, drifted: LensVerdict | null) {
  if (driftDelay !== null) return driftDelay === warningDelay ? 'once' : 'later';
  return drifted ? 'stronger' : 'never';
}

function missed({ kind, lenses }: DrillAnswer, { persistence }: Judging): string {
  const strongest = lenses.at(-1)!;
  const { measure, nearest } = strongest;
  return drillWords.missed({
    dirt: foulingWords[kind],
    strength: drillWords.strength({ measure: measure.kind, share: measure.value }),
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

/** The name that it gets in the end, and the first one. */
export function namesOf({ code, firstCode }: RunVerdict) {
  return {
    isSame: code === firstCode,
    name: conclusionWords.words[code],
    first: conclusionWords.words[firstCode],
  };
}

function nearnessOf(nearest: Nearness | null) {
  return {
    nearest: nearest ? drillWords.nearest[nearest.speaker] : '',
    times: nearest ? Math.max(0, nearest.times) : 0,
  };
}

/** How long so many images take; null if the pace is not known. @param step - milliseconds between two */
export function timeOf(count: number, step: number | null): number | null {
  return step !== null && step > 0 ? count * step : null;
}
