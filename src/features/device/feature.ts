import { appWords } from '../../core/i18n/app-words';
import { drawnLate, type Feature } from '../../core/page/feature';

/** Keeps the page for use without a network, and takes in new versions of it. */
export const device: Feature = {
  panels: {
    notice: {
      name: () => appWords.app.name,
      isPatient: true,
      open: () => drawnLate(import('./DevicePart.svelte'), () => ({})),
    },
  },
};
