import type { UnusableRow } from '../../core/domain/files/bundle';
import type { Claimed, Looking } from './bundles.svelte';
import { inLanguage } from '../../core/i18n/language';
import en from '../../words/bundle.en.js';

/** Number of cameras, and of unusable rows, that are named. */
const MOST_NAMED = 5;

const catalog = inLanguage('bundle', en);

export const u = {
  ...catalog,
  looking: (looking: Looking) =>
    looking.at === 'entries' ? catalog.looking.entries(looking) : catalog.looking.cameras(looking),
  goes: {
    ...catalog.goes,
    says: ({ cameras, address, experiment }: Claimed) =>
      catalog.goes.says({
        cameras: cameras.slice(0, MOST_NAMED).join(', '),
        more: Math.max(0, cameras.length - MOST_NAMED),
        address,
        experiment,
      }),
  },
  unusable: (rows: readonly UnusableRow[], count: number) =>
    catalog.unusable({
      count,
      rows: rows.slice(0, MOST_NAMED).map(catalog.row).join('; '),
      hasMore: count > MOST_NAMED,
    }),
};
