import type { IDBPTransaction } from 'idb';
import type { Calibration } from '../../../core/domain/drift/judging';
import type { Destination } from '../../../core/domain/camera/records/delivery';
import type { GlassFit } from '../../../core/domain/glass/glass';
import type { Camera } from '../../../core/domain/camera/camera';
import type { CameraEvent } from '../../../core/domain/camera/event';
import type { Reference } from '../../../core/domain/camera/reference';
import { reachesAnswers } from '../../../core/domain/camera/stream';
import { Shift } from '../../../core/domain/camera/time/shift';
import { referenceInZone } from '../../../core/domain/camera/time/reference-times';
import { inZone } from '../../../core/domain/camera/time/job-time';
import type { SpanByHand } from '../../../core/domain/usable/span';
import type { ModelManifest } from '../../../core/domain/model/model';
import { referenceThumbnailKey } from '../../../core/storage/cameras';
import { allOrNothing, type Database } from '../../../core/storage/database';
import { addJobRows, BY_JOB, type JobRows } from '../../../core/storage/job-rows';
import type { Schema } from '../../../core/storage/schema';
import { markUnjudged } from '../../../core/storage/unjudged';

export interface ImportedCamera {
  readonly camera: Camera;
  /** set only if a person has agreed to it */
  readonly destination: Destination | null;
  readonly references: readonly {
    readonly reference: Reference;
    readonly pictures: readonly (ArrayBuffer | null)[];
    /** null if it is made here, from the pictures */
    readonly glassFit: GlassFit | null;
  }[];
  readonly events: readonly CameraEvent[];
  readonly calibrations: readonly Calibration[];
  readonly spansByHand: readonly SpanByHand[];
}

/** Rows that an import has added. */
export interface Added {
  readonly jobIds: ReadonlySet<string>;
  readonly cameras: number;
  /** to cameras that were here before, as the next */
  readonly cleanings: number;
  /** references, settings and other events */
  readonly others: number;
}

const STORES = [
  ...BY_JOB,
  'cameras',
  'references',
  'glassFits',
  'events',
  'calibrations',
  'spansByHand',
  'destinations',
  'settings',
] as const;

type ImportTransaction = IDBPTransaction<Schema, typeof STORES, 'readwrite'>;

/**
 * Adds jobs from elsewhere in one transaction. Rows whose id is here stay, so the import can be repeated; of several with
 * one id the first comes. Nothing is queued, and no record counts as sent: a file proves nothing of another device's
 * sending.
 *
 * @throws AppError `disk-full` or `storage-failed`; then none was
 */
export function importJobs(db: Database, jobs: readonly JobRows[]): Promise<Added> {
  return adding(db, 'relaxed', (rows) => rows.addJobs(jobs));
}

/**
 * Adds a camera from elsewhere in one transaction, or the missing parts of one that is here. Its settings, and its
 * target for results, stay.
 *
 * @throws AppError `disk-full` or `storage-failed`; then nothing was added
 */
export function importCamera(db: Database, imported: ImportedCamera): Promise<Added> {
  return adding(db, 'default', (rows) => rows.addCamera(imported));
}

/**
 * Adds whole cameras with their jobs, as {@link importJobs} and {@link importCamera} do, all in one transaction:
 * thousands of small ones take seconds so, and minutes one by one.
 *
 * @throws AppError `disk-full` or `storage-failed`; then nothing was added
 */
export function importWholeCameras(
  db: Database,
  cameras: readonly { readonly camera: ImportedCamera; readonly jobs: readonly JobRows[] }[],
): Promise<Added> {
  return adding(db, 'relaxed', (rows) =>
    Promise.all(
      cameras.map(async ({ camera, jobs }) => {
        await rows.addJobs(jobs);
        await rows.addCamera(camera);
      }),
    ),
  );
}

/** Keeps a model from elsewhere; one whose SHA-256 is here stays as it is. @returns whether it was added */
export async function importModel(
  db: Database,
  manifest: ModelManifest,
  bytes: ArrayBuffer,
): Promise<boolean> {
  const tx = db.transaction(['models', 'modelFiles'], 'readwrite');
  let isAdded = false;
  const add = async () => {
    if ((await tx.objectStore('models').getKey(manifest.sha256)) !== undefined) return;
    await tx.objectStore('models').add({ manifest, addedAt: Date.now() }, manifest.sha256);
    await tx.objectStore('modelFiles').put(bytes, manifest.sha256);
    isAdded = true;
  };
  await allOrNothing(tx, [add]);
  return isAdded;
}

async function adding(
  db: Database,
  durability: IDBTransactionDurability,
  add: (rows: AddingRows) => Promise<unknown>,
): Promise<Added> {
  const tx = db.transaction(STORES, 'readwrite', { durability });
  const rows = new AddingRows(tx);
  const write = async () => {
    await add(rows);
    await rows.mark();
  };
  await allOrNothing(tx, [write]);
  return rows;
}

