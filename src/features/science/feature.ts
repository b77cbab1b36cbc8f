import { fetched, late } from '../../core/browser/late';
import { appWords } from '../../core/i18n/app-words';
import { drawn, type Feature } from '../../core/page/feature';
import { partOf } from '../../core/session/part-of';
import type { ScienceState } from './science-state.svelte';

/** Loaded when it is first wanted. */
const scienceStateOf = partOf((session) => {
  const part: { opened: ScienceState | null } = { opened: null };
  const open = late(async () => {
    const { ScienceState } = await fetched(appWords.app.places.science, import('./science-state.svelte'));
    const scienceState = new ScienceState(session);
    await scienceState.read();
    part.opened = scienceState;
    return scienceState;
  });
  return { open, opened: () => part.opened };
});

/** Usable time, and counts masked by it. */
export const science: Feature = {
  follow: (session) => ({
    async take(given) {
      const [table, ...tables] = given.tables;
      if (given.place !== 'science' || !session.cameras.chosen || !table) return given;
      const scienceState = await scienceStateOf(session).open();
      scienceState.showCounts(table);
      return { ...given, tables };
    },
    async shown() {
      await scienceStateOf(session).opened()?.read();
    },
  }),
  place: {
    name: 'science',
    title: () => appWords.app.places.science,
    dropHint: () => appWords.app.dropForScience,
    open: async (session) => {
      const [scienceState, place] = await Promise.all([
        scienceStateOf(session).open(),
        import('./SciencePlace.svelte'),
      ]);
      return drawn(place.default, () => ({ scienceState }));
    },
  },
};
