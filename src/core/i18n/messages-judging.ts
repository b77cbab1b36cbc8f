import type { JudgingProblem } from '../domain/drift/judging-problem';
import { inLanguage } from './language';
import en from '../../words/judging.en.js';

const catalog = inLanguage('judging', en);

/** Every sentence about numbers that can't be judged by, in the language of the page. */
export const jd = {
  problem: (problem: JudgingProblem): string => {
    if (problem.kind === 'order') return catalog.order(problem);
    const { field, range, isWhole } = problem;
    return catalog.range({ ...range, isWhole, field: catalog.fields[field], reason: catalog.reasons[field] });
  },
};
