import { t } from '../../core/i18n/messages';
import { drawnLate, type Feature } from '../../core/page/feature';

/** Why a job has its verdict: the window, the picture beside clean ones, and what simple facts say. */
export const why: Feature = {
  panels: {
    'job-why': {
      name: () => t.job.why,
      open: () => drawnLate(import('./WhyCard.svelte'), (given) => given),
    },
  },
};
