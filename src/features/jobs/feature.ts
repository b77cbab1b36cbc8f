import { appWords } from '../../core/i18n/app-words';
import { drawnLate, type Feature } from '../../core/page/feature';

/** History: every job of the chosen camera, as a film, as pictures, as a list and as a plot. */
export const jobs: Feature = {
  place: {
    name: 'history',
    formerly: 'jobs',
    title: () => appWords.app.places.jobs,
    isLikely: true,
    open: () => drawnLate(import('./JobsPlace.svelte'), () => ({})),
  },
  panels: {
    'reference-end': {
      name: () => appWords.app.places.jobs,
      isWanted: ({ history }) => history.jobs.some((job) => job.jobStatus === 'Completed' && job.byEye),
      open: () => drawnLate(import('./CalledPanel.svelte'), () => ({})),
    },
  },
};
