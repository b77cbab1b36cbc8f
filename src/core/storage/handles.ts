import { orStorageError, type Database } from './database';
import type { HandlePurpose } from './schema';

/** Keeps files and folders for a later visit; none forgets them. @throws AppError `disk-full` or `storage-failed` */
export async function saveHandles(
  db: Database,
  cameraId: string,
  purpose: HandlePurpose,
  handles: readonly FileSystemHandle[],
): Promise<void> {
  const key: [string, HandlePurpose] = [cameraId, purpose];
  const isNone = handles.length === 0;
  await orStorageError<unknown>(isNone ? db.delete('handles', key) : db.put('handles', [...handles], key));
}

export async function loadHandles(
  db: Database,
  cameraId: string,
  purpose: HandlePurpose,
): Promise<readonly FileSystemHandle[]> {
  return (await orStorageError(db.get('handles', [cameraId, purpose]))) ?? [];
}
