import { dayOf } from '../../core/domain/drift/calibration';
import { AppError } from '../../core/domain/errors';
import { FEWEST_DAYS, FEWEST_SNAPSHOTS } from '../../core/domain/model/adaptation-evidence';
import type { Camera } from '../../core/domain/camera/job';
import { givenOf } from '../../core/session/reference/given-folder.svelte';
import { inCaptureOrder, type Snapshot } from '../../core/session/capture-order';
import { sortFiles } from '../../core/session/intake';
import type { Session } from '../../core/session/session.svelte';
import { amountOf, timeOf } from './workers/adapter';
import { measurePace, type Pace } from './workers/pace';
import { MOST_CLEAN, MOST_DIRTY, SnapshotReader, type Readings } from './workers/reader';

/** What a person says of the snapshots that they give. */
export type Kind = 'clean' | 'dirty';

/** Workers that share two cores take this much less or more than one of them alone, whatever else the device does. */
const SOONEST = 0.5;
const LATEST = 1.3;

/** A reader with what it has read. */
interface Reading {
  readonly key: string;
  readonly abort: AbortController;
  readonly reader: Promise<SnapshotReader>;
  /** what it is read for at the moment: an adaptation, a training */
  users: number;
  isWanted: boolean;
}

/** What was read, until it is given back. */
interface Lease {
  readonly reader: SnapshotReader;
  readonly readings: Readings;
  readonly giveBack: () => void;
}

/**
 * The snapshots that a person has chosen for the chosen camera. Whatever is then done with them, adapting or training,
 * reads each of them once.
 */
export class ChosenSnapshots {
  /** how long each kind of work takes on this device; null until it was measured */
  pace = $state.raw<Pace | null>(null);
  isMeasuring = $state(false);

  readonly #session: Session;
  #all = $state.raw<{ readonly cameraId: string } & Readonly<Record<Kind, readonly Snapshot[]>>>({
    cameraId: '',
    clean: [],
    dirty: [],
  });
  #reading: Reading | null = null;
  readonly #own = $derived.by(() => (this.#all.cameraId === this.#session.camera?.id ? this.#all : null));
  readonly clean = $derived.by(() => this.#own?.clean ?? []);
  readonly dirty = $derived.by(() => this.#own?.dirty ?? []);
  readonly days = $derived.by(() => new Set(this.clean.map(({ capturedAt }) => dayOf(capturedAt))).size);
  readonly isEnough = $derived.by(() => this.clean.length >= FEWEST_SNAPSHOTS && this.days >= FEWEST_DAYS);
  /** milliseconds that adapting to them will take; null until it was measured */
  readonly duration: { readonly from: number; readonly to: number } | null = $derived.by(() => {
    const { camera } = this.#session;
    if (!this.pace || !camera) return null;
    const [clean, dirty] = [Math.min(this.clean.length, MOST_CLEAN), Math.min(this.dirty.length, MOST_DIRTY)];
    const time = timeOf(amountOf(clean, dirty, camera.detector.windowSize), this.pace);
    return { from: SOONEST * time, to: LATEST * time };
  });

  constructor(session: Session) {
    this.#session = session;
    // It is offered beside what else may be chosen.
    givenOf(session);
  }

  /** Takes snapshots that a person knows to be clean, or dirty, in place of those that were chosen before. */
  async choose(files: readonly File[], kind: Kind): Promise<void> {
    const { camera } = this.#session;
    if (!camera) return;
    const snapshots = await inCaptureOrder(sortFiles(files).snapshots, new AbortController().signal);
    // Dirty ones are chosen beside the clean ones, which may have been read.
    if (kind === 'clean') this.close();
    this.#all = { cameraId: camera.id, clean: this.clean, dirty: this.dirty, [kind]: snapshots };
    if (this.isEnough) await this.#measure(camera);
  }

  /**
   * Reads them, those that were not read yet, and shares them out.
   *
   * @param signal - ends the reader and its crew, whatever they are at
   * @param onRead - called with the share that is read
   * @throws AppError as `SnapshotReader` does; the signal's reason
   */
  async read(camera: Camera, signal: AbortSignal, onRead: (share: number) => void): Promise<Lease> {
    const given = { clean: this.clean, dirty: this.dirty };
    const reading = await this.#open(camera);
    signal.throwIfAborted();
    const end = () => {
      reading.abort.abort(signal.reason);
    };
    signal.addEventListener('abort', end);
    reading.users += 1;
    let isGivenBack = false;
    const giveBack = () => {
      if (isGivenBack) return;
      isGivenBack = true;
      signal.removeEventListener('abort', end);
      reading.users -= 1;
      endUnwanted(reading);
    };
    try {
      const reader = await reading.reader;
      return { reader, readings: await reader.read(given, camera.detector.windowSize, onRead), giveBack };
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  /** Lets go of what was read, as soon as nobody uses it. */
  close(): void {
    if (!this.#reading) return;
    this.#reading.isWanted = false;
    endUnwanted(this.#reading);
    this.#reading = null;
  }

  async #open({ id, modelSha256, transform }: Camera): Promise<Reading> {
    const key = `${id} ${modelSha256}`;
    const kept = this.#reading;
    if (kept?.key === key && (await kept.reader.catch(() => null))?.crew.isEnded === false) return kept;
    this.close();
    const model = await this.#session.models.source(modelSha256);
    const abort = new AbortController();
    const reader = SnapshotReader.open(model, transform, abort.signal);
    this.#reading = { key, abort, reader, users: 0, isWanted: true };
    return this.#reading;
  }

  async #measure({ modelSha256, transform }: Camera): Promise<void> {
    const { models } = this.#session;
    if (this.pace || this.isMeasuring || !models.find(modelSha256)?.manifest.adaptable) return;
    this.isMeasuring = true;
    try {
      const model = await models.source(modelSha256);
      this.pace = await measurePace(model, transform, new AbortController().signal);
    } catch (error) {
      // Nobody asked for it: what is wrong will be told when the work itself is begun.
      if (!(error instanceof AppError)) throw error;
    } finally {
      this.isMeasuring = false;
    }
  }
}

function endUnwanted({ isWanted, users, abort }: Reading): void {
  if (!isWanted && users === 0) abort.abort(new DOMException('closed', 'AbortError'));
}
