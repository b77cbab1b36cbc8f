import type { ModelManifest } from '../domain/model/model';
import { allOrNothing, orStorageError, type Database } from './database';
import type { StoredModel } from './schema';

/** Keeps a model with its ONNX file, both or neither, under the file's SHA-256. */
export async function saveModel(db: Database, manifest: ModelManifest, bytes: ArrayBuffer): Promise<void> {
  const tx = db.transaction(['models', 'modelFiles'], 'readwrite');
  await allOrNothing(tx, [
    () => tx.objectStore('models').put({ manifest, addedAt: Date.now() }, manifest.sha256),
    () => tx.objectStore('modelFiles').put(bytes, manifest.sha256),
  ]);
}

/** Replaces the manifest of a model that is kept; its file stays. */
export async function saveManifest(db: Database, manifest: ModelManifest, addedAt: number): Promise<void> {
  await orStorageError(db.put('models', { manifest, addedAt }, manifest.sha256));
}

/** Notes that a kept model took too long to be used here, or, with null, that it no longer does. */
export async function markStuck(db: Database, sha256: string, at: number | null): Promise<void> {
  const stored = await orStorageError(db.get('models', sha256));
  if (!stored) return;
  const { manifest, addedAt } = stored;
  await orStorageError(db.put('models', { manifest, addedAt, ...(at !== null && { stuckAt: at }) }, sha256));
}

/** The models that are kept on the device, oldest first, without their files. */
export async function loadModels(db: Database): Promise<StoredModel[]> {
  const models = await orStorageError(db.getAll('models'));
  return models.sort((a, b) => a.addedAt - b.addedAt);
}

export async function loadModelFile(db: Database, sha256: string): Promise<ArrayBuffer | null> {
  return (await orStorageError(db.get('modelFiles', sha256))) ?? null;
}

/** Forgets a model and its file; cameras that use it keep their history. */
export async function deleteModel(db: Database, sha256: string): Promise<void> {
  const tx = db.transaction(['models', 'modelFiles'], 'readwrite');
  await allOrNothing(tx, [
    () => tx.objectStore('models').delete(sha256),
    () => tx.objectStore('modelFiles').delete(sha256),
  ]);
}
