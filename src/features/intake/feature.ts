import { t } from '../../core/i18n/messages';
import { drawn, type Feature } from '../../core/page/feature';
import { intakeOf } from './intake-part.svelte';

/** How snapshots come by themselves: a watched folder, files that the system opens, a batch that was interrupted. */
export const intake: Feature = {
  follow: (session) => {
    const part = intakeOf(session);
    return {
      watchedFolder: () => part.watches?.chosen?.folder?.name ?? null,
      fileOf: async (of) => (await part.watches?.fileOf(of)) ?? null,
    };
  },
  beginBeside: async (session) => {
    const { beginBeside } = await import('./beside.svelte');
    beginBeside(session);
  },
  panels: {
    notice: [
      {
        name: () => t.app.places.monitor,
        isWanted: (session) => intakeOf(session).passedOn > 0,
        open: async () => drawn((await import('./PassedOnNotice.svelte')).default, () => ({})),
      },
      {
        name: () => t.app.places.monitor,
        isWanted: ({ arrivals }) => arrivals.found !== null || arrivals.left.length > 0,
        open: async (session) =>
          drawn((await import('./ArrivalNotices.svelte')).default, () => ({ arrivals: session.arrivals })),
      },
      {
        name: () => t.app.places.monitor,
        isWanted: (session) => intakeOf(session).watches?.hasNews ?? false,
        open: async (session) => {
          const { default: notices } = await import('./WatchNotices.svelte');
          return drawn(notices, () => ({ watches: intakeOf(session).watches }));
        },
      },
    ],
    'monitor-start': {
      name: () => t.app.places.monitor,
      isWanted: ({ monitor }) => monitor.leftBehind !== null,
      open: async () => drawn((await import('./LeftBehindNotice.svelte')).default, () => ({})),
    },
    'monitor-verdict': {
      name: () => t.app.places.monitor,
      // Clocks are mostly right.
      isWanted: (session) => {
        const { monitor } = session;
        return (
          monitor.aside.length + monitor.doubted.length > 0 ||
          (monitor.jobs.at(-1)?.capturedAt ?? 0) > session.now()
        );
      },
      open: async () => drawn((await import('./ClockNotice.svelte')).default, () => ({})),
    },
    'monitor-chips': {
      name: () => t.app.places.monitor,
      isWanted: (session) => intakeOf(session).watches !== null,
      open: async () => drawn((await import('./WatchChip.svelte')).default, () => ({})),
    },
  },
};
