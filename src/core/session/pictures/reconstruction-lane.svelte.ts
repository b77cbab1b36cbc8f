import { AppError } from '../../domain/errors';
import type { Camera, Reference } from '../../domain/camera/job';
import { referenceThumbnailKey, saveReferenceErrors } from '../../storage/cameras';
import { loadThumbnail, saveReconstructionErrors } from '../../storage/jobs';
import { runAtRest } from '../at-rest.svelte';
import { scoredBy } from '../history/history';
import type { Session } from '../session.svelte';

/** Pictures at a time: what a worker takes in one message, about 0.2 s of work. */
const BATCH = 8;
/** Milliseconds without other work before it begins. */
const REST = 1_500;
/** How often new values are shown, in milliseconds: where a person may watch them come, and elsewhere. */
const SHOW_INTERVAL = { jobs: 2_000, elsewhere: 20_000 };

/** How far the chosen camera's jobs are. */
interface RebuildingProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Fills in the reconstruction errors that jobs and the reference lack, while nothing else is at work.
 *
 * Both are computed from thumbnails, so that they can be compared: a thumbnail has less detail than its file, and an
 * error 4 to 16 % smaller. What is missing is looked for anew each time, so a reload or a new batch loses nothing.
 */
export class ReconstructionLane {
  /** null while there is nothing to compute, or something else is at work */
  progress = $state.raw<RebuildingProgress | null>(null);

  readonly #session: Session;
  readonly #onWrite: () => void;
  /** a model whose decoder could not be used in this visit: not tried again */
  #failedSha256 = $state.raw<string | null>(null);
  /** whether the chosen camera's model is one that failed */
  readonly hasFailed = $derived.by(() => this.#failedSha256 === this.#session.camera?.modelSha256);
  /** the chosen camera when it can be worked for: only while its model is open, which is never opened for this */
  readonly #ready = $derived.by(() => {
    const { camera, isAtRest, encoder, models } = this.#session;
    if (!camera || !isAtRest || this.hasFailed) return null;
    const isOpen = encoder.state === 'ready' && encoder.modelSha256 === camera.modelSha256;
    const decoder = models.find(camera.modelSha256)?.manifest.outputs.reconstruction ?? null;
    return isOpen && decoder !== null ? camera : null;
  });
  /** of a reference that was begun: it is stored when it is whole, so that it changes once */
  #begun: { readonly referenceId: string; readonly errors: (number | null)[] } | null = null;

  /** @param onWrite - called when a run has stored something, so that other tabs can follow */
  constructor(session: Session, onWrite: () => void) {
    this.#session = session;
    this.#onWrite = onWrite;
    runAtRest(
      () => this.#ready,
      REST,
      (camera, signal) => this.#run(camera, signal),
    );
  }

  async #run(camera: Camera, signal: AbortSignal): Promise<void> {
    const { reference } = this.#session;
    try {
      if (reference?.modelSha256 === camera.modelSha256) await this.#fillReference(reference, camera, signal);
      await this.#fillJobs(camera, signal);
    } catch (error) {
      // Nobody waits for this, and nothing else needs it: it is not worth a person's attention.
      if (signal.aborted || !this.#isOpen(camera)) return;
      // What the network refused may come when the page rests next.
      if (error instanceof AppError && error.code === 'fetch-failed') return;
      this.#failedSha256 = camera.modelSha256;
      console.error(error);
    }
  }

  async #fillReference(reference: Reference, camera: Camera, signal: AbortSignal): Promise<void> {
    const { properties, id } = reference;
    if (!properties?.some(({ reconstructionError }) => reconstructionError === undefined)) return;
    this.#begun = this.#begun?.referenceId === id ? this.#begun : { referenceId: id, errors: [] };
    const { errors } = this.#begun;
    while (errors.length < properties.length) {
      const count = Math.min(BATCH, properties.length - errors.length);
      const keys = Array.from({ length: count }, (_, i) => referenceThumbnailKey(id, errors.length + i));
      const found = await this.#errorsOf(keys, camera, signal);
      if (!found) return;
      errors.push(...found.values());
    }
    const saved = await saveReferenceErrors(this.#session.db, id, errors);
    this.#begun = null;
    if (saved) this.#session.takeReference(saved);
    this.#onWrite();
  }

  async #fillJobs(camera: Camera, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { db, monitor } = this.#session;
    await monitor.whole;
    const ofModel = scoredBy(camera.modelSha256, monitor.jobs);
    const missing = ofModel
      .filter(({ properties }) => properties.reconstructionError === undefined)
      .reverse();
    if (missing.length === 0) return;
    const known = ofModel.length - missing.length;
    const unshown = new Map<string, number | null>();
    // What comes first is shown at once: the newest snapshots are those that are looked at.
    let shownAt = -Infinity;
    const show = () => {
      shownAt = performance.now();
      if (unshown.size > 0) monitor.takeReconstructionErrors(unshown);
      unshown.clear();
    };
    try {
      for (let next = 0; next < missing.length; next += BATCH) {
        const ids = missing.slice(next, next + BATCH).map(({ id }) => id);
        const errors = await this.#errorsOf(ids, camera, signal);
        if (!errors) return;
        await saveReconstructionErrors(db, errors);
        for (const [id, error] of errors) unshown.set(id, error);
        const interval = SHOW_INTERVAL[this.#session.place === 'jobs' ? 'jobs' : 'elsewhere'];
        if (performance.now() - shownAt < interval) continue;
        show();
        this.progress = { done: known + next + ids.length, total: ofModel.length };
      }
    } finally {
      show();
      this.progress = null;
      this.#onWrite();
    }
  }

  /** @returns by key, null for what has no thumbnail that can be read; null when aborted */
  async #errorsOf(
    keys: readonly string[],
    camera: Camera,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, number | null> | null> {
    const { db, pool } = this.#session;
    const pictures = new Map<string, Blob>();
    const thumbnails = await Promise.all(keys.map((key) => loadThumbnail(db, key)));
    for (const [i, key] of keys.entries()) {
      const bytes = thumbnails[i];
      if (bytes) pictures.set(key, new Blob([bytes], { type: 'image/jpeg' }));
    }
    if (!this.#isOpen(camera)) return null;
    const errors = await pool.reconstructionErrors([...pictures.values()], camera.transform, signal);
    // The pool answers with fewer when it is stopped; a snapshot of another model may have been looked at meanwhile.
    if (signal.aborted || errors.length < pictures.size || !this.#isOpen(camera)) return null;
    const byKey = new Map([...pictures.keys()].map((key, i) => [key, errors[i] ?? null]));
    return new Map(keys.map((key) => [key, byKey.get(key) ?? null]));
  }

  /** Whether the pool still computes with this camera's model. */
  #isOpen({ modelSha256 }: Camera): boolean {
    return this.#session.pool.status.modelSha256 === modelSha256;
  }
}
