import { t } from '../../core/i18n/messages';
import { drawnLate, type Feature } from '../../core/page/feature';

/** Every job of the chosen camera, as a list and as a plot. */
export const jobs: Feature = {
  place: {
    name: 'jobs',
    title: () => t.app.places.jobs,
    isLikely: true,
    open: () => drawnLate(import('./JobsPlace.svelte'), () => ({})),
  },
  panels: {
    'reference-end': {
      name: () => t.app.places.jobs,
      isWanted: ({ monitor }) => monitor.jobs.some((job) => job.jobStatus === 'Completed' && job.byEye),
      open: () => drawnLate(import('./CalledPanel.svelte'), () => ({})),
    },
  },
};
