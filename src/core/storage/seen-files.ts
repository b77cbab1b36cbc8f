import { allOrNothing, orStorageError, rowsOf, type Database } from './database';
import type { SeenFile } from './schema';

/** The files of a camera's watched folder that earlier looks have handed over, by path. */
export async function loadSeenFiles(db: Database, cameraId: string): Promise<Map<string, SeenFile>> {
  const rows = await orStorageError(db.getAll('seenFiles', rowsOf(cameraId)));
  return new Map(rows.map((row) => [row.path, row]));
}

/** Call it after the jobs are stored: a kill in between only costs reading the files again. */
export async function saveSeenFiles(db: Database, files: readonly SeenFile[]): Promise<void> {
  if (files.length === 0) return;
  const tx = db.transaction('seenFiles', 'readwrite');
  await allOrNothing(
    tx,
    files.map((file) => () => tx.store.put(file)),
  );
}

/** Forgets the files of a folder that is watched no more. */
export async function forgetSeenFiles(db: Database, cameraId: string): Promise<void> {
  await orStorageError(db.delete('seenFiles', rowsOf(cameraId)));
}
