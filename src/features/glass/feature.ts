import { drawnLate, type Feature } from '../../core/page/feature';
import { appWords } from '../../core/i18n/app-words';
import type { Session } from '../../core/session/session.svelte';

const onMonitor = {
  name: () => appWords.app.places.monitor,
  isWanted: ({ cameras, history }: Session) => cameras.chosen !== null && history.jobs.length > 0,
  isPatient: true,
};

/** The map of the glass over the picture, places that are left out, and a camera that looks elsewhere. */
export const glass: Feature = {
  panels: {
    'monitor-chips': {
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
      open: () => drawnLate(import('./KnownPanel.svelte'), () => ({})),
    },
    'job-end': {
      name: () => appWords.app.places.monitor,
      open: () => drawnLate(import('./GlassPanel.svelte'), (given) => given),
    },
  },
};
