import type { TrainingPicture } from '../domain/training-course';
import { orStorageError, type Database } from './database';
import type { StoredTraining } from './schema';

const STORES = ['trainings', 'trainingWeights'] as const;

/** Keeps a training that begins; all of its pictures are kept by then. */
export async function beginTraining(db: Database, training: StoredTraining): Promise<void> {
  await write(db, training, true);
}

/** Keeps what a training learns from, one picture at a time: together they are 40 MB. */
export async function saveTrainingPicture(
  db: Database,
  cameraId: string,
  index: number,
  picture: TrainingPicture,
): Promise<void> {
  const tx = db.transaction('trainingPictures', 'readwrite', { durability: 'relaxed' });
  await orStorageError(Promise.all([tx.store.put(picture, [cameraId, index]), tx.done]));
}

/**
 * Notes how far a training is, all or nothing.
 *
 * @returns false when it was deleted meanwhile, with its camera: then nothing is written
 */
export async function saveTraining(db: Database, training: StoredTraining): Promise<boolean> {
  return write(db, training, false);
}

async function write(db: Database, training: StoredTraining, isNew: boolean): Promise<boolean> {
  const { state, best, ...facts } = training;
  const { cameraId } = facts;
  const weights = { ...state, ...(best && { best: best.mean }) };
  const record = { ...facts, best: best && { step: best.step, rebuilding: best.rebuilding } };
  const tx = db.transaction(STORES, 'readwrite', { durability: 'relaxed' });
  const save = async () => {
    const trainings = tx.objectStore('trainings');
    if (!isNew && (await trainings.getKey(cameraId)) === undefined) return false;
    await trainings.put(record);
    // One after the other: Chromium copies and compresses on this thread, 40 ms for each on a busy laptop.
    for (const [name, values] of Object.entries(weights)) {
      await tx.objectStore('trainingWeights').put(values, [cameraId, name]);
    }
    return true;
  };
  const [isSaved] = await orStorageError(Promise.all([save(), tx.done]));
  return isSaved;
}

/** The training of a camera that was neither accepted nor discarded, or null. */
export async function loadTraining(db: Database, cameraId: string): Promise<StoredTraining | null> {
  const tx = db.transaction(STORES);
  const read = async () => {
    const record = await tx.objectStore('trainings').get(cameraId);
    if (!record) return null;
    const weights = (name: string) => tx.objectStore('trainingWeights').get([cameraId, name]);
    const [w, m, v, mean, best] = await Promise.all(['w', 'm', 'v', 'mean', 'best'].map(weights));
    return {
      ...record,
      state: w && m && v && mean ? { w, m, v, mean } : null,
      best: record.best && best ? { ...record.best, mean: best } : null,
    };
  };
  const [training] = await orStorageError(Promise.all([read(), tx.done]));
  return training;
}

/** Its pictures, in the order in which they were saved, one at a time. */
export async function* loadTrainingPictures(db: Database, cameraId: string): AsyncGenerator<TrainingPicture> {
  const keys = await orStorageError(db.getAllKeys('trainingPictures', partsOf(cameraId)));
  for (const key of keys) {
    const picture = await orStorageError(db.get('trainingPictures', key));
    if (picture) yield picture;
  }
}

/** Forgets a training with its weights and pictures. */
export async function deleteTraining(db: Database, cameraId: string): Promise<void> {
  const tx = db.transaction([...STORES, 'trainingPictures'], 'readwrite');
  await orStorageError(
    Promise.all([
      tx.objectStore('trainings').delete(cameraId),
      tx.objectStore('trainingWeights').delete(partsOf(cameraId)),
      tx.objectStore('trainingPictures').delete(partsOf(cameraId)),
      tx.done,
    ]),
  );
}

/** The keys of a camera's training pictures, and of its weights. */
export function partsOf(cameraId: string): IDBKeyRange {
  return IDBKeyRange.bound([cameraId], [cameraId, []]);
}
