import type { Calibration } from '../domain/drift/calibration';
import type { Camera, CameraEvent, Reference } from '../domain/camera/job';
import type { GlassFit } from '../domain/glass/glass';
import { judgedBy } from './calibrations';
import { allOrNothing, orStorageError, type Database } from './database';
import { judgedWrites, type JudgedAnew } from './jobs';
import { markJudgedAnew, MARKING_STORES } from './judged-anew';
import { soundRows } from './rows/sound-rows';

/** All cameras that can be used, oldest first. */
export async function loadCameras(db: Database): Promise<Camera[]> {
  const cameras = await orStorageError(db.getAll('cameras'));
  return soundRows('cameras', cameras).sort((a, b) => a.createdAt - b.createdAt);
}

/** Adds a camera, or replaces the settings of one, with events; its jobs and references stay as they are. All or nothing. */
export async function saveCamera(
  db: Database,
  camera: Camera,
  events: readonly CameraEvent[] = [],
): Promise<void> {
  const tx = db.transaction(['cameras', 'events'], 'readwrite');
  await allOrNothing(tx, [
    () => tx.objectStore('cameras').put(camera),
    ...events.map((event) => () => tx.objectStore('events').put(event)),
  ]);
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

export interface WithReference {
  /** one picture for each embedding; null where there is none */
  readonly thumbnails?: readonly (ArrayBuffer | null)[];
  /** null where its pictures give none */
  readonly glassFit?: GlassFit | null;
  /** the camera then judges by its settings */
  readonly calibration?: Calibration | null;
  readonly events?: readonly CameraEvent[];
  /** the history's verdicts by it, by job id */
  readonly judged?: ReadonlyMap<string, JudgedAnew>;
}

/** Adds a reference version with what comes with it, and makes the camera use it: all or nothing. */
export async function saveReference(
  db: Database,
  camera: Camera,
  reference: Reference,
  {
    thumbnails = [],
    glassFit = null,
    calibration = null,
    events = [],
    judged = new Map(),
  }: WithReference = {},
): Promise<void> {
  const using: Camera = { ...camera, referenceId: reference.id };
  const updated = calibration ? judgedBy(using, calibration) : using;
  const stores = [
    ...(['cameras', 'references', 'thumbnails', 'glassFits', 'calibrations', 'events', 'jobs'] as const),
    ...MARKING_STORES,
  ];
  const tx = db.transaction(stores, 'readwrite');
  await allOrNothing(tx, [
    () => tx.objectStore('references').add(reference),
    () => tx.objectStore('cameras').put(updated),
    ...(glassFit ? [() => tx.objectStore('glassFits').put(glassFit, reference.id)] : []),
    ...(calibration ? [() => tx.objectStore('calibrations').add(calibration)] : []),
    ...events.map((event) => () => tx.objectStore('events').put(event)),
    ...judgedWrites(tx.objectStore('jobs'), judged),
    ...(judged.size > 0
      ? [() => markJudgedAnew(tx.objectStore('settings'), tx.objectStore('destinations'), camera.id)]
      : []),
    ...thumbnails.flatMap((thumbnail, i) =>
      thumbnail
        ? [() => tx.objectStore('thumbnails').put(thumbnail, referenceThumbnailKey(reference.id, i))]
        : [],
    ),
  ]);
}

/** @returns the reference as it is stored now; null when it is gone */
export async function saveReferenceFacts(
  db: Database,
  referenceId: string,
  facts: Pick<Reference, 'isOwnModel'>,
): Promise<Reference | null> {
  const tx = db.transaction('references', 'readwrite', { durability: 'relaxed' });
  const save = async () => {
    const reference = await tx.store.get(referenceId);
    if (!reference) return null;
    await tx.store.put({ ...reference, ...facts });
    return { ...reference, ...facts };
  };
  const [saved] = await orStorageError(Promise.all([save(), tx.done]));
  return saved;
}

/** All reference versions of a camera, oldest first. */
export async function loadReferences(db: Database, cameraId: string): Promise<Reference[]> {
  const references = await orStorageError(db.getAllFromIndex('references', 'cameraId', cameraId));
  return soundRows('references', references).sort((a, b) => a.version - b.version);
}

export async function saveEvents(db: Database, events: readonly CameraEvent[]): Promise<void> {
  const tx = db.transaction('events', 'readwrite');
  await allOrNothing(
    tx,
    events.map((event) => () => tx.store.put(event)),
  );
}

/** A camera's events in capture order. */
export async function loadEvents(db: Database, cameraId: string): Promise<CameraEvent[]> {
  const events = await orStorageError(db.getAllFromIndex('events', 'cameraId', cameraId));
  return soundRows('events', events).sort((a, b) => a.at - b.at);
}

export async function deleteEvent(db: Database, id: string): Promise<void> {
  await orStorageError(db.delete('events', id));
}

export function picturesOf(referenceId: string): IDBKeyRange {
  return IDBKeyRange.bound(`${referenceId}/`, `${referenceId}0`, false, true);
}
