import {
  FEWEST_DAYS,
  FEWEST_SNAPSHOTS,
  type AdaptationEvidence,
  type Performance,
} from '../../core/domain/model/adaptation-evidence';
import type { Advice, Gain } from '../../core/domain/model/advice';
import type { Suspicion } from './pure/dirty-start';
import type { Fouling } from '../../core/domain/picture/fouling';
import { inLanguage } from '../../core/i18n/language';
import { FOULING_NAMES } from '../../core/i18n/messages-fouling';
import en from '../../words/adapt.en.js';
import type { Words } from '../../words/words';

const catalog = inLanguage('adapt', en);

/** Sentences on an adaptation that was tried; other programs get them from the English catalog. */
export function composeAdvice(words: Words['adapt'], dirtNames: Words['fouling']) {
  return {
    advice: (advice: Advice, { after }: AdaptationEvidence) => {
      if (advice.advice === 'accept') return words.better(after);
      if (advice.advice !== 'refuse') return words[advice.advice];
      const { refusal } = advice;
      return refusal.because === 'overlooks'
        ? words.refused.overlooks({ dirt: refusal.kinds.map((kind) => dirtNames[kind]) })
        : words.refused[refusal.because];
    },
    /** one sentence or more, each with a figure */
    gain: (gain: Gain): readonly string[] => {
      const { gains } = words;
      if (gain.because === 'calmer') return [gains.calmer(gain)];
      if (gain.because === 'dirty-seen') return [gains['dirty-seen'](gain)];
      return gain.kinds.map(({ kind, before, after }) =>
        gains.sooner({ dirt: dirtNames[kind], wasSeen: before !== null, before: before ?? 0, after }),
      );
    },
    suspicion: ({ kind, value, when }: Suspicion) => {
      const { kinds } = words.suspicions;
      return (kind === 'cover' ? kinds.cover({ share: value }) : kinds[kind]) + words.suspicions.when[when];
    },
    tooFew: (clean: number, days: number) =>
      words.tooFew({
        hasFewSnapshots: clean < FEWEST_SNAPSHOTS,
        clean,
        fewestSnapshots: FEWEST_SNAPSHOTS,
        days,
        fewestDays: FEWEST_DAYS,
      }),
  };
}

export const a = {
  ...catalog,
  ...composeAdvice(catalog, FOULING_NAMES),
  needs: catalog.needs({ snapshots: FEWEST_SNAPSHOTS, days: FEWEST_DAYS }),
  left: (seconds: number | null) => catalog.left({ isKnown: seconds !== null, time: (seconds ?? 0) * 1000 }),
  dirtRow: (kind: Fouling) => catalog.dirtRow({ dirt: FOULING_NAMES[kind] }),
  dirt: (warning: number | null, drift: number | null) =>
    catalog.dirt({
      hasWarning: warning !== null,
      warning: warning ?? 0,
      hasDrift: drift !== null,
      drift: drift ?? 0,
    }),
  dirty: ({ dirtyDelay, dirtyLast }: Performance) =>
    catalog.dirty({ hasDrift: dirtyDelay !== null, delay: dirtyDelay ?? 0, last: dirtyLast ?? 0 }),
};
