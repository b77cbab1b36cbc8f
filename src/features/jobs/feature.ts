import { t } from '../../core/i18n/messages';
import { drawn, type Feature } from '../../core/page/feature';

/** Every job of the chosen camera, as a list and as a plot. */
export const jobs: Feature = {
  place: {
    name: 'jobs',
    title: () => t.app.places.jobs,
    isLikely: true,
    open: async () => drawn((await import('./JobsPlace.svelte')).default, () => ({})),
  },
  panels: {
    'reference-end': {
      name: () => t.app.places.jobs,
      isWanted: ({ monitor }) => monitor.jobs.some((job) => job.jobStatus === 'Completed' && job.byEye),
      open: async () => drawn((await import('./CalledPanel.svelte')).default, () => ({})),
    },
  },
};
