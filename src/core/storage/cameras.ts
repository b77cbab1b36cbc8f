import type { Calibration } from '../domain/drift/judging';
import type { Camera, CameraEvent, Reference } from '../domain/camera/job';
import type { GlassFit } from '../domain/glass/glass';
import { judgedBy } from './calibrations';
import { allOrNothing, orStorageError, type Database } from './database';
import { JUDGED_STORES, judgedWrites, UNCHANGED, type JudgedAgain } from './jobs';
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

/** Changes of the settings, reference and events that a camera is judged by. */
export interface Inputs {
  readonly camera?: Camera;
  /** one that is there already, such as with other places that are not on the glass */
  readonly reference?: Reference;
  readonly calibration?: Calibration | null;
  readonly events?: readonly CameraEvent[];
  /** ids of events that are taken back */
  readonly gone?: readonly string[];
}

/** Stores the inputs that judge a camera, and its history judged again with them: all or nothing. */
export async function saveInputs(db: Database, inputs: Inputs, again: JudgedAgain): Promise<void> {
  const tx = db.transaction(
    ['cameras', 'references', 'calibrations', 'events', ...JUDGED_STORES],
    'readwrite',
  );
  const { camera, reference, calibration, events = [], gone = [] } = inputs;
  await allOrNothing(tx, [
    ...(camera ? [() => tx.objectStore('cameras').put(camera)] : []),
    ...(reference ? [() => tx.objectStore('references').put(reference)] : []),
    ...(calibration ? [() => tx.objectStore('calibrations').add(calibration)] : []),
    ...events.map((event) => () => tx.objectStore('events').put(event)),
    ...gone.map((id) => () => tx.objectStore('events').delete(id)),
    ...judgedWrites((name) => tx.objectStore(name), again),
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
  /** one picture for each embedding; null if there is none */
  readonly thumbnails?: readonly (ArrayBuffer | null)[];
  /** null if its pictures give none */
  readonly glassFit?: GlassFit | null;
  /** the camera goes on with its present reference: this one is of another view */
  readonly isBeside?: boolean;
  /** the camera then judges by its settings */
  readonly calibration?: Calibration | null;
  readonly events?: readonly CameraEvent[];
  /** the history judged again by it */
  readonly again?: JudgedAgain;
}

/** Adds a reference version with its embeddings and pictures, and makes the camera use it: all or nothing. */
export async function saveReference(
  db: Database,
  camera: Camera,
  reference: Reference,
  {
    thumbnails = [],
    glassFit = null,
    calibration = null,
    events = [],
    again = UNCHANGED,
    isBeside = false,
  }: WithReference = {},
): Promise<void> {
  const using: Camera = isBeside ? camera : { ...camera, referenceId: reference.id };
  const updated = calibration ? judgedBy(using, calibration) : using;
  const stores = [
    ...(['cameras', 'references', 'thumbnails', 'glassFits', 'calibrations', 'events'] as const),
    ...JUDGED_STORES,
  ];
  const tx = db.transaction(stores, 'readwrite');
  await allOrNothing(tx, [
    () => tx.objectStore('references').add(reference),
    () => tx.objectStore('cameras').put(updated),
    ...(glassFit ? [() => tx.objectStore('glassFits').put(glassFit, reference.id)] : []),
    ...(calibration ? [() => tx.objectStore('calibrations').add(calibration)] : []),
    ...events.map((event) => () => tx.objectStore('events').put(event)),
    ...judgedWrites((name) => tx.objectStore(name), again),
    ...thumbnails.flatMap((thumbnail, i) =>
      thumbnail
        ? [() => tx.objectStore('thumbnails').put(thumbnail, referenceThumbnailKey(reference.id, i))]
        : [],
    ),
  ]);
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
