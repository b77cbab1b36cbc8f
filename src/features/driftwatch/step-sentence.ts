import { explain } from '../../core/i18n/failures';
import { syncWords } from '../../words/sync';
import type { Step } from './outbox/delivery-lane';

/** The outbox’s state, or its next step. */
export function stepSentence(step: Step): string {
  const said = syncWords.outbox.steps;
  switch (step.kind) {
    case 'rest': {
      const { until, isForAudit, twice } = step;
      return said.twice({ count: twice }) + (isForAudit ? said.audit({ until }) : said.turn({ until }));
    }
    case 'wait':
    case 'held': {
      const { until, failure } = step;
      const reason = explain(failure.code, failure.detail);
      return until === null ? reason : `${reason} ${said.again({ until })}`;
    }
    case 'progress':
      return step.isCorrecting === true ? said.correcting : said.progress;
    case 'done':
      return said.done;
  }
}
