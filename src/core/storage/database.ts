import { openDB, unwrap, type IDBPDatabase, type IDBPObjectStore, type StoreNames } from 'idb';
import { AppError } from '../domain/errors';
import { isEdited } from '../domain/camera/records/delivery';
import type { Job } from '../domain/camera/job';
import { INSTANT } from '../domain/ranges';
import { NO_PERSISTENCE } from '../domain/drift/persistence';
import { noteFailedWrite, renewLog } from './renewal';
import type { Schema } from './schema';

export type Database = IDBPDatabase<Schema>;

const DATABASE_NAME = 'porthole';
const DATABASE_VERSION = 16;

interface OpenOptions {
  name?: string;
  /** another tab wants a newer schema: this one has closed its connection and must be reloaded */
  onOutdated?: () => void;
  /** the browser closed the database under us */
  onTerminated?: () => void;
}

/**
 * Opens the database and brings it to the present schema. Each step is written once and never edited after it
 * was shipped.
 *
 * @throws AppError `storage-blocked` when an older tab keeps the old schema open, `storage-refused` when the browser
 * lets this page store nothing, `storage-newer` when a newer version of the page has changed the schema,
 * `storage-failed` otherwise
 */
export async function openDatabase(options: OpenOptions = {}): Promise<Database> {
  return orStorageError(
    openAndUpgrade(options).catch((error: unknown) => {
      if (isRefusal(error)) throw new AppError('storage-refused', String(error), { cause: error });
      if (error instanceof DOMException && error.name === 'VersionError') {
        throw new AppError('storage-newer', String(error), { cause: error });
      }
      throw error;
    }),
  );
}

/** Firefox 153: SecurityError if site data are blocked, InvalidStateError in a private window without storage. */
function isRefusal(error: unknown): boolean {
  const { indexedDB } = globalThis as { indexedDB?: IDBFactory | null };
  if (!indexedDB) return true;
  return error instanceof DOMException && ['SecurityError', 'InvalidStateError'].includes(error.name);
}

async function openAndUpgrade(options: OpenOptions): Promise<Database> {
  let blocked: (error: AppError) => void = () => undefined;
  const isBlocked = new Promise<never>((_, reject) => (blocked = reject));
  const opening = openDB<Schema>(options.name ?? DATABASE_NAME, DATABASE_VERSION, {
    upgrade(db, oldVersion, _newVersion, tx) {
      // The schema has no stores that a later step drops.
      const untyped = unwrap(db);
      if (oldVersion < 1) {
        db.createObjectStore('cameras', { keyPath: 'id' });
        db.createObjectStore('references', { keyPath: 'id' }).createIndex('cameraId', 'cameraId');
        db.createObjectStore('jobs', { keyPath: 'id' }).createIndex('cameraId', 'cameraId');
        db.createObjectStore('embeddings');
        db.createObjectStore('thumbnails');
        db.createObjectStore('events', { keyPath: 'id' }).createIndex('cameraId', 'cameraId');
        db.createObjectStore('models');
        db.createObjectStore('modelFiles');
        db.createObjectStore('settings');
      }
      if (oldVersion < 2) {
        db.createObjectStore('destinations', { keyPath: 'cameraId' });
        const deliveries = db.createObjectStore('deliveries', { keyPath: ['lane', 'jobId'] });
        deliveries.createIndex('jobId', 'jobId');
        deliveries.createIndex('cameraId', 'cameraId');
        deliveries.createIndex('inLane', ['lane', 'state', 'capturedAt']);
        deliveries.createIndex('waiting', ['lane', 'state', 'notBefore']);
        deliveries.createIndex('ofCamera', ['cameraId', 'state', 'capturedAt']);
      }
      if (oldVersion < 3) {
        db.createObjectStore('calibrations', { keyPath: 'id' }).createIndex('cameraId', 'cameraId');
      }
      if (oldVersion < 4) {
        untyped.createObjectStore('trainings', { keyPath: 'cameraId' });
        untyped.createObjectStore('trainingWeights');
        untyped.createObjectStore('trainingPictures');
      }
      if (oldVersion < 5) db.createObjectStore('handles');
      if (oldVersion < 6) {
        tx.objectStore('jobs').createIndex('inOrder', ['cameraId', 'capturedAt', 'imageName']);
      }
      if (oldVersion < 7) {
        db.createObjectStore('glassFits');
        db.createObjectStore('sights');
      }
      if (oldVersion < 8) {
        db.createObjectStore('spansByHand', { keyPath: 'id' }).createIndex('cameraId', 'cameraId');
        db.createObjectStore('detectors');
        untyped.createObjectStore('detectorFiles');
        const detections = db.createObjectStore('detections', { keyPath: ['jobId', 'detectorSha256'] });
        detections.createIndex('cameraId', 'cameraId');
      }
      if (oldVersion < 9) {
        tx.objectStore('jobs').createIndex('byContent', ['cameraId', 'contentSha256']);
      }
      if (oldVersion < 10) {
        // Models were once trained in the page. A trained one that is used is an ordinary model in `models`.
        for (const store of ['trainings', 'trainingWeights', 'trainingPictures']) {
          untyped.deleteObjectStore(store);
        }
      }
      if (oldVersion < 11) db.createObjectStore('seenFiles', { keyPath: ['cameraId', 'path'] });
      if (oldVersion < 12) {
        db.createObjectStore('changes', { keyPath: ['cameraId', 'cause'] });
        db.createObjectStore('formerRows', { keyPath: ['cameraId', 'cause', 'jobId'] });
      }
      if (oldVersion >= 2 && oldVersion < 13) void setApartEdited(tx.objectStore('deliveries'));
      // Objects were once detected in the page. What was found stays until a person deletes it.
      if (oldVersion < 14) untyped.deleteObjectStore('detectorFiles');
      if (oldVersion < 15) void mapNotes(tx.objectStore('settings'));
      // A request that fails ends the transaction, and with it the opening.
      const cameras = tx.objectStore('cameras');
      const given = oldVersion < 3 ? giveSettingsTo(cameras) : Promise.resolve();
      const limited =
        oldVersion < 14 ? given.then(() => limitFileDates(cameras, tx.objectStore('jobs'))) : given;
      if (oldVersion < 16) void limited.then(() => beginCycles(cameras));
    },
    blocked: () => blocked(new AppError('storage-blocked')),
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      options.onOutdated?.();
    },
    terminated: () => options.onTerminated?.(),
  });
  const db = await Promise.race([opening, isBlocked]);
  // No caller waits for it; if there is no room, the next opening does it.
  renewLog().catch(() => undefined);
  return db;
}

