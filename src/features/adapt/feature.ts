import { late } from '../../core/browser/late';
import { appWords } from '../../core/i18n/app-words';
import { drawn, type Feature } from '../../core/page/feature';
import { partOf } from '../../core/session/part-of';
import { adaptationOf } from './adaptation-of';

const openAdaptation = partOf((session) =>
  late(async () => {
    const [adaptation, panel] = await Promise.all([adaptationOf(session)(), import('./AdaptPanel.svelte')]);
    return drawn(panel.default, () => ({ adaptation }));
  }),
);

/** A camera's own version of a model, made in the page from its clean snapshots. */
export const adapt: Feature = {
  panels: {
    'reference-end': {
      name: () => appWords.app.places.reference,
      isWanted: ({ cameras }) => cameras.reference !== null,
      needsPictures: true,
      open: (session) => openAdaptation(session)(),
    },
  },
};
