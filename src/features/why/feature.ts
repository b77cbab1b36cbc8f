import { appWords } from '../../core/i18n/app-words';
import { drawnLate, type Feature } from '../../core/page/feature';

/** Why a job has its verdict: the window, the picture beside clean ones, and what simple facts say. */
export const why: Feature = {
  panels: {
    'job-why': {
      name: () => appWords.job.why,
      open: () => drawnLate(import('./WhyCard.svelte'), (given) => given),
    },
  },
};
