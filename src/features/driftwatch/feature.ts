import { appWords } from '../../core/i18n/app-words';
import { drawn, drawnLate, type Feature } from '../../core/page/feature';
import { loadSetting } from '../../core/storage/settings';
import { sendingOf } from './outbox/sending.svelte';

/** Records for DriftWatch. The code is loaded on first use. */
export const driftwatch: Feature = {
  follow: (session) => {
    const sending = sendingOf(session);
    return {
      // Another tab may have connected, or disconnected, while this one only looked on.
      reading: async () => sending.sync?.reload(),
      async opened() {
        if (!sending.sync && (await loadSetting(session.db, 'connection')) !== null) await sending.openSync();
      },
      shown: () => sending.follow(),
      stored: (jobs) => void sending.sync?.records.stored(jobs),
      corrected: (job) => void sending.sync?.records.stored([job], false),
      judgedAnew: () => void sending.sync?.records.judgedAnew(),
      sentCounts() {
        const { sync } = sending;
        return (
          sync && { isConnected: sync.account.isConnected, sent: sync.sent, waiting: sync.outbox.waiting }
        );
      },
    };
  },
  place: {
    name: 'driftwatch',
    title: () => appWords.app.places.driftwatch,
    open: async (session) => {
      const [sync, place] = await Promise.all([
        sendingOf(session).openSync(),
        import('./DriftWatchPlace.svelte'),
      ]);
      return drawn(place.default, () => ({ sync }));
    },
  },
  panels: {
    'monitor-details': {
      name: () => appWords.app.places.driftwatch,
      isWanted: (session) => sendingOf(session).sender !== null,
      open: (session) =>
        drawnLate(import('./outbox/SendingChip.svelte'), () => ({ sending: sendingOf(session) })),
    },
    notice: {
      name: () => appWords.app.places.driftwatch,
      isWanted: (session) => session.place !== 'driftwatch' && sendingOf(session).held !== null,
      open: (session) => drawnLate(import('./HeldNotice.svelte'), () => ({ sending: sendingOf(session) })),
    },
  },
};
