import type { StoredFailure } from '../../core/domain/camera/records/delivery';
import type { MytokenState } from './remote/mytoken';
import type { Step } from './outbox/delivery-lane';
import { inLanguage } from '../../core/i18n/language';
import { explain } from '../../core/i18n/messages';
import en from '../../words/sync.en.js';

const catalog = inLanguage('sync', en);

export const sy = {
  ...catalog,
  token: {
    ...catalog.token,
    facts: ({ isValid, expiresAt, usesLeft }: MytokenState) =>
      isValid
        ? catalog.token.facts({
            hasExpiry: expiresAt !== null,
            expiresAt: expiresAt ?? 0,
            isCounted: usesLeft !== null,
            usesLeft: usesLeft ?? 0,
          })
        : catalog.token.invalid,
  },
  outbox: {
    ...catalog.outbox,
    step: stepSentence,
    reason: (failure: StoredFailure | null) => (failure ? reason(failure) : ''),
  },
};

function stepSentence(step: Step): string {
  const said = catalog.outbox.steps;
  switch (step.kind) {
    case 'rest':
      return step.isForAudit ? said.audit({ until: step.until }) : said.turn({ until: step.until });
    case 'wait':
    case 'held': {
      const { until, failure } = step;
      return until === null ? reason(failure) : `${reason(failure)} ${said.again({ until })}`;
    }
    default:
      return said[step.kind];
  }
}

function reason({ code, detail }: StoredFailure): string {
  return explain(code, detail);
}
