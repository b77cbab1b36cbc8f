import type { Camera } from '../../core/domain/camera/camera';
import { lastBreak } from '../../core/domain/camera/event';
import { countCameras, countRows } from './storage/row-counts';
import { loadEmbeddings } from '../../core/storage/jobs';
import { countedBy } from '../../core/session/history/history';
import type { Session } from '../../core/session/session.svelte';

type Parts = Pick<Session, 'db' | 'work' | 'cameras' | 'history'>;

/** Rows that the page leaves out, and gaps that it can't go on with. */
export class StorageProblems {
  /** rows of the chosen camera, and cameras, that can't be used */
  broken = $state.raw(0);
  /** number of the newest snapshots, up to a window of them, that have lost their embedding */
  lost = $state.raw(0);

  readonly hasNews = $derived.by(() => this.broken > 0 || this.lost > 0);
  readonly #parts: Parts;
  /** facts that are filled in change jobs, and nothing that is looked at here */
  readonly #jobs = $derived.by(() => this.#parts.history.everything.length);

  constructor(parts: Parts) {
    this.#parts = parts;
    const { work, cameras, history } = parts;
    $effect.root(() => {
      $effect(() => {
        const { canChange } = work;
        const { chosen: camera } = cameras;
        // Nothing else changes the rows meanwhile.
        if (!canChange || !history.isWhole) return;
        this.#look(camera, this.#jobs).catch((error: unknown) => {
          console.error(error);
        });
      });
    });
  }

  async #look(camera: Camera | null, jobs: number): Promise<void> {
    const { all: cameras } = this.#parts.cameras;
    const [broken, lost] = [await this.#countBroken(), await this.#countLost()];
    // After a change meanwhile, another look follows.
    const isSame =
      jobs === this.#jobs && camera === this.#parts.cameras.chosen && cameras === this.#parts.cameras.all;
    if (!isSame) return;
    this.broken = broken;
    this.lost = lost;
  }

  async #countBroken(): Promise<number> {
    const { db, history } = this.#parts;
    const { chosen: camera, all: cameras, references, events, calibrations } = this.#parts.cameras;
    const known = { jobs: history.everything, references, events, calibrations };
    const stores = ['jobs', 'references', 'events', 'calibrations'] as const;
    const counts = [await countCameras(db), ...(camera ? await countRows(db, camera.id, stores) : [])];
    const used = camera ? stores.map((store) => known[store].length) : [];
    return [cameras.length, ...used].reduce((sum, usable, i) => sum + Math.max(0, counts[i]! - usable), 0);
  }

  async #countLost(): Promise<number> {
    const { db, history } = this.#parts;
    const { chosen: camera, events } = this.#parts.cameras;
    if (!camera) return 0;
    const since = lastBreak(events, Infinity) ?? -Infinity;
    const ids = countedBy(camera.modelSha256, history.jobs)
      .slice(-camera.detector.windowSize)
      .filter(({ capturedAt }) => capturedAt >= since)
      .map(({ id }) => id);
    return ids.length - (await loadEmbeddings(db, ids)).size;
  }
}
