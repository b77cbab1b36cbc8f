import {
  FEWEST_DAYS,
  FEWEST_SNAPSHOTS,
  type AdaptationEvidence,
} from '../../core/domain/model/adaptation-evidence';
import type { Advice, Gain } from '../../core/domain/model/advice';
import type { Words } from '../../words/words';
import type { Suspicion } from './pure/dirty-start';

/** Sentences on an adaptation that was tried are in the language of these: other programs read English. */
export type AdviceWords = Pick<Words, 'adapt' | 'fouling'>;

export function adviceSentence(
  { adapt, fouling }: AdviceWords,
  advice: Advice,
  { after }: AdaptationEvidence,
): string {
  if (advice.advice === 'accept') return adapt.better(after);
  if (advice.advice !== 'refuse') return adapt[advice.advice];
  const { refusal } = advice;
  return refusal.because === 'overlooks'
    ? adapt.refused.overlooks({ dirt: refusal.kinds.map((kind) => fouling[kind]) })
    : adapt.refused[refusal.because];
}

/** One sentence or more, each with a figure. */
export function gainSentences({ adapt: { gains }, fouling }: AdviceWords, gain: Gain): readonly string[] {
  if (gain.because === 'calmer') return [gains.calmer(gain)];
  if (gain.because === 'dirty-seen') return [gains['dirty-seen'](gain)];
  return gain.kinds.map(({ kind, before, after }) => gains.sooner({ dirt: fouling[kind], before, after }));
}

export function suspicionSentence(adapt: Words['adapt'], { kind, value, when }: Suspicion): string {
  const { kinds } = adapt.suspicions;
  return (kind === 'cover' ? kinds.cover({ share: value }) : kinds[kind]) + adapt.suspicions.when[when];
}

export function tooFewSentence(adapt: Words['adapt'], clean: number, days: number): string {
  return adapt.tooFew({
    hasFewSnapshots: clean < FEWEST_SNAPSHOTS,
    clean,
    fewestSnapshots: FEWEST_SNAPSHOTS,
    days,
    fewestDays: FEWEST_DAYS,
  });
}
