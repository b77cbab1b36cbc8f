import { SIGNIFICANT } from '../../../core/domain/drift/sets';
import { compareWords } from '../../../words/compare';
import type { ComparedSet, ComparisonResult, DaysCompared } from './comparison.svelte';

export function verdictSentence({
  numExtreme,
  numPermutations,
  isExhaustive,
  pValue,
}: ComparisonResult): string {
  return compareWords.verdict[isExhaustive ? 'exhaustive' : 'sampled']({
    permutations: numPermutations,
    asLarge: numExtreme,
    pValue,
    isDifferent: pValue <= SIGNIFICANT,
  });
}

export function setSentence({ source, version, span, count, used }: ComparedSet): string {
  const [from, to] = span ?? [null, null];
  const facts = { count, source: compareWords.source({ source, version }), from, to };
  return used < count ? compareWords.setPart({ ...facts, used }) : compareWords.set(facts);
}

/** Sentences on a difference between snapshots when whole days are regrouped. */
export function daysSentences({ pValue, smallestPValue }: DaysCompared): string {
  const { days } = compareWords;
  return [
    pValue <= SIGNIFICANT ? days.agree({ pValue }) : days.doubt({ pValue }),
    ...(smallestPValue > SIGNIFICANT ? [days.tooFew({ smallest: smallestPValue })] : []),
  ].join(' ');
}
