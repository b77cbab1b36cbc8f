import { fetched } from '../../core/browser/late';
import { areOfSeveral, byName } from '../../core/domain/camera/by-name';
import { appWords } from '../../core/i18n/app-words';
import { drawn, type Feature } from '../../core/page/feature';
import { partOf } from '../../core/session/part-of';
import type { Wall } from './wall.svelte';

/** The wall of a session: its code is loaded when it is looked at, or when snapshots may be of several cameras. */
class WallPart {
  /** null until it is loaded; then it knows nothing of any camera, and so misses nothing */
  opened: Wall | null = null;
  readonly #make: (module: typeof import('./wall.svelte')) => Wall;

  constructor(make: (module: typeof import('./wall.svelte')) => Wall) {
    this.#make = make;
  }

  /** @throws AppError `fetch-failed` when the page's own host is out of reach */
  async open(): Promise<Wall> {
    return (this.opened ??= this.#make(await fetched(appWords.app.places.wall, import('./wall.svelte'))));
  }
}

const partOfWall = partOf((session) => new WallPart(({ wallOf }) => wallOf(session)));

/** All cameras beside each other, the worst first; snapshots find their camera by their names. */
export const wall: Feature = {
  follow: (session) => {
    const part = partOfWall(session);
    return {
      beginning(cameras) {
        part.opened?.beginning(cameras);
      },
      shown() {
        part.opened?.shown();
        return Promise.resolve();
      },
      stored(jobs) {
        part.opened?.stored(jobs);
      },
      judgedAnew(changed) {
        part.opened?.stored(changed.map(({ after }) => after));
      },
      async take(given, handles) {
        const { all } = session.cameras;
        if (all.length === 0 || (all.length === 1 && !areOfSeveral(byName(given.snapshots)))) return given;
        const opened = await session.arrivals.until(part.open());
        return { ...given, snapshots: await opened.sort(given.snapshots, given.place === 'wall', handles) };
      },
    };
  },
  place: {
    name: 'wall',
    title: () => appWords.app.places.wall,
    // With one camera its Monitor is the whole wall.
    isWanted: ({ cameras }) => cameras.all.length > 1,
    open: async (session) => {
      const [opened, place] = await Promise.all([partOfWall(session).open(), import('./WallPlace.svelte')]);
      return drawn(place.default, () => ({ wall: opened }));
    },
  },
};
