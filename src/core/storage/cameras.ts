import type { Camera, CameraEvent, Reference } from '../domain/camera/job';
import { orStorageError, type Database } from './database';
import type { Schema } from './schema';
import { soundRows } from './rows/sound-rows';

/** All cameras that can be used, oldest first. */
export async function loadCameras(db: Database): Promise<Camera[]> {
  const cameras = await orStorageError(db.getAll('cameras'));
  return soundRows('cameras', cameras).sort((a, b) => a.createdAt - b.createdAt);
}

/** Adds a camera, or replaces its row; its history stays. */
export async function saveCamera(db: Database, camera: Camera): Promise<void> {
  await orStorageError(db.put('cameras', camera));
}

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
 * Notes facts that judge nothing.
 *
 * @returns the camera or reference as it is stored now; null when it is gone
 */
export async function saveFacts<Name extends 'cameras' | 'references'>(
  db: Database,
  store: Name,
  id: string,
  facts: Partial<Schema[Name]['value']>,
): Promise<Schema[Name]['value'] | null> {
  const tx = db.transaction(store, 'readwrite', { durability: 'relaxed' });
  const save = async () => {
    const known = await tx.store.get(id);
    if (!known) return null;
    const row = { ...known, ...facts };
    await tx.store.put(row);
    return row;
  };
  const [saved] = await orStorageError(Promise.all([save(), tx.done]));
  return saved;
}

/** All reference versions of a camera, oldest first. */
export async function loadReferences(db: Database, cameraId: string): Promise<Reference[]> {
  const references = await orStorageError(db.getAllFromIndex('references', 'cameraId', cameraId));
  return soundRows('references', references).sort((a, b) => a.version - b.version);
}

/** A camera's events in capture order. */
export async function loadEvents(db: Database, cameraId: string): Promise<CameraEvent[]> {
  const events = await orStorageError(db.getAllFromIndex('events', 'cameraId', cameraId));
  return soundRows('events', events).sort((a, b) => a.at - b.at);
}

export function picturesOf(referenceId: string): IDBKeyRange {
  return IDBKeyRange.bound(`${referenceId}/`, `${referenceId}0`, false, true);
}
