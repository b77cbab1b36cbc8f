import { t } from '../../core/i18n/messages';
import { drawn, type Feature, type Panel } from '../../core/page/feature';

const form: Panel<object> = {
  name: () => t.app.report,
  isWanted: ({ camera, monitor }) => camera !== null && monitor.jobs.length > 0,
  open: async () => drawn((await import('./ReportForm.svelte')).default, () => ({})),
};

/** A camera's history as one HTML file. */
export const report: Feature = {
  panels: {
    'monitor-chips': {
      ...form,
      open: async () => drawn((await import('./ReportChip.svelte')).default, () => ({})),
    },
    'jobs-end': form,
  },
};