/** The rows of an import on their way into one transaction. */
class AddingRows implements Added {
  readonly jobIds = new Set<string>();
  cameras = 0;
  cleanings = 0;
  others = 0;
  readonly #tx: ImportTransaction;
  readonly #cameras = new Map<string, Promise<Camera | undefined>>();
  /** ids that were asked for, with their stores */
  readonly #asked = new Set<string>();
  /** capture times from which on, and up to which, the cameras that were here are to be judged again */
  readonly #times = new Map<string, number[]>();

  constructor(tx: ImportTransaction) {
    this.#tx = tx;
  }

  async addJobs(jobs: readonly JobRows[]): Promise<void> {
    await Promise.all(jobs.map((each) => this.#addJob(each)));
  }

  async addCamera({
    camera,
    destination,
    references,
    events,
    calibrations,
    spansByHand,
  }: ImportedCamera): Promise<void> {
    const tx = this.#tx;
    const here = await this.#here(camera.id);
    const shift = new Shift([], camera, here ?? camera);
    let others = 0;
    for (const { reference, pictures, glassFit } of references) {
      if (!(await this.#isFree(tx.objectStore('references'), reference.id))) continue;
      await tx.objectStore('references').add(here ? referenceInZone(reference, here) : reference);
      if (glassFit) await tx.objectStore('glassFits').put(glassFit, reference.id);
      for (const [i, picture] of pictures.entries()) {
        if (!picture) continue;
        await tx.objectStore('thumbnails').put(picture, referenceThumbnailKey(reference.id, i));
      }
      others += 1;
    }
    const moved = events.map((event) => shift.event(event));
    const added = await this.#addRows(tx.objectStore('events'), moved);
    if (here && added.length > 0) {
      const all = await tx.objectStore('events').index('cameraId').getAll(camera.id);
      const times = [...added.map(({ at }) => at), ...(reachesAnswers(added, all) ? [Infinity] : [])];
      this.#judgeAgain(camera.id, times);
    }
    others += (await this.#addRows(tx.objectStore('calibrations'), calibrations)).length;
    const spans = spansByHand.map((span) => shift.span(span));
    others += (await this.#addRows(tx.objectStore('spansByHand'), spans)).length;
    if (here) {
      const cleanings = added.filter(({ kind }) => kind === 'cleaned').length;
      this.cleanings += cleanings;
      this.others += others + added.length - cleanings;
      return;
    }
    await tx.objectStore('cameras').add(camera);
    if (destination) await tx.objectStore('destinations').put(destination);
    this.cameras += 1;
  }

  /** One after the other: all cameras' notes are in one row. */
  async mark(): Promise<void> {
    for (const [cameraId, times] of this.#times)
      await markUnjudged(this.#tx.objectStore('settings'), cameraId, times);
  }

  async #addJob(rows: JobRows): Promise<void> {
    const { id, cameraId } = rows.job;
    if (!(await this.#isFree(this.#tx.objectStore('jobs'), id))) return;
    const camera = await this.#here(cameraId);
    const job = camera ? inZone(rows.job, camera) : rows.job;
    await addJobRows((name) => this.#tx.objectStore(name), { ...rows, job });
    this.jobIds.add(id);
    // Those after it say something else by it.
    if (camera) this.#judgeAgain(cameraId, [job.capturedAt]);
  }

  async #addRows<Row extends { readonly id: string }>(
    store: Keys & { readonly add: (row: Row) => Promise<string> },
    rows: readonly Row[],
  ): Promise<readonly Row[]> {
    const added: Row[] = [];
    for (const row of rows) {
      if (!(await this.#isFree(store, row.id))) continue;
      await store.add(row);
      added.push(row);
    }
    return added;
  }

  /** False if a row of the store has the id, or one that comes before. */
  async #isFree(store: Keys, id: string): Promise<boolean> {
    const key = `${store.name} ${id}`;
    if (this.#asked.has(key)) return false;
    this.#asked.add(key);
    return (await store.getKey(id)) === undefined;
  }

  /** The camera of an id as it was here before, read once: its zone holds for imported times. */
  #here(id: string): Promise<Camera | undefined> {
    const camera = this.#cameras.get(id) ?? this.#tx.objectStore('cameras').get(id);
    this.#cameras.set(id, camera);
    return camera;
  }

  #judgeAgain(cameraId: string, times: readonly number[]): void {
    this.#times.set(cameraId, [...(this.#times.get(cameraId) ?? []), ...times]);
  }
}

interface Keys {
  readonly name: string;
  readonly getKey: (id: string) => Promise<string | undefined>;
}
