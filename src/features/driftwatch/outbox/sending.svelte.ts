import { fetched, late } from '../../../core/browser/late';
import { appWords } from '../../../core/i18n/app-words';
import { partOf } from '../../../core/session/part-of';
import type { Session } from '../../../core/session/session.svelte';
import type { Sync } from '../sync.svelte';

export class Sending {
  /** null until a connection is set up or looked at */
  sync = $state.raw<Sync | null>(null);
  /** why the outbox waits for a person */
  readonly held = $derived.by(() => this.sync?.outbox.needsPerson ?? null);
  /** null unless the chosen camera's results go somewhere */
  readonly sender = $derived.by(() => (this.sync?.destination ? this.sync : null));
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Loads the code that sends. @throws AppError `fetch-failed` when the page's own host is out of reach */
  readonly openSync = late(async () => {
    const session = this.#session;
    const { Sync } = await fetched(appWords.app.places.driftwatch, import('../sync.svelte'));
    const sync = await Sync.open({
      db: session.db,
      isWriter: () => session.work.role === 'writer',
      onWrite: () => {
        session.followers.announce();
      },
      onError: session.work.report,
    });
    this.sync = sync;
    await this.follow();
    return sync;
  });

  /** Turns to the camera that the page shows. */
  async follow(): Promise<void> {
    const { chosen: camera, references } = this.#session.cameras;
    const { history } = this.#session;
    await this.sync?.follow(
      camera && { camera, references, jobs: () => history.whole.then(() => history.stored) },
    );
  }
}

export const sendingOf = partOf((session) => new Sending(session));
