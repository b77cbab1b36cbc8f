import { fetched } from '../../core/browser/late';
import { t } from '../../core/i18n/messages';
import { drawn, type Feature } from '../../core/page/feature';

/** Every job of the chosen camera, as a list and as a plot. */
export const jobs: Feature = {
  place: {
    name: 'jobs',
    isLikely: true,
    open: async () => {
      const module = await fetched(t.app.places.jobs, import('./JobsPlace.svelte'));
      return drawn(module.default, () => ({}));
    },
  },
  panels: {
    'reference-end': {
      name: () => t.app.places.jobs,
      isWanted: ({ monitor }) => monitor.jobs.some((job) => job.jobStatus === 'Completed' && job.byEye),
      open: async () => {
        const module = await fetched(t.app.places.jobs, import('./CalledPanel.svelte'));
        return drawn(module.default, () => ({}));
      },
    },
  },
};
