import { fetched, late } from '../../core/browser/late';
import { appWords } from '../../core/i18n/app-words';
import { drawn, type Feature } from '../../core/page/feature';
import { partOf } from '../../core/session/part-of';

/** Loaded when it is first wanted. */
const openCalibrate = partOf((session) =>
  late(async () => {
    const { CalibrateState } = await fetched(
      appWords.app.places.calibrate,
      import('./calibrate-state.svelte'),
    );
    return new CalibrateState(session);
  }),
);

export const calibrate: Feature = {
  follow: (session) => ({
    async take(given) {
      if (session.place !== 'calibrate' || given.snapshots.length === 0) return given;
      const calibrateState = await openCalibrate(session)();
      await calibrateState.calibrator.add(given.snapshots, 'clean');
      return { ...given, snapshots: [] };
    },
  }),
  place: {
    name: 'calibrate',
    title: () => appWords.app.places.calibrate,
    dropHint: () => appWords.app.dropForCalibration,
    open: async (session) => {
      const [calibrateState, place] = await Promise.all([
        openCalibrate(session)(),
        import('./CalibratePlace.svelte'),
      ]);
      return drawn(place.default, () => ({ calibrateState }));
    },
  },
};
