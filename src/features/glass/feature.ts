import { drawn, type Feature } from '../../core/page/feature';
import { t } from '../../core/i18n/messages';

/** What is on the glass: the map over the picture, what is not on the glass, and a camera that looks elsewhere. */
export const glass: Feature = {
  panels: {
    'monitor-chips': {
      name: () => t.app.places.monitor,
      isWanted: ({ camera, monitor }) => camera !== null && monitor.jobs.length > 0,
      isPatient: true,
      open: async () => drawn((await import('./GlassChip.svelte')).default, () => ({})),
    },
    'monitor-verdict': {
      name: () => t.app.places.monitor,
      isWanted: ({ camera, monitor }) => camera !== null && monitor.jobs.length > 0,
      isPatient: true,
      open: async () => drawn((await import('./NewestGlass.svelte')).default, () => ({})),
    },
    'monitor-start': {
      name: () => t.app.places.monitor,
      isWanted: ({ camera, monitor }) => camera !== null && monitor.jobs.length > 0,
      isPatient: true,
      open: async () => drawn((await import('./GlassNotices.svelte')).default, () => ({})),
    },
    'reference-known': {
      name: () => t.app.places.reference,
      isWanted: ({ reference }) => reference !== null,
      open: async () => drawn((await import('./KnownPanel.svelte')).default, () => ({})),
    },
    'job-end': {
      name: () => t.app.places.monitor,
      open: async () => drawn((await import('./GlassPanel.svelte')).default, (given) => given),
    },
  },
};
