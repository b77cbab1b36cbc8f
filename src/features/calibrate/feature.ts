import { fetched, late } from '../../core/browser/late';
import { appWords } from '../../core/i18n/app-words';
import { drawn, type Feature } from '../../core/page/feature';
import { partOf } from '../../core/session/part-of';
import { offerOf } from './offer.svelte';

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
  follow: (session) => {
    // Made here, not first in `isOffered`: state that is made within a derived value does not change it.
    offerOf(session);
    return {
      async take(given) {
        if (given.place !== 'calibrate' || given.snapshots.length === 0) return given;
        const calibrateState = await openCalibrate(session)();
        await calibrateState.add(given.snapshots, 'clean');
        return { ...given, snapshots: [] };
      },
    };
  },
  async beginBeside(session) {
    const { givenOf } = await fetched(
      appWords.app.places.calibrate,
      import('../../core/session/reference/given-folder.svelte'),
    );
    offerOf(session).given = givenOf(session);
  },
  place: {
    name: 'calibrate',
    title: () => appWords.app.places.calibrate,
    isOffered: (session) => offerOf(session).given?.canMeasure ?? false,
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
