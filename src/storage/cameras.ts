import type { Camera, CameraEvent, Reference } from '../domain/job';
import { orStorageError, type Database } from './database';
import type { OpenBatch } from './schema';
import { partsOf } from './trainings';

/** All cameras, oldest first. */
export async function loadCameras(db: Database): Promise<Camera[]> {
  const cameras = await orStorageError(db.getAll('cameras'));
  return cameras.sort((a, b) => a.createdAt - b.createdAt);
}

/** Adds a camera, or replaces the settings of one; its jobs and references stay as they are. */
export async function saveCamera(db: Database, camera: Camera): Promise<void> {
  await orStorageError(db.put('cameras', camera));
}

/** Where the picture of a reference's snapshot is kept among the thumbnails. */
export function referenceThumbnailKey(referenceId: string, index: number): string {
  return `${referenceId}/${String(index)}`;
}

/** JPEG bytes of a reference's snapshot, or null when it was frozen without pictures. */
export async function loadReferenceThumbnail(
  db: Database,
  referenceId: string,
  index: number,
): Promise<ArrayBuffer | null> {
  return (await orStorageError(db.get('thumbnails', referenceThumbnailKey(referenceId, index)))) ?? null;
}

/**
 * Adds a reference version with the pictures of its snapshots, and makes the camera use it: all or nothing.
 *
 * @param thumbnails - one for each embedding; null where there is none
 */
export async function saveReference(
  db: Database,
  camera: Camera,
  reference: Reference,
  thumbnails: readonly (ArrayBuffer | null)[] = [],
): Promise<Camera> {
  const updated: Camera = { ...camera, referenceId: reference.id };
  const tx = db.transaction(['cameras', 'references', 'thumbnails'], 'readwrite');
  const writes: Promise<unknown>[] = [
    tx.objectStore('references').add(reference),
    tx.objectStore('cameras').put(updated),
  ];
  for (const [i, thumbnail] of thumbnails.entries()) {
    if (!thumbnail) continue;
    writes.push(tx.objectStore('thumbnails').put(thumbnail, referenceThumbnailKey(reference.id, i)));
  }
  await orStorageError(Promise.all([...writes, tx.done]));
  return updated;
}

/**
 * Adds what was computed of a reference's snapshots afterwards; its embeddings stay as they were frozen.
 *
 * @param errors - one for each snapshot; null for one that can't be computed
 * @returns the reference as it is stored now; null when it is gone, or has another number of properties
 */
export async function saveReferenceErrors(
  db: Database,
  referenceId: string,
  errors: readonly (number | null)[],
): Promise<Reference | null> {
  const tx = db.transaction('references', 'readwrite', { durability: 'relaxed' });
  const save = async () => {
    const reference = await tx.store.get(referenceId);
    if (reference?.properties?.length !== errors.length) return null;
    const properties = reference.properties.map((facts, i) => ({
      ...facts,
      reconstructionError: errors[i] ?? null,
    }));
    await tx.store.put({ ...reference, properties });
    return { ...reference, properties };
  };
  const [saved] = await orStorageError(Promise.all([save(), tx.done]));
  return saved;
}

/** All reference versions of a camera, oldest first. */
export async function loadReferences(db: Database, cameraId: string): Promise<Reference[]> {
  const references = await orStorageError(db.getAllFromIndex('references', 'cameraId', cameraId));
  return references.sort((a, b) => a.version - b.version);
}

/** Adds what happened to the camera. */
export async function saveEvents(db: Database, events: readonly CameraEvent[]): Promise<void> {
  const tx = db.transaction('events', 'readwrite');
  await orStorageError(Promise.all([...events.map((event) => tx.store.put(event)), tx.done]));
}

/** A camera's events in capture order. */
export async function loadEvents(db: Database, cameraId: string): Promise<CameraEvent[]> {
  const events = await orStorageError(db.getAllFromIndex('events', 'cameraId', cameraId));
  return events.sort((a, b) => a.at - b.at);
}

/** Takes back an event. */
export async function deleteEvent(db: Database, id: string): Promise<void> {
  await orStorageError(db.delete('events', id));
}

/** Deletes a camera with everything that belongs to it, all or nothing. */
export async function deleteCamera(db: Database, cameraId: string): Promise<void> {
  const stores = [
    'cameras',
    'references',
    'jobs',
    'embeddings',
    'thumbnails',
    'events',
    'calibrations',
    'destinations',
    'deliveries',
    'trainings',
    'trainingWeights',
    'trainingPictures',
    'handles',
    'settings',
  ] as const;
  const tx = db.transaction(stores, 'readwrite');
  await orStorageError(
    (async () => {
      const jobIds = await tx.objectStore('jobs').index('cameraId').getAllKeys(cameraId);
      for (const id of jobIds) {
        void tx.objectStore('jobs').delete(id);
        void tx.objectStore('embeddings').delete(id);
        void tx.objectStore('thumbnails').delete(id);
      }
      for (const name of ['references', 'events', 'calibrations'] as const) {
        for (const id of await tx.objectStore(name).index('cameraId').getAllKeys(cameraId)) {
          void tx.objectStore(name).delete(id);
          if (name === 'references') void tx.objectStore('thumbnails').delete(picturesOf(id));
        }
      }
      for (const key of await tx.objectStore('deliveries').index('cameraId').getAllKeys(cameraId)) {
        void tx.objectStore('deliveries').delete(key);
      }
      void tx.objectStore('destinations').delete(cameraId);
      void tx.objectStore('trainings').delete(cameraId);
      void tx.objectStore('trainingWeights').delete(partsOf(cameraId));
      void tx.objectStore('trainingPictures').delete(partsOf(cameraId));
      void tx.objectStore('handles').delete(partsOf(cameraId));
      void tx.objectStore('cameras').delete(cameraId);
      const open = (await tx.objectStore('settings').get('openBatch')) as OpenBatch | undefined;
      if (open?.cameraId === cameraId) void tx.objectStore('settings').delete('openBatch');
      await tx.done;
    })(),
  );
}

function picturesOf(referenceId: string): IDBKeyRange {
  return IDBKeyRange.bound(`${referenceId}/`, `${referenceId}0`, false, true);
}
