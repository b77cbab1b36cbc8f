import { SIGNIFICANT } from '../../../core/domain/drift/sets';
import type { ComparedSet, ComparisonResult, DaysCompared } from './comparison.svelte';
import { inLanguage } from '../../../core/i18n/language';
import en from '../../../words/compare.en.js';

const catalog = inLanguage('compare', en);

export const m = {
  ...catalog,
  verdict: ({ numExtreme, numPermutations, isExhaustive, pValue }: ComparisonResult) => {
    const isDifferent = pValue <= SIGNIFICANT;
    return {
      word: isDifferent ? catalog.verdict.differ : catalog.verdict.alike,
      sentence: catalog.verdict.sentence({
        isExhaustive,
        permutations: numPermutations,
        asLarge: numExtreme,
        pValue,
        isDifferent,
      }),
    };
  },
  meaning: (distance: number, warning: number | null) =>
    catalog.meaning({ hasWarning: warning !== null, distance, warning: warning ?? 0 }),
  line: catalog.line({ significant: SIGNIFICANT }),
  overlap: (count: number, { used: a }: ComparedSet, { used: b }: ComparedSet) =>
    catalog.overlap({ isSame: count === a && count === b, count }),
  set: ({ source, version, span, count, used }: ComparedSet) =>
    catalog.set({
      isPart: used < count,
      used,
      count,
      source,
      version,
      hasSpan: span !== null,
      from: span?.[0] ?? 0,
      to: span?.[1] ?? 0,
    }),
  /** Sentences on a difference between snapshots when whole days are regrouped. */
  daysSay: ({ pValue, smallestPValue }: DaysCompared) =>
    [
      pValue <= SIGNIFICANT ? catalog.days.agree({ pValue }) : catalog.days.doubt({ pValue }),
      ...(smallestPValue > SIGNIFICANT ? [catalog.days.tooFew({ smallest: smallestPValue })] : []),
    ].join(' '),
  facts: ({ sigma, numPermutations }: ComparisonResult, seed: number) =>
    catalog.facts({ sigma, permutations: numPermutations, seed }),
  picture: ({ histogram: { from, to }, distance, numPermutations }: ComparisonResult) =>
    catalog.picture({ permutations: numPermutations, from, to, distance }),
};
