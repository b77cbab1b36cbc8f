import { hasArrived, type Delivery } from '../../../core/domain/camera/records/delivery';
import { compareJobs, type Job } from '../../../core/domain/camera/job';
import { orStorageError, type Database } from '../../../core/storage/database';
import { BY_JOB, rowsOfJob, type JobRows } from '../../../core/storage/job-rows';
import { isSound } from '../../../core/storage/sound-rows';

const BATCH = 250;

/**
 * The ids of a camera's jobs, oldest capture first; of each job no more is held than orders it.
 *
 * @returns with how many are left out since they can't be used
 * @throws AppError `storage-failed`
 */
export async function jobIdsInCaptureOrder(
  db: Database,
  cameraId: string,
): Promise<{ readonly ids: readonly string[]; readonly left: number }> {
  const order: Pick<Job, 'id' | 'capturedAt' | 'imageName'>[] = [];
  const keys = await orStorageError(db.getAllKeysFromIndex('jobs', 'cameraId', cameraId));
  for (let from = 0; from < keys.length; from += BATCH) {
    const store = db.transaction('jobs').store;
    const batch = keys.slice(from, from + BATCH);
    for (const job of await orStorageError(Promise.all(batch.map((key) => store.get(key))))) {
      if (job && isSound('jobs', job))
        order.push({ id: job.id, capturedAt: job.capturedAt, imageName: job.imageName });
    }
  }
  const ids = order.sort(compareJobs).map(({ id }) => id);
  return { ids, left: keys.length - ids.length };
}

/**
 * Jobs with their stored parts, a few hundred at a time. A job that was deleted meanwhile is left out.
 *
 * @throws AppError `storage-failed`
 */
export async function* jobRows(
  db: Database,
  ids: readonly string[],
): AsyncGenerator<{ readonly asked: number; readonly rows: readonly JobRows[] }> {
  for (let from = 0; from < ids.length; from += BATCH) {
    const tx = db.transaction(BY_JOB);
    const batch = ids.slice(from, from + BATCH);
    const found = await orStorageError(
      Promise.all(batch.map((id) => rowsOfJob((name) => tx.objectStore(name), id))),
    );
    yield { asked: batch.length, rows: found.filter((rows) => rows !== null) };
  }
}

/** A camera's records that reached a service, one after the other. @throws AppError `storage-failed` */
export async function* arrivedDeliveries(db: Database, cameraId: string): AsyncGenerator<Delivery> {
  const index = db.transaction('deliveries').store.index('cameraId');
  let cursor = await orStorageError(index.openCursor(cameraId));
  while (cursor) {
    const { value } = cursor;
    if (hasArrived(value) && isSound('deliveries', value)) yield value;
    cursor = await orStorageError(cursor.continue());
  }
}
