import type { AppError } from '../../../core/domain/errors';
import { inLanguage } from '../../../core/i18n/language';
import { explain } from '../../../core/i18n/messages';
import en from '../../../words/fleet.en.js';

const catalog = inLanguage('fleet', en);

export const f = {
  ...catalog,
  count: {
    ...catalog.count,
    some: (shown: number, total: number | null) =>
      catalog.count.some({ shown, hasTotal: total !== null, total: total ?? 0 }),
    more: (shown: number, total: number | null) =>
      catalog.count.more({ hasTotal: total !== null, count: (total ?? 0) - shown }),
  },
  problem,
};

function problem(error: AppError): string {
  // This feature only reads, so the missing level is not the one for writing.
  return error.code === 'not-permitted' ? catalog.notPermitted : explain(error.code, error.detail);
}
