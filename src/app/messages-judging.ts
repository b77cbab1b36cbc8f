import type { JudgingField, JudgingProblem } from '../domain/judging-problem';
import { inLanguage, type Widened } from './language';

const FIELDS: Record<JudgingField, { readonly name: string; readonly why: string }> = {
  sigma: { name: 'Sigma', why: 'outside it all snapshots look alike, or none do' },
  windowSize: {
    name: 'The window',
    why: 'a distance takes two snapshots, and a longer window forgets too late',
  },
  warning: {
    name: 'The warning limit',
    why: 'distances are between -1 and 2, so others are always or never exceeded',
  },
  drift: { name: 'The drift limit', why: 'distances are at most 2, and about 0 for a clean lens' },
  raiseAfter: { name: '“Raise after”', why: 'a later alarm would be none' },
  clearAfter: { name: '“Clear after”', why: 'a later alarm would be none' },
  clearBelow: { name: '“Clear below”', why: 'it is a share of the limit' },
};

/** Every sentence about numbers that can't be judged by, in English; loaded with the forms that ask for them. */
const english = {
  problem: (problem: JudgingProblem): string => {
    if (problem.kind === 'order') {
      return `The warning limit (${String(problem.warning)}) must be below the drift limit (${String(problem.drift)}).`;
    }
    const { field, range, isWhole } = problem;
    const { name, why } = FIELDS[field];
    return `${name} must be a ${isWhole ? 'whole ' : ''}number from ${String(range.least)} to ${String(range.most)}: ${why}.`;
  },
};

/** What every language has a sentence for. */
export type JudgingMessages = Widened<typeof english>;

/** Every sentence about numbers that can't be judged by, in the language of the page. */
export const jd = inLanguage('judging', english);
