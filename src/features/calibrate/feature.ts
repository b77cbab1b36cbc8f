import { fetched, late } from '../../core/browser/late';
import { appWords } from '../../core/i18n/app-words';
import { drawn, type Feature } from '../../core/page/feature';
import { partOf } from '../../core/session/part-of';

/** Loaded when it is first wanted. */
const openWorkbench = partOf((session) =>
  late(async () => {
    const { Workbench } = await fetched(appWords.app.places.calibrate, import('./workbench.svelte'));
    return new Workbench(session);
  }),
);

export const calibrate: Feature = {
  follow: (session) => ({
    async take(given) {
      if (session.place !== 'calibrate' || given.snapshots.length === 0) return given;
      const workbench = await openWorkbench(session)();
      await workbench.calibrator.add(given.snapshots, 'clean');
      return { ...given, snapshots: [] };
    },
  }),
  place: {
    name: 'calibrate',
    title: () => appWords.app.places.calibrate,
    dropHint: () => appWords.app.dropForCalibration,
    open: async (session) => {
      const [workbench, place] = await Promise.all([
        openWorkbench(session)(),
        import('./CalibratePlace.svelte'),
      ]);
      return drawn(place.default, () => ({ workbench }));
    },
  },
};
