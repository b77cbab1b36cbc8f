import { fetched, late } from '../../core/browser/late';
import { appWords } from '../../core/i18n/app-words';
import { partOf } from '../../core/session/part-of';
import { saveSetting } from '../../core/storage/settings';
import type { Session } from '../../core/session/session.svelte';
import type { Care } from './care.svelte';
import type { StorageProblems } from './storage-problems.svelte';

export class Keep {
  /** meter, exports and deletion; null until they are looked at, or a camera keeps its pictures */
  care = $state.raw<Care | null>(null);
  /** rows that can't be used; null until its code is loaded */
  storageProblems = $state.raw<StorageProblems | null>(null);
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Loads meter, exports and deletion. @throws AppError `fetch-failed` when the page's own host is out of reach */
  readonly openCare = late(async () => {
    const { Care } = await fetched(appWords.app.places.settings, import('./care.svelte'));
    return (this.care = await Care.open(this.#session));
  });

  /** Looks through an export of Porthole and shows its additions; nothing is added before a person agrees. */
  async lookInto(bundle: File): Promise<void> {
    this.#session.work.mustWrite();
    this.#session.place = 'settings';
    await (await this.openCare()).bundles.look(bundle);
  }

  async deleteCamera(cameraId: string): Promise<void> {
    const session = this.#session;
    await session.work.attempt(async () => {
      // The code that deletes its pictures is loaded first: without a network nothing is deleted.
      const care = await this.openCare();
      await session.cameras.changeAll(async () => {
        await care.deleteCamera(cameraId);
        await saveSetting(session.db, 'currentCameraId', null);
      }, true);
    });
  }
}

export const keepOf = partOf((session) => new Keep(session));
