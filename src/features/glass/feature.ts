import { drawnLate, type Feature, type IsWanted } from '../../core/page/feature';
import { appWords } from '../../core/i18n/app-words';

const hasJobs: IsWanted = ({ cameras, history }) => cameras.chosen !== null && history.jobs.length > 0;

const onMonitor = {
  name: () => appWords.app.places.monitor,
  isWanted: hasJobs,
  isPatient: true,
  needsPictures: true,
};

/** The map of the glass over the picture, places that are left out, and a camera that looks elsewhere. */
export const glass: Feature = {
  panels: {
    'monitor-details': {
      ...onMonitor,
      open: () => drawnLate(import('./GlassChip.svelte'), () => ({})),
    },
    'monitor-verdict': {
      ...onMonitor,
      open: () => drawnLate(import('./NewestGlass.svelte'), () => ({})),
    },
    'monitor-start': {
      ...onMonitor,
      open: () => drawnLate(import('./GlassNotices.svelte'), () => ({})),
    },
    'reference-known': {
      name: () => appWords.app.places.reference,
      isWanted: ({ cameras }) => cameras.reference !== null,
      needsPictures: true,
      open: () => drawnLate(import('./KnownPanel.svelte'), () => ({})),
    },
    'job-end': {
      name: () => appWords.app.places.monitor,
      needsPictures: true,
      open: () => drawnLate(import('./GlassPanel.svelte'), (given) => given),
    },
  },
};
