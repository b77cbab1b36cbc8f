import { fetched } from '../../core/browser/late';
import { t } from '../../core/i18n/messages';
import { drawn, type Feature } from '../../core/page/feature';
import { partOf } from '../../core/session/part-of';
import type { Session } from '../../core/session/session.svelte';

/** One camera needs no wall: its code is loaded with the second one. */
const openWall = partOf((session: Session) => async () => {
  const { wallOf } = await fetched(t.app.places.wall, import('./wall.svelte'));
  return wallOf(session);
});

/** All cameras beside each other, the worst first; snapshots find their camera by their names. */
export const wall: Feature = {
  follow: (session) => ({
    async shown() {
      if (session.hasWall) (await openWall(session)()).shown();
    },
    stored(jobs) {
      if (session.hasWall) void openWall(session)().then((opened) => opened.stored(jobs), session.report);
    },
    async take(given, { isByHand }) {
      if (!session.hasWall || given.snapshots.length === 0) return given;
      const opened = await session.arrivals.until(openWall(session)());
      return { ...given, snapshots: await opened.sort(given.snapshots, session.place === 'wall', isByHand) };
    },
  }),
  place: {
    name: 'wall',
    open: async (session) => {
      const [opened, place] = await Promise.all([
        openWall(session)(),
        fetched(t.app.places.wall, import('./WallPlace.svelte')),
      ]);
      return drawn(place.default, () => ({ wall: opened }));
    },
  },
};
