import { expose } from 'comlink';
import { mmdPermutationTest } from '../../../core/domain/drift/permutation-test';
import { usablePermutations } from '../../../core/domain/drift/sets';
import { asOutcome } from '../../../core/domain/errors';
import { alive } from '../../../core/thread/life';
import { binomial, dayPermutation } from '../pure/periods/day-permutation';
import type { Apart } from '../pure/periods/period-facts';
import type { PeriodsApi } from './periods-api';

const PERMUTATIONS = 1000;
/** So that the same question has the same answer. */
const RANDOM_STATE = 31;
/** With fewer regroupings no p-value could be 0.05: three days and three have 20. */
const LEAST_SPLITS = 20;

const api: PeriodsApi = {
  ...alive,
  compare: (a, b, sigma) =>
    asOutcome((): Apart => {
      const [one, other] = [a.flat(), b.flat()];
      const permutations = usablePermutations(one.length + other.length, PERMUTATIONS);
      const { distance, pValue } = mmdPermutationTest(one, other, {
        sigma,
        numPermutations: permutations,
        randomState: RANDOM_STATE,
        method: 'conservative',
      });
      const splits = binomial(a.length + b.length, a.length);
      const days = splits < LEAST_SPLITS ? null : dayPermutation(a, b, sigma, RANDOM_STATE);
      return {
        distance,
        pBySnapshot: pValue,
        permutations,
        pByDay: days?.pValue ?? null,
        splits: days?.splits ?? splits,
        isExhaustive: days?.isExhaustive ?? true,
        sigma,
        used: { a: one.length, b: other.length },
      };
    }),
};

expose(api);
