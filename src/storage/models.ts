import { orStorageError, type Database } from './database';
import type { StoredModel } from './schema';

/** Keeps a model that a user brought, or the manifest as the user edited it. */
export async function saveModel(db: Database, model: StoredModel): Promise<void> {
  await orStorageError(db.put('models', model, model.manifest.sha256));
}

/** The models that a user brought, oldest first. */
export async function loadModels(db: Database): Promise<StoredModel[]> {
  const models = await orStorageError(db.getAll('models'));
  return models.sort((a, b) => a.addedAt - b.addedAt);
}

/** Forgets a model; cameras that use it keep their history. */
export async function deleteModel(db: Database, sha256: string): Promise<void> {
  await orStorageError(db.delete('models', sha256));
}
