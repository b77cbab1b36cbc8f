import { fetched, late } from '../../../core/browser/late';
import { appWords } from '../../../core/i18n/app-words';
import { partOf } from '../../../core/session/part-of';
import type { Sync } from '../sync.svelte';
import type { Session } from '../../../core/session/session.svelte';

type Parts = Pick<Session, 'db' | 'work' | 'cameras' | 'history' | 'followers'>;

export class Sending {
  /** null until a connection is set up or looked at */
  sync = $state.raw<Sync | null>(null);
  /** why the outbox waits for a person */
  readonly held = $derived.by(() => this.sync?.outbox.needsPerson ?? null);
  /** null unless the chosen camera's results go somewhere */
  readonly sender = $derived.by(() => (this.sync?.destination ? this.sync : null));
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Loads the code that sends. @throws AppError `fetch-failed` when the page's own host is out of reach */
  readonly openSync = late(async () => {
    const { db, work, followers } = this.#parts;
    const { Sync } = await fetched(appWords.app.places.driftwatch, import('../sync.svelte'));
    const sync = await Sync.open({
      db,
      isWriter: () => work.role === 'writer',
      onWrite: () => {
        followers.announce();
      },
      onError: work.report,
    });
    this.sync = sync;
    await this.follow();
    return sync;
  });

  /** Turns to the camera that the page shows. */
  async follow(): Promise<void> {
    const { cameras, history } = this.#parts;
    const { chosen: camera, references } = cameras;
    await this.sync?.follow(
      camera && { camera, references, jobs: () => history.whole.then(() => history.stored) },
    );
  }
}

export const sendingOf = partOf((session) => new Sending(session));
