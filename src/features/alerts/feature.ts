import { fetched, late } from '../../core/browser/late';
import { t } from '../../core/i18n/messages';
import { drawn, type Feature } from '../../core/page/feature';
import { partOf } from '../../core/session/part-of';

const openAlerts = partOf((session) =>
  late(async () => {
    const { Alerts } = await fetched(t.app.places.monitor, import('./alerts.svelte'));
    return Alerts.open(session);
  }),
);

/** The verdict on the tab, and what tells a person that it has changed. */
export const alerts: Feature = {
  follow: (session) => ({
    stored(jobs) {
      // The batch of the shown camera is told when it has ended.
      if (jobs.every(({ cameraId }) => cameraId === session.camera?.id)) return;
      const opened = async () => (await openAlerts(session)()).storedElsewhere(jobs);
      opened().catch(session.report);
    },
  }),
  panels: {
    notice: {
      name: () => t.app.places.monitor,
      isWanted: ({ camera }) => camera !== null,
      open: async (session) => {
        const [opened, voice] = await Promise.all([openAlerts(session)(), import('./AlertVoice.svelte')]);
        return drawn(voice.default, () => ({ alerts: opened }));
      },
    },
    settings: {
      name: () => t.app.places.settings,
      open: async (session) => {
        const [opened, panel] = await Promise.all([openAlerts(session)(), import('./AlertsPanel.svelte')]);
        return drawn(panel.default, () => ({ alerts: opened }));
      },
    },
  },
};
