import { fetched, late } from '../../core/browser/late';
import { appWords } from '../../core/i18n/app-words';
import type { Job } from '../../core/domain/camera/job';
import { drawn, type Feature } from '../../core/page/feature';
import type { ChangedJob } from '../../core/session/scoring/known-jobs';
import { partOf } from '../../core/session/part-of';

const openAlerts = partOf((session) =>
  late(async () => {
    const { Alerts } = await fetched(appWords.app.places.monitor, import('./alerts.svelte'));
    return Alerts.open(session);
  }),
);

/** The verdict on the tab, and what tells a person that it has changed. */
export const alerts: Feature = {
  follow: (session) => {
    let [jobs, changed]: [Job[], ChangedJob<Job>[]] = [[], []];
    // Of the shown camera the page has what stood before.
    const isElsewhere = ({ cameraId }: Job) => cameraId !== session.cameras.chosen?.id;
    const tell = async () => {
      const alerts = await openAlerts(session)();
      const news = [jobs, changed] as const;
      [jobs, changed] = [[], []];
      await alerts.storedElsewhere(...news);
    };
    const note = (more: readonly Job[], others: readonly ChangedJob<Job>[]) => {
      jobs.push(...more.filter(isElsewhere));
      changed.push(...others.filter(({ after }) => isElsewhere(after)));
      // A write is announced in several steps, and looked at once, after the last of them.
      if (jobs.length + changed.length > 0) tell().catch(session.work.report);
    };
    return {
      stored: (more) => {
        note(more, []);
      },
      judgedAnew: (others) => {
        note([], others);
      },
      corrected: (after, before) => {
        note([], [{ before, after }]);
      },
    };
  },
  panels: {
    notice: {
      name: () => appWords.app.places.monitor,
      isWanted: ({ cameras }) => cameras.chosen !== null,
      open: async (session) => {
        const [opened, notices] = await Promise.all([openAlerts(session)(), import('./AlertNotices.svelte')]);
        return drawn(notices.default, () => ({ alerts: opened }));
      },
    },
    settings: {
      name: () => appWords.app.places.settings,
      order: 1,
      open: async (session) => {
        const [opened, panel] = await Promise.all([openAlerts(session)(), import('./AlertsPanel.svelte')]);
        return drawn(panel.default, () => ({ alerts: opened }));
      },
    },
  },
};
