import { untrack } from 'svelte';
import type { HistoryChange } from '../../core/domain/camera/history-change';
import type { Camera } from '../../core/domain/camera/camera';
import { saveCamera, saveFacts } from '../../core/storage/cameras';
import { dismissChange, loadChanges } from '../../core/storage/changes';
import { runAtRest } from '../../core/session/at-rest.svelte';
import type { Present } from '../../core/session/history/change-inputs';
import type { Session } from '../../core/session/session.svelte';
import { judgeInOrder, undoChange, wouldChange, type Offer } from './in-order';

/** Changed verdicts of the chosen camera that a person has not dismissed, and those that an old history would change. */
export class Changes {
  #all = $state.raw<readonly HistoryChange[]>([]);
  /** as found in this visit: new snapshots hardly change it */
  #offers = $state.raw<readonly Offer[]>([]);
  /** counts what was judged again */
  #times = $state(0);
  readonly #session: Session;
  /** While snapshots are scored the counts would change with each of them, and be read out each time. */
  readonly shown = $derived.by(() => {
    const { chosen: camera } = this.#session.cameras;
    const { batches } = this.#session.scoring;
    if (batches.isWorking) return [];
    return this.#all.filter(
      ({ cameraId, cause, items }) => cameraId === camera?.id && (cause === 'upgrade' || items.length > 0),
    );
  });
  /** null if there is nothing to change, or a person has answered */
  readonly offer = $derived.by(() => {
    const { chosen: camera } = this.#session.cameras;
    const { batches } = this.#session.scoring;
    if (batches.isWorking || camera?.judgedInOrder !== undefined) return null;
    return this.#offers.find(({ cameraId }) => cameraId === camera?.id) ?? null;
  });
  readonly hasNews = $derived.by(() => this.shown.length > 0 || this.offer !== null);
  /** a history of an earlier version that can be looked at now */
  readonly #old = $derived.by((): Present | null => {
    const { chosen: camera, present } = this.#session.cameras;
    const { history } = this.#session;
    const { canChange, isAtRest } = this.#session.work;
    if (!canChange || !isAtRest || !camera || camera.judgedInOrder !== undefined) return null;
    if (!history.isWhole || history.jobs.length === 0) return null;
    return this.#offers.some(({ cameraId }) => cameraId === camera.id) ? null : present;
  });

  constructor(session: Session) {
    this.#session = session;
    $effect.root(() => {
      $effect(() => {
        const { chosen: camera } = session.cameras;
        const { batches } = session.scoring;
        const times = this.#times;
        if (!camera || batches.isWorking) return;
        untrack(() => {
          this.#load(camera.id, times).catch(session.work.report);
        });
      });
    });
    runAtRest(
      () => this.#old,
      (present, signal) => this.#lookAt(present, signal),
    );
  }

  /** Stored jobs say something else by now. */
  lookAgain(): void {
    this.#times += 1;
  }

  async dismiss(change: HistoryChange): Promise<void> {
    await this.#session.work.attempt(async () => {
      this.#session.work.mustWrite();
      await dismissChange(this.#session.db, change);
      this.#session.followers.announce();
    });
    this.lookAgain();
  }

  async undo(change: HistoryChange): Promise<void> {
    await this.#judge(() => undoChange(this.#session, this.#session.thumbnails, change));
  }

  /** Judges the whole history again, as the offer says. */
  async accept(): Promise<void> {
    await this.#judge((camera) => judgeInOrder(this.#session, camera));
  }

  /** Leaves the history as it is, and never asks again. */
  async refuse(): Promise<void> {
    const { db } = this.#session;
    await this.#session.cameras.change((camera) => saveCamera(db, { ...camera, judgedInOrder: false }));
  }

  async #judge(write: (camera: Camera) => Promise<void>): Promise<void> {
    const isDone = await this.#session.cameras.change(write);
    if (isDone) this.#session.followers.judgedAnew();
  }

  async #load(cameraId: string, times: number): Promise<void> {
    const found = await loadChanges(this.#session.db, cameraId);
    // It says nothing of later changes; they are loaded again.
    if (times === this.#times && cameraId === this.#session.cameras.chosen?.id) this.#all = found;
  }

  async #lookAt(present: Present, signal: AbortSignal): Promise<void> {
    const { db } = this.#session;
    try {
      const found = await wouldChange(this.#session.sources, present, signal);
      if (!found) return;
      if (found.numbers > 0) this.#offers = [...this.#offers, found];
      else {
        const camera = await saveFacts(db, 'cameras', found.cameraId, { judgedInOrder: true });
        if (camera) this.#session.cameras.take(camera);
      }
    } catch (error) {
      // It is tried again in the next visit.
      if (!signal.aborted) console.error(error);
    }
  }
}
