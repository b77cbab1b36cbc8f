import { allOrNothing, orStorageError, rowsOf, type Database } from './database';

/** A file of a watched folder, as a look into the folder shows it. */
export interface FileFacts {
  /** unique in the watched folder */
  readonly path: string;
  /** bytes */
  readonly size: number;
  /** milliseconds since 1970 */
  readonly modifiedAt: number;
}

/** Identifies a version of a file without reading it; a model that has not seen it yet has to. */
export function stampOf({ size, modifiedAt }: FileFacts, modelSha256: string): string {
  return `${size} ${modifiedAt} ${modelSha256}`;
}

/** Stamps of the files whose content has its final job, by path. They only save hashing: jobs are found by content. */
export async function loadSeenFiles(db: Database, cameraId: string): Promise<Map<string, string>> {
  const rows = await orStorageError(db.getAll('seenFiles', rowsOf(cameraId)));
  return new Map(rows.map(({ path, stamp }) => [path, stamp]));
}

/** Notes files whose content has its final job. Call it after the jobs are stored: a kill in between costs hashing only. */
export async function saveSeenFiles(
  db: Database,
  cameraId: string,
  files: readonly FileFacts[],
  modelSha256: string,
): Promise<void> {
  const tx = db.transaction('seenFiles', 'readwrite');
  await allOrNothing(
    tx,
    files.map((file) => () => tx.store.put({ cameraId, path: file.path, stamp: stampOf(file, modelSha256) })),
  );
}

/** Forgets the files of a folder that is watched no more. */
export async function forgetSeenFiles(db: Database, cameraId: string): Promise<void> {
  await orStorageError(db.delete('seenFiles', rowsOf(cameraId)));
}
