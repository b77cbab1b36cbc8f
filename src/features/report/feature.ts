import { appWords } from '../../core/i18n/app-words';
import { drawnLate, type Feature, type Panel } from '../../core/page/feature';

const form: Panel<object> = {
  name: () => appWords.app.report,
  isWanted: ({ cameras, history }) => cameras.chosen !== null && history.jobs.length > 0,
  open: () => drawnLate(import('./ReportForm.svelte'), () => ({})),
};

/** A camera's history as one HTML file. */
export const report: Feature = {
  panels: {
    'monitor-details': {
      ...form,
      open: () => drawnLate(import('./ReportChip.svelte'), () => ({})),
    },
    'jobs-end': form,
  },
};
