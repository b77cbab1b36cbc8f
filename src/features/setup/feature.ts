import { fetched } from '../../core/browser/late';
import { drawn, drawnLate, type Feature, type IsWanted, type Panel } from '../../core/page/feature';
import { appWords } from '../../core/i18n/app-words';
import { setupOf } from './setup-part.svelte';
import Welcome from './Welcome.svelte';

const isNext: IsWanted = (session) => setupOf(session).given?.next != null;

const openNext: Panel<object>['open'] = async (session) => {
  const [given, panel] = await Promise.all([setupOf(session).openGiven(), import('./GoOnPanel.svelte')]);
  return drawn(panel.default, () => ({ given }));
};

/** How a camera gets its reference: from clean snapshots, a configuration, embeddings, or the demo. */
export const setup: Feature = {
  follow: (session) => {
    const part = setupOf(session);
    return {
      beginning: (cameras) => {
        part.maker?.clear();
        const [only] = cameras;
        if (!only) return;
        void session.work.attempt(async () => {
          if (cameras.length > 1) {
            (await part.openSeveral()).add(cameras);
            return;
          }
          const { given } = await part.openMaker();
          given.typedName = only.name;
          await given.add(only.files);
        });
      },
      shown: async () => {
        if (part.maker) part.maker.last = null;
      },
      goOn: () => (session.cameras.chosen?.isDemo ? async () => (await part.openMaker()).tryDemo() : null),
      isAtWork: () =>
        part.maker !== null && (part.maker.isFetchingDemo || part.maker.work.progress.isRunning),
      async take(given, handles) {
        const { snapshots, configs, embeddings, tables, descriptions } = given;
        const isNew = session.cameras.isSettingUpNew || !session.cameras.chosen;
        const ofReference = [...configs, ...embeddings, ...descriptions, ...(isNew ? tables : [])];
        const goesToReference = given.place === 'reference' || !session.cameras.chosen;
        if (ofReference.length === 0 && !(goesToReference && snapshots.length > 0)) return given;
        const { takeForReference } = await fetched(appWords.app.places.reference, import('./take'));
        return takeForReference(session, given, handles);
      },
    };
  },
  beginBeside: async (session) => {
    await setupOf(session).openGiven();
  },
  place: {
    name: 'reference',
    title: () => appWords.app.places.reference,
    dropHint: () => appWords.app.dropForReference,
    isLikely: true,
    open: async (session) => {
      const part = setupOf(session);
      const [module] = await Promise.all([
        import('./ReferencePlace.svelte'),
        part.openSeveral(),
        part.openGiven(),
      ]);
      return drawn(module.default, () => ({}));
    },
  },
  panels: {
    notice: {
      name: () => appWords.app.places.settings,
      isWanted: (session) => setupOf(session).described !== null,
      open: () => drawnLate(import('./DescribedNotice.svelte'), () => ({})),
    },
    welcome: { name: () => appWords.app.name, open: () => drawn(Welcome, () => ({})) },
    // Before there is a verdict it is what a person has come for; afterwards the verdict goes first.
    'monitor-start': {
      name: () => appWords.app.places.monitor,
      isWanted: (session) => isNext(session) && session.history.jobs.length === 0,
      open: openNext,
    },
    'monitor-verdict': {
      name: () => appWords.app.places.monitor,
      isWanted: (session) => isNext(session) && session.history.jobs.length > 0,
      open: openNext,
    },
  },
};
