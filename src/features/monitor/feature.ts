import { drawn, type Feature } from '../../core/page/feature';
import { t } from '../../core/i18n/messages';
import { deckOf } from './deck.svelte';
import DeckKey from './DeckKey.svelte';
import MonitorPlace from './MonitorPlace.svelte';

/** The verdict on the chosen camera, its course and its log; and deck mode, where it fills the screen. */
export const monitor: Feature = {
  follow: (session) => {
    deckOf(session);
    return {
      async take(given, { handles, isByHand }) {
        if (given.snapshots.length === 0) return given;
        session.place = 'monitor';
        await session.score(given.snapshots, handles, isByHand);
        return { ...given, snapshots: [] };
      },
    };
  },
  place: { name: 'monitor', isEager: true, open: () => drawn(MonitorPlace, () => ({})) },
  panels: {
    overlay: { name: () => t.app.places.monitor, open: () => drawn(DeckKey, () => ({})) },
    settings: {
      name: () => t.app.places.monitor,
      open: async () => drawn((await import('./DeckSettings.svelte')).default, () => ({})),
    },
  },
};
