import { fetched } from '../../core/browser/late';
import { appWords } from '../../core/i18n/app-words';
import { drawnLate, type Feature } from '../../core/page/feature';

/** The chosen camera's settings, the encoder, models, and the look of the page. */
export const settings: Feature = {
  follow: (session) => ({
    async take(given) {
      if (given.models.length === 0) return given;
      const { addModel } = await fetched(appWords.app.places.settings, import('./own-models'));
      for (const file of given.models) {
        session.place = 'settings';
        await addModel(session, file);
      }
      return { ...given, models: [] };
    },
  }),
  place: {
    name: 'settings',
    title: () => appWords.app.places.settings,
    isLikely: true,
    open: () => drawnLate(import('./SettingsPlace.svelte'), () => ({})),
  },
};
