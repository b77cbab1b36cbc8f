import type { RecordFates } from '../../core/domain/camera/records/fate';
import { inLanguage } from '../../core/i18n/language';
import en from '../../words/delete.en.js';

const catalog = inLanguage('delete', en);
const { told } = catalog.records;

export const del = {
  ...catalog,
  records: {
    ...catalog.records,
    told: (fates: RecordFates) =>
      (['unsent', 'unsettled', 'beyond'] as const)
        .filter((fate) => fates[fate] > 0)
        .map((fate) => told[fate]({ count: fates[fate] })),
  },
};
