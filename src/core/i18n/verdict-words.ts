import type { CompletedJob } from '../domain/camera/job';
import { lowerLineOf, NO_PERSISTENCE } from '../domain/drift/persistence';
import type { DriftStatus } from '../domain/drift/thresholds';
import { isOfNumbers } from '../domain/model/numbers';
import { verdictWords } from '../../words/verdict';

/** Facts of a verdict. Its distance may be beyond a limit that its verdict does not name, while an alarm persists. */
type ScoredJob = Pick<CompletedJob, 'thresholds' | 'persistence' | 'modelSha256'> & {
  readonly distance: number;
};

/** The distance beside its limit, and how the verdict follows from it. @param count - number of newest snapshots in a row with this verdict */
export function numberSentence(status: DriftStatus, job: ScoredJob, count: number): string {
  const { distance, thresholds, persistence = NO_PERSISTENCE } = job;
  const { warning, drift } = thresholds;
  const { raiseAfter, clearAfter } = persistence;
  const { aboveDrift, aboveWarning, below, pending, held } = (
    isOfNumbers(job) ? verdictWords.sensor : verdictWords
  ).sentences;
  const value = (of: 'drift' | 'warning') => ({ distance, of, value: thresholds[of] });
  const line = (of: 'drift' | 'warning') => lowerLineOf(thresholds[of], persistence);
  switch (status) {
    case 'drift':
      return distance > drift
        ? aboveDrift({ distance, times: distance / drift, drift, count })
        : held({ ...value('drift'), clearAfter, line: line('drift') });
    case 'warning':
      if (distance > drift) return pending({ ...value('drift'), raiseAfter });
      return distance > warning
        ? aboveWarning({ distance, warning, drift, count })
        : held({ ...value('warning'), clearAfter, line: line('warning') });
    default:
      return distance > warning
        ? pending({ ...value(distance > drift ? 'drift' : 'warning'), raiseAfter })
        : below({ distance, warning, count });
  }
}
