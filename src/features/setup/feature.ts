import { drawn, type Feature } from '../../core/page/feature';
import { t } from '../../core/i18n/messages';
import { fetched } from '../../core/browser/late';
import { cameraMakerOf } from './camera-maker.svelte';
import Welcome from './Welcome.svelte';

/** How a camera gets its reference: from clean snapshots, a configuration, embeddings, or the demo. */
export const setup: Feature = {
  follow: (session) => {
    const maker = cameraMakerOf(session);
    return {
      beginning: () => {
        maker.setUp.clear();
      },
      shown: async () => {
        maker.forgetRest();
      },
      goOn: () => (session.camera?.isDemo ? () => maker.tryDemo() : null),
      isAtWork: () => maker.isFetchingDemo || maker.setUp.progress.isRunning,
      async take(given) {
        const { snapshots, configs, embeddings } = given;
        const describesReference = configs.length > 0 || embeddings.length > 0;
        const goesToReference = session.place === 'reference' || !session.camera;
        if (!describesReference && !(goesToReference && snapshots.length > 0)) return given;
        session.mustBeFree(maker.setUp.progress.isRunning || maker.setUp.reading !== null);
        await maker.setUp.add([...snapshots, ...configs, ...embeddings]);
        session.place = 'reference';
        return { ...given, snapshots: [], configs: [], embeddings: [] };
      },
    };
  },
  place: {
    name: 'reference',
    isLikely: true,
    open: async () => {
      const module = await fetched(t.app.places.reference, import('./ReferencePlace.svelte'));
      return drawn(module.default, () => ({}));
    },
  },
  panels: { welcome: { name: () => t.app.name, open: () => drawn(Welcome, () => ({})) } },
};
