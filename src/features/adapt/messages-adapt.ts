import {
  FEWEST_DAYS,
  FEWEST_SNAPSHOTS,
  type AdaptationEvidence,
  type Performance,
  type Refusal,
} from '../../core/domain/model/adaptation-evidence';
import type { Advice, Gain } from '../../core/domain/model/advice';
import type { Suspicion } from './pure/dirty-start';
import type { Fouling } from '../../core/domain/picture/fouling';
import type { Judged } from '../../core/domain/model/training-course';
import { inLanguage } from '../../core/i18n/language';
import { FOULING_NAMES } from '../../core/i18n/messages-fouling';
import en from '../../words/adapt.en.js';

const catalog = inLanguage('adapt', en);

/** Every sentence of the adaptation, in the language of the page. */
export const a = {
  ...catalog,
  needs: catalog.needs({ snapshots: FEWEST_SNAPSHOTS, days: FEWEST_DAYS }),
  tooFew: (clean: number, days: number) =>
    catalog.tooFew({
      hasFewSnapshots: clean < FEWEST_SNAPSHOTS,
      clean,
      fewestSnapshots: FEWEST_SNAPSHOTS,
      days,
      fewestDays: FEWEST_DAYS,
    }),
  left: (seconds: number | null) => catalog.left({ isKnown: seconds !== null, time: (seconds ?? 0) * 1000 }),
  advice: (advice: Advice, { after }: AdaptationEvidence) => {
    if (advice.advice === 'accept') return catalog.better(after);
    if (advice.advice !== 'refuse') return catalog[advice.advice];
    const { refusal } = advice;
    return refusal.because === 'overlooks'
      ? catalog.refused.overlooks({ dirt: namesOf(refusal.kinds) })
      : catalog.refused[refusal.because];
  },
  /** one sentence or more, each with a figure */
  gain: (gain: Gain): readonly string[] => {
    const { gains } = catalog;
    if (gain.because === 'calmer') return [gains.calmer(gain)];
    if (gain.because === 'dirty-seen') return [gains['dirty-seen'](gain)];
    if (gain.because === 'error-map') return [gains['error-map'](gain)];
    return gain.kinds.map(({ kind, before, after }) =>
      gains.sooner({ dirt: FOULING_NAMES[kind], wasSeen: before !== null, before: before ?? 0, after }),
    );
  },
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
  suspicions: {
    ...catalog.suspicions,
    of: ({ kind, value, when }: Suspicion) => {
      const { kinds } = catalog.suspicions;
      return (kind === 'cover' ? kinds.cover({ share: value }) : kinds[kind]) + catalog.suspicions.when[when];
    },
  },
  train: {
    ...catalog.train,
    picture: (steps: number, rows: readonly { readonly loss: number }[]) =>
      catalog.train.picture({ steps, first: rows[0]?.loss ?? 0, last: rows.at(-1)?.loss ?? 0 }),
    best: ({ step, evidence, rebuilding }: Judged) =>
      catalog.train.best({
        step,
        drawsWorse: rebuilding.after > rebuilding.meanPicture,
        hasAlarms: evidence.after.aboveWarning > 0,
      }),
    refused: (step: number, refusal: Refusal) =>
      catalog.train.refused[refusal.because]({
        step,
        dirt: refusal.because === 'overlooks' ? namesOf(refusal.kinds) : [],
      }),
  },
};

function namesOf(kinds: readonly Fouling[]): readonly string[] {
  return kinds.map((kind) => FOULING_NAMES[kind]);
}
