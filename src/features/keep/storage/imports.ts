import type { IDBPTransaction } from 'idb';
import type { Calibration } from '../../../core/domain/drift/judging';
import type { Destination } from '../../../core/domain/camera/records/delivery';
import type { GlassFit } from '../../../core/domain/glass/glass';
import type { Camera, CameraEvent, Job, Reference } from '../../../core/domain/camera/job';
import { reachesAnswers } from '../../../core/domain/camera/stream';
import { Shift } from '../../../core/domain/camera/time/shift';
import { referenceInZone } from '../../../core/domain/camera/time/reference-times';
import { inZone } from '../../../core/domain/camera/time/zone';
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

type Writing = IDBPTransaction<Schema, typeof STORES, 'readwrite'>;

/**
 * Adds jobs from elsewhere in one transaction. Jobs whose id is here stay, so the import can be repeated. Nothing is
 * queued, and no record counts as sent: a file proves nothing of another device's sending.
 *
 * @returns the ids of those that were added
 * @throws AppError `disk-full` or `storage-failed`; then none was
 */
export async function importJobs(db: Database, jobs: readonly JobRows[]): Promise<ReadonlySet<string>> {
  const tx = db.transaction(STORES, 'readwrite', { durability: 'relaxed' });
  const [added, here] = [new Set<string>(), camerasHere(tx)];
  await allOrNothing(tx, [() => addJobs(tx, jobs, here, added)]);
  return added;
}

/**
 * Adds a camera from elsewhere in one transaction, or the missing parts of one that is here. Its settings, and its
 * target for results, stay.
 *
 * @throws AppError `disk-full` or `storage-failed`; then nothing was added
 */
export async function importCamera(db: Database, imported: ImportedCamera): Promise<void> {
  const tx = db.transaction(STORES, 'readwrite');
  await allOrNothing(tx, [() => addCamera(tx, imported)]);
}

/**
 * Adds whole cameras with their jobs, as {@link importJobs} and {@link importCamera} do, all in one transaction:
 * thousands of small ones take seconds so, and minutes one by one.
 *
 * @returns the ids of the jobs that were added
 * @throws AppError `disk-full` or `storage-failed`; then nothing was added
 */
export async function importWholeCameras(
  db: Database,
  cameras: readonly { readonly camera: ImportedCamera; readonly jobs: readonly JobRows[] }[],
): Promise<ReadonlySet<string>> {
  const tx = db.transaction(STORES, 'readwrite', { durability: 'relaxed' });
  const [added, here] = [new Set<string>(), camerasHere(tx)];
  await allOrNothing(
    tx,
    cameras.map(({ camera, jobs }) => async () => {
      await addJobs(tx, jobs, here, added);
      await addCamera(tx, camera);
    }),
  );
  return added;
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

type CamerasHere = (id: string) => Promise<Camera | undefined>;

/** The cameras that are here by id, each read once: their zones hold for imported times. */
function camerasHere(tx: Writing): CamerasHere {
  const known = new Map<string, Promise<Camera | undefined>>();
  return (id) => {
    const camera = known.get(id) ?? tx.objectStore('cameras').get(id);
    known.set(id, camera);
    return camera;
  };
}

/** In a camera that is here, the jobs after those that come say something else by them. */
async function addJobs(
  tx: Writing,
  jobs: readonly JobRows[],
  here: CamerasHere,
  added: Set<string>,
): Promise<void> {
  const times = new Map<string, number[]>();
  await Promise.all(
    jobs.map(async (each) => {
      const placed = await addJob(tx, each, here);
      if (!placed) return;
      added.add(placed.id);
      if (await here(placed.cameraId)) {
        times.set(placed.cameraId, [...(times.get(placed.cameraId) ?? []), placed.capturedAt]);
      }
    }),
  );
  for (const [cameraId, at] of times) await markUnjudged(tx.objectStore('settings'), cameraId, at);
}

/** @returns the job as it is stored; null if its id is here already */
async function addJob(tx: Writing, rows: JobRows, here: CamerasHere): Promise<Job | null> {
  const { id, cameraId } = rows.job;
  if ((await tx.objectStore('jobs').getKey(id)) !== undefined) return null;
  const camera = await here(cameraId);
  const job = camera ? inZone(rows.job, camera) : rows.job;
  await addJobRows((name) => tx.objectStore(name), { ...rows, job });
  return job;
}

async function addCamera(
  tx: Writing,
  { camera, destination, references, events, calibrations, spansByHand }: ImportedCamera,
): Promise<void> {
  const here = await tx.objectStore('cameras').get(camera.id);
  const shift = new Shift([], camera, here ?? camera);
  for (const { reference, pictures, glassFit } of references) {
    if ((await tx.objectStore('references').getKey(reference.id)) !== undefined) continue;
    await tx.objectStore('references').add(here ? referenceInZone(reference, here) : reference);
    if (glassFit) await tx.objectStore('glassFits').put(glassFit, reference.id);
    for (const [i, picture] of pictures.entries()) {
      if (!picture) continue;
      await tx.objectStore('thumbnails').put(picture, referenceThumbnailKey(reference.id, i));
    }
  }
  const moved = events.map((event) => shift.event(event));
  const added = await addRows(tx.objectStore('events'), moved);
  if (here && added.length > 0) {
    const all = await tx.objectStore('events').index('cameraId').getAll(camera.id);
    const times = [...added.map(({ at }) => at), ...(reachesAnswers(added, all) ? [Infinity] : [])];
    await markUnjudged(tx.objectStore('settings'), camera.id, times);
  }
  await addRows(tx.objectStore('calibrations'), calibrations);
  const spans = spansByHand.map((span) => shift.span(span));
  await addRows(tx.objectStore('spansByHand'), spans);
  if (here) return;
  await tx.objectStore('cameras').add(camera);
  if (destination) await tx.objectStore('destinations').put(destination);
}

async function addRows<Row extends { readonly id: string }>(
  store: {
    readonly getKey: (id: string) => Promise<string | undefined>;
    readonly add: (row: Row) => Promise<string>;
  },
  rows: readonly Row[],
): Promise<readonly Row[]> {
  const added: Row[] = [];
  for (const row of rows) {
    if ((await store.getKey(row.id)) !== undefined) continue;
    await store.add(row);
    added.push(row);
  }
  return added;
}
