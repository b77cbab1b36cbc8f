import { fetched, late } from '../../core/browser/late';
import { t } from '../../core/i18n/messages';
import { drawn, type Feature } from '../../core/page/feature';
import { partOf } from '../../core/session/part-of';

/** Loaded when it is first wanted. */
const openWorkbench = partOf((session) =>
  late(async () => {
    const { Workbench } = await fetched(t.app.places.calibrate, import('./workbench.svelte'));
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
    title: () => t.app.places.calibrate,
    dropHint: () => t.app.dropForCalibration,
    open: async (session) => {
      const [workbench, place] = await Promise.all([
        openWorkbench(session)(),
        import('./CalibratePlace.svelte'),
      ]);
      return drawn(place.default, () => ({ workbench }));
    },
  },
};
