import { t } from '../../core/i18n/messages';
import { drawnLate, type Feature } from '../../core/page/feature';

/** What the device does for the page: keeping it for use without a network, and new versions of it. */
export const device: Feature = {
  panels: {
    notice: {
      name: () => t.app.name,
      isPatient: true,
      open: () => drawnLate(import('./DevicePart.svelte'), () => ({})),
    },
  },
};
