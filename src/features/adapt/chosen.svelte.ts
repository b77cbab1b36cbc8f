import { dayOf } from '../../core/domain/drift/calibration';
import { FEWEST_DAYS, FEWEST_SNAPSHOTS } from '../../core/domain/model/adaptation-evidence';
import type { Camera } from '../../core/domain/camera/job';
import { inCaptureOrder, type Snapshot } from '../../core/session/scoring/capture-order';
import { sortFiles } from '../../core/session/intake';
import type { Cameras } from '../../core/session/cameras.svelte';
import type { Models } from '../../core/session/models.svelte';
import type { AdaptationPool } from './workers/adaptation-pool';
import { SnapshotReader, type Readings } from './workers/reader';

export type Kind = 'clean' | 'dirty';

/** The snapshots that a person has chosen for the chosen camera; adapting once more does not read them again. */
export class ChosenSnapshots {
  readonly #cameras: Cameras;
  readonly #models: Models;
  #all = $state.raw<{ readonly cameraId: string } & Readonly<Record<Kind, readonly Snapshot[]>>>({
    cameraId: '',
    clean: [],
    dirty: [],
  });
  /** with what it has read for a camera and its model */
  #reading: { readonly key: string; readonly reader: SnapshotReader } | null = null;
  readonly #own = $derived.by(() => (this.#all.cameraId === this.#cameras.chosen?.id ? this.#all : null));
  readonly clean = $derived.by(() => this.#own?.clean ?? []);
  readonly dirty = $derived.by(() => this.#own?.dirty ?? []);
  readonly days = $derived.by(() => new Set(this.clean.map(({ capturedAt }) => dayOf(capturedAt))).size);
  readonly isEnough = $derived.by(() => this.clean.length >= FEWEST_SNAPSHOTS && this.days >= FEWEST_DAYS);

  constructor(cameras: Cameras, models: Models) {
    this.#cameras = cameras;
    this.#models = models;
  }

  async choose(files: readonly File[], kind: Kind): Promise<void> {
    const { chosen: camera } = this.#cameras;
    if (!camera) return;
    const snapshots = await inCaptureOrder(sortFiles(files).snapshots, camera, new AbortController().signal);
    // Dirty ones are chosen beside the clean ones, which may have been read.
    if (kind === 'clean') this.close();
    this.#all = { cameraId: camera.id, clean: this.clean, dirty: this.dirty, [kind]: snapshots };
  }

  /**
   * Reads them, those that were not read yet, and shares them out.
   *
   * @param signal - ends the pool, whatever it is at, also after they were read
   * @param onRead - called with the share that is read
   * @returns the pool that keeps their pictures, with the model open
   * @throws AppError as `SnapshotReader` does; the signal's reason
   */
  async read(
    camera: Camera,
    signal: AbortSignal,
    onRead: (share: number) => void,
  ): Promise<{ readonly pool: AdaptationPool; readonly readings: Readings }> {
    const given = { clean: this.clean, dirty: this.dirty };
    const reader = await this.#readerFor(camera, signal);
    signal.addEventListener('abort', () => {
      reader.pool.close(signal.reason as Error);
    });
    return { pool: reader.pool, readings: await reader.read(given, camera.detector.windowSize, onRead) };
  }

  close(): void {
    this.#reading?.reader.pool.close();
    this.#reading = null;
  }

  async #readerFor({ id, modelSha256, transform }: Camera, signal: AbortSignal): Promise<SnapshotReader> {
    const key = `${id} ${modelSha256} ${this.#models.encoder}`;
    if (this.#reading?.key === key && !this.#reading.reader.pool.isEnded) return this.#reading.reader;
    this.close();
    const model = await this.#models.source(modelSha256);
    signal.throwIfAborted();
    const reader = new SnapshotReader(model, transform);
    this.#reading = { key, reader };
    return reader;
  }
}
