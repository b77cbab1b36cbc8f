import { appWords } from '../../core/i18n/app-words';
import { drawnLate, type Feature } from '../../core/page/feature';
import { intakeOf } from './intake-part.svelte';

/** Snapshots that come by themselves: a watched folder, files that the system opens, a batch that was interrupted. */
export const intake: Feature = {
  follow: (session) => {
    const part = intakeOf(session);
    return {
      watchedFolder: () => part.watches?.chosen?.folder?.name ?? null,
      failedFiles: (cameraId) => part.watches?.of(cameraId)?.failed ?? null,
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
        name: () => appWords.app.places.monitor,
        isWanted: (session) => intakeOf(session).passedOn > 0,
        open: () => drawnLate(import('./PassedOnNotice.svelte'), () => ({})),
      },
      {
        name: () => appWords.app.places.monitor,
        isWanted: ({ arrivals }) => arrivals.found !== null || arrivals.unused.length > 0,
        open: (session) =>
          drawnLate(import('./ArrivalNotices.svelte'), () => ({ arrivals: session.arrivals })),
      },
      {
        name: () => appWords.app.places.monitor,
        isWanted: (session) => intakeOf(session).watches?.hasNews ?? false,
        open: (session) =>
          drawnLate(import('./WatchNotices.svelte'), () => ({ watches: intakeOf(session).watches })),
      },
    ],
    'monitor-start': {
      name: () => appWords.app.places.monitor,
      isWanted: ({ scoring }) => scoring.batches.interrupted !== null,
      open: () => drawnLate(import('./InterruptedNotice.svelte'), () => ({})),
    },
    'monitor-verdict': {
      name: () => appWords.app.places.monitor,
      // Clocks are mostly right.
      isWanted: (session) => {
        const { history } = session;
        return (
          history.aside.length + history.doubted.length > 0 ||
          intakeOf(session).corrected !== null ||
          (history.jobs.at(-1)?.capturedAt ?? 0) > session.cameras.now()
        );
      },
      open: () => drawnLate(import('./ClockNotice.svelte'), () => ({})),
    },
    'monitor-details': {
      name: () => appWords.app.places.monitor,
      isWanted: (session) => intakeOf(session).watches !== null,
      open: () => drawnLate(import('./WatchChip.svelte'), () => ({})),
    },
  },
};