type UpgradedStore<Name extends StoreNames<Schema>> = IDBPObjectStore<
  Schema,
  StoreNames<Schema>[],
  Name,
  'versionchange'
>;

/** Cameras of version 2 judged each window alone, by limits without a calibration. */
async function giveSettingsTo(cameras: UpgradedStore<'cameras'>): Promise<void> {
  for (const camera of await cameras.getAll()) {
    await cameras.put({ ...camera, persistence: NO_PERSISTENCE, calibrationId: null });
  }
}

/** So many of a camera's newest jobs tell if its pictures state when they were taken. */
const TELLING = 12;

/**
 * Versions before 14 took the date of a file for the time of its picture. What they judged by it stays; only of a camera
 * whose pictures state no time do the dates of files go on to count.
 */
async function limitFileDates(cameras: UpgradedStore<'cameras'>, jobs: UpgradedStore<'jobs'>): Promise<void> {
  for (const camera of await cameras.getAll()) {
    const newest: Job[] = [];
    let row = await jobs.index('inOrder').openCursor(rowsOf(camera.id), 'prev');
    for (; row && newest.length < TELLING; row = await row.continue()) newest.push(row.value);
    const isUndated = newest.length > 0 && newest.every((job) => job.capturedAtSource === 'file-date');
    await cameras.put({ ...camera, fileDatesUntil: isUndated ? INSTANT.most : Date.now() });
  }
}

/** Cameras of versions before 16 had one reference for all that came: what was judged by it stays. */
async function beginCycles(cameras: UpgradedStore<'cameras'>): Promise<void> {
  for (const camera of await cameras.getAll()) await cameras.put({ ...camera, cyclesFrom: Date.now() });
}

/** An object has fields of its own, such as `constructor`, which may be a camera's id. */
async function mapNotes(settings: UpgradedStore<'settings'>): Promise<void> {
  const kinds = [
    ...(['watchesBegun', 'silenceTold', 'alarmTold', 'failedSeen'] as const),
    ...(['given', 'unjudged', 'judgedAnew'] as const),
  ];
  for (const kind of kinds) {
    const notes = await settings.get(kind);
    if (notes) await settings.put(new Map(Object.entries(notes as Record<string, never>)), kind);
  }
}

/** Records changed by others were `confirmed` like unchanged ones, so that they could not be found. */
async function setApartEdited(deliveries: UpgradedStore<'deliveries'>): Promise<void> {
  for (let row = await deliveries.openCursor(); row; row = await row.continue()) {
    if (row.value.state === 'confirmed' && isEdited(row.value)) {
      await row.update({ ...row.value, state: 'differs' });
    }
  }
}

/**
 * Does the writes of one transaction: all of them, or none.
 *
 * By itself a transaction takes back everything only when a request fails. A write that is refused before it becomes one
 * would leave those asked for before it, and they would stay.
 *
 * @throws AppError `disk-full` or `storage-failed`; then nothing was written
 */
export async function allOrNothing(
  tx: { readonly done: Promise<void>; abort(): void },
  writes: Iterable<() => Promise<unknown>>,
): Promise<void> {
  // A full disk shows only when the transaction ends, after every request has succeeded.
  const asked: Promise<unknown>[] = [tx.done];
  try {
    for (const write of writes) asked.push(write());
    await Promise.all(asked);
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // It has ended already.
    }
    await Promise.allSettled(asked);
    await orStorageError(Promise.reject(error as Error));
  }
}

/** @throws AppError `disk-full` when the device has no room, `storage-failed` for any other failure of IndexedDB */
export async function orStorageError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError) throw error;
    noteFailedWrite();
    const name = error instanceof Error || error instanceof DOMException ? error.name : '';
    throw new AppError(name === 'QuotaExceededError' ? 'disk-full' : 'storage-failed', String(error), {
      cause: error,
    });
  }
}

/** The keys that begin with these parts: mostly a camera's id. */
export function rowsOf(...parts: readonly string[]): IDBKeyRange {
  return IDBKeyRange.bound(parts, [...parts, []]);
}
