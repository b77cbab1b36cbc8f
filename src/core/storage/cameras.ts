import type { Camera } from '../domain/camera/camera';
import type { CameraEvent } from '../domain/camera/event';
import { compareReferences, type Reference } from '../domain/camera/reference';
import { learnedOf, type LearnedPictures } from '../domain/camera/time/reference-times';
import { timeIn } from '../domain/camera/time/zone';
import type { Calibration } from '../domain/drift/judging';
import type { SpanByHand } from '../domain/usable/span';
import { orStorageError, type Database } from './database';
import type { Schema } from './schema';
import { soundRows } from './sound-rows';

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

/** How many of a reference's snapshots have a thumbnail. */
export async function countReferenceThumbnails(db: Database, referenceId: string): Promise<number> {
  // "0" follows "/".
  const range = IDBKeyRange.bound(`${referenceId}/`, `${referenceId}0`, true, true);
  return orStorageError(db.count('thumbnails', range));
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
  return soundRows('references', references).sort(compareReferences);
}

const inForce = new Map<string, Reference>();

/** The news that a camera's reference is of it. A reference is frozen, so each is read once for a zone. */
export async function loadLearned(db: Database, camera: Camera): Promise<LearnedPictures> {
  return learnedOf(await loadInForce(db, camera));
}

/** A camera's present reference; undefined where there is none. */
export async function loadInForce(db: Database, camera: Camera): Promise<Reference | undefined> {
  const key = JSON.stringify([camera.referenceId, timeIn(camera)]);
  const known = inForce.get(key);
  if (known) return known;
  const references = await loadReferences(db, camera.id);
  const found = references.find(({ id }) => id === camera.referenceId);
  if (found) inForce.set(key, found);
  return found;
}

/** A camera's events in capture order. */
export async function loadEvents(db: Database, cameraId: string): Promise<CameraEvent[]> {
  const events = await orStorageError(db.getAllFromIndex('events', 'cameraId', cameraId));
  return soundRows('events', events).sort((a, b) => a.at - b.at);
}

export async function loadCalibrations(db: Database, cameraId: string): Promise<Calibration[]> {
  const calibrations = await orStorageError(db.getAllFromIndex('calibrations', 'cameraId', cameraId));
  return soundRows('calibrations', calibrations).sort((a, b) => a.version - b.version);
}

/** In the order of entry. */
export async function loadSpansByHand(db: Database, cameraId: string): Promise<SpanByHand[]> {
  const spans = await orStorageError(db.getAllFromIndex('spansByHand', 'cameraId', cameraId));
  return soundRows('spansByHand', spans).sort((a, b) => a.madeAt - b.madeAt);
}

export async function saveSpanByHand(db: Database, span: SpanByHand): Promise<void> {
  await orStorageError(db.put('spansByHand', span));
}

export async function deleteSpanByHand(db: Database, id: string): Promise<void> {
  await orStorageError(db.delete('spansByHand', id));
}

/** The camera with the settings that a calibration measured. */
export function withCalibration(camera: Camera, calibration: Calibration): Camera {
  const { detector, thresholds, persistence } = calibration;
  return { ...camera, detector, thresholds, persistence, calibrationId: calibration.id };
}

export function picturesOf(referenceId: string): IDBKeyRange {
  return IDBKeyRange.bound(`${referenceId}/`, `${referenceId}0`, false, true);
}
