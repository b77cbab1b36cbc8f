import { SIGNIFICANT } from '../../../core/domain/drift/sets';
import { compareWords } from '../../../words/compare';
import type { ComparedSet, ComparisonResult, DaysCompared } from './comparison.svelte';

export function verdictSentence({
  numExtreme,
  numPermutations,
  isExhaustive,
  pValue,
}: ComparisonResult): string {
  return compareWords.verdict.sentence({
    isExhaustive,
    permutations: numPermutations,
    asLarge: numExtreme,
    pValue,
    isDifferent: pValue <= SIGNIFICANT,
  });
}

export function setSentence({ source, version, span, count, used }: ComparedSet): string {
  const [from, to] = span ?? [null, null];
  return compareWords.set({ isPart: used < count, used, count, source, version, from, to });
}

/** Sentences on a difference between snapshots when whole days are regrouped. */
export function daysSentences({ pValue, smallestPValue }: DaysCompared): string {
  const { days } = compareWords;
  return [
    pValue <= SIGNIFICANT ? days.agree({ pValue }) : days.doubt({ pValue }),
    ...(smallestPValue > SIGNIFICANT ? [days.tooFew({ smallest: smallestPValue })] : []),
  ].join(' ');
}
