import { csvLines } from '../../../core/domain/files/csv';
import { loadCameras } from '../../../core/storage/cameras';
import { allOrNothing, orStorageError, rowsOf, type Database } from '../../../core/storage/database';
import { loadJobs } from '../../../core/storage/jobs';
import { soundRows } from '../../../core/storage/sound-rows';
import { BOX_COLUMNS, boxesCsv } from '../pure/boxes-csv';

const BATCH = 500;
const STORES = ['detectors', 'detections'] as const;

/** In how many pictures a detector of version 1 has looked for objects. @throws AppError `storage-failed` */
export async function countEarlierBoxes(db: Database): Promise<number> {
  return orStorageError(db.count('detections'));
}

/** All that was found, of every camera in capture order, as CSV (RFC 4180). @throws AppError `storage-failed` */
export async function earlierBoxesCsv(db: Database): Promise<Blob> {
  const rows = soundRows('detectors', await orStorageError(db.getAll('detectors')));
  const detectors = new Map(rows.map((detector) => [detector.sha256, detector]));
  const parts = [csvLines([BOX_COLUMNS])];
  for (const { id, name } of await loadCameras(db)) {
    const jobs = await loadJobs(db, id);
    for (let from = 0; from < jobs.length; from += BATCH) {
      const some = jobs.slice(from, from + BATCH);
      const { store } = db.transaction('detections');
      const found = await orStorageError(Promise.all(some.map((job) => store.getAll(rowsOf(job.id)))));
      for (const [i, job] of some.entries()) {
        for (const boxes of soundRows('detections', found[i]!)) {
          parts.push(boxesCsv(name, job, boxes, detectors.get(boxes.detectorSha256)));
        }
      }
    }
  }
  return new Blob(parts);
}

/** Deletes it with the detectors, all or nothing. @throws AppError `storage-failed` */
export async function deleteEarlierBoxes(db: Database): Promise<void> {
  const tx = db.transaction(STORES, 'readwrite');
  await allOrNothing(
    tx,
    STORES.map((store) => () => tx.objectStore(store).clear()),
  );
}
