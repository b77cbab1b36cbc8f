import type { Detections } from '../domain/detection/detection';
import { allOrNothing, orStorageError, rowsOf, type Database } from './database';
import { isSound } from './sound-rows';

const BATCH = 500;

/** Keeps a detector's findings, all or none; findings on a deleted job are left out. */
export async function saveDetections(db: Database, found: readonly Detections[]): Promise<void> {
  const tx = db.transaction(['jobs', 'detections'], 'readwrite', { durability: 'relaxed' });
  const put = async (row: Detections) => {
    if ((await tx.objectStore('jobs').getKey(row.jobId)) === undefined) return;
    await tx.objectStore('detections').put(row);
  };
  await allOrNothing(
    tx,
    found.map((row) => () => put(row)),
  );
}

/** A detector's results for the snapshots of a camera, by job id; a row that can't be used is left out. */
export async function loadDetections(
  db: Database,
  cameraId: string,
  detectorSha256: string,
): Promise<Map<string, Detections>> {
  const found = new Map<string, Detections>();
  const all = await orStorageError(db.getAllKeysFromIndex('detections', 'cameraId', cameraId));
  const keys = all.filter(([, sha256]) => sha256 === detectorSha256);
  for (let from = 0; from < keys.length; from += BATCH) {
    const { store } = db.transaction('detections');
    const rows = await orStorageError(
      Promise.all(keys.slice(from, from + BATCH).map((key) => store.get(key))),
    );
    for (const row of rows) if (row && isSound('detections', row)) found.set(row.jobId, row);
  }
  return found;
}

export const detectionsOf: (jobId: string) => IDBKeyRange = rowsOf;
