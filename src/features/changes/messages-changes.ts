import type { HistoryChange } from '../../core/domain/camera/history-change';
import { inLanguage } from '../../core/i18n/language';
import { utcDates } from '../../core/i18n/wording';
import en from '../../words/changes.en.js';

const catalog = inLanguage('changes', en);

export const ch = {
  ...catalog,
  told: ({ cause, items, snapshots }: HistoryChange): string => {
    const verdicts = items.length;
    if (cause !== 'late') return catalog[cause]({ verdicts });
    const count = snapshots.length;
    const times = snapshots.map(({ capturedAt }) => capturedAt).sort((a, b) => a - b);
    const day = utcDates(times[0] ?? NaN, times.at(-1) ?? NaN);
    return catalog.late({ count, day, verdicts });
  },
};
