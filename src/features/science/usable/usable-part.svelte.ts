import { v4 as uuid } from 'uuid';
import type { Span, SpanByHand } from '../../../core/domain/usable/span';
import type { UsableTime } from '../pure/usable/spans';
import { deleteSpanByHand, loadSpansByHand, saveCamera, saveSpanByHand } from '../../../core/storage/cameras';
import type { Session } from '../../../core/session/session.svelte';
import { usableTimeNow } from './usable-source';

type Parts = Pick<Session, 'db' | 'work' | 'cameras' | 'history' | 'followers'>;

/** The usable time of the chosen camera: the page's findings, and a person's corrections. */
export class UsablePart {
  readonly #parts: Parts;
  #said = $state.raw<{ readonly cameraId: string | null; readonly spans: readonly SpanByHand[] }>({
    cameraId: null,
    spans: [],
  });
  readonly isRead = $derived.by(() => this.#said.cameraId === (this.#parts.cameras.chosen?.id ?? null));
  /** the person's corrections for the chosen camera, in the order in which they were made */
  readonly byHand: readonly SpanByHand[] = $derived(this.isRead ? this.#said.spans : []);
  /** made once for each change of jobs, and only while somebody looks */
  readonly time: UsableTime = $derived.by(() => usableTimeNow(this.#parts, this.byHand));
  readonly spans: readonly Span[] = $derived(this.time.spans);
  #turn = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Reads the person's corrections for the chosen camera again. @throws AppError `storage-failed` */
  async read(): Promise<void> {
    this.#turn += 1;
    const [turn, { db, cameras }] = [this.#turn, this.#parts];
    const { chosen: camera } = cameras;
    const spans = camera ? await loadSpansByHand(db, camera.id) : [];
    if (turn === this.#turn) this.#said = { cameraId: camera?.id ?? null, spans };
  }

  /** Keeps a person's correction over a time. @returns false if it could not be stored */
  async say(said: Pick<SpanByHand, 'usability' | 'begin' | 'end' | 'note'>): Promise<boolean> {
    return this.#change((cameraId) =>
      saveSpanByHand(this.#parts.db, {
        ...said,
        id: uuid(),
        cameraId,
        madeAt: this.#parts.cameras.now(),
      }),
    );
  }

  /** Takes a correction back: the page's finding counts again. */
  async takeBack(id: string): Promise<boolean> {
    return this.#change(() => deleteSpanByHand(this.#parts.db, id));
  }

  /** Exports the chosen camera's flags since the onset beside those of then, or no more. @returns whether it is stored */
  async setFlagsBack(isSince: boolean): Promise<boolean> {
    return this.#parts.cameras.change((camera) => {
      const { flagsSinceOnset: _before, ...rest } = camera;
      return saveCamera(this.#parts.db, isSince ? { ...rest, flagsSinceOnset: true } : rest);
    });
  }

  async #change(write: (cameraId: string) => Promise<void>): Promise<boolean> {
    const { work, cameras, followers } = this.#parts;
    return work.attempt(async () => {
      work.mustWrite();
      if (!cameras.chosen) return;
      await write(cameras.chosen.id);
      await this.read();
      followers.announce();
    });
  }
}
