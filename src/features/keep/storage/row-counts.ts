import { orStorageError, type Database } from '../../../core/storage/database';

export type CameraStore = 'jobs' | 'references' | 'events' | 'calibrations';

/** Rows per kind, those that can't be used included. @throws AppError `storage-failed` */
export async function countRows(
  db: Database,
  cameraId: string,
  stores: readonly CameraStore[],
): Promise<readonly number[]> {
  return orStorageError(Promise.all(stores.map((store) => db.countFromIndex(store, 'cameraId', cameraId))));
}

/** Cameras that can't be used included. @throws AppError `storage-failed` */
export async function countCameras(db: Database): Promise<number> {
  return orStorageError(db.count('cameras'));
}

/**
 * Number of jobs of all cameras but these. It counts all and then these few: a count for each of thousands of cameras
 * would take a second.
 *
 * @throws AppError `storage-failed`
 */
export async function countJobsBeside(db: Database, cameraIds: readonly string[]): Promise<number> {
  const [all, ...others] = await orStorageError(
    Promise.all([db.count('jobs'), ...cameraIds.map((id) => db.countFromIndex('jobs', 'cameraId', id))]),
  );
  return others.reduce((left, count) => left - count, all);
}
