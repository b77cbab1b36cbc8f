import { concat } from '../domain/concat';
import type { BestVersion, TrainingPicture } from '../domain/model/training-course';
import { allOrNothing, orStorageError, rowsOf, type Database } from './database';
import type { StoredTraining, TrainingRecord } from './schema';

/** Numbers in one part of the weights: half a million bytes. */
const PART = 131_072;

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
  // A view into a course that grows would be stored with all that is behind it.
  const record = { ...facts, losses: facts.losses.slice(), best: best && without(best) };
  const tx = db.transaction(STORES, 'readwrite', { durability: 'relaxed' });
  const save = async () => {
    const trainings = tx.objectStore('trainings');
    if (!isNew && (await trainings.getKey(cameraId)) === undefined) return false;
    await trainings.put(record);
    // One after the other: Chromium copies and compresses on this thread, 40 ms for a million bytes on a busy laptop.
    for (const [name, values] of Object.entries(weights)) {
      for (let i = 0; i * PART < values.length; i++) {
        const part = values.slice(i * PART, (i + 1) * PART);
        await tx.objectStore('trainingWeights').put(part, [cameraId, `${name} ${i}`]);
      }
    }
    return true;
  };
  let isSaved = false;
  await allOrNothing(tx, [async () => (isSaved = await save())]);
  return isSaved;
}

/** The training of a camera that was neither accepted nor discarded, or null. */
export async function loadTraining(db: Database, cameraId: string): Promise<StoredTraining | null> {
  const tx = db.transaction(STORES);
  const read = async () => {
    const record = await tx.objectStore('trainings').get(cameraId);
    if (!record || !isOfToday(record)) return null;
    const weights = async (name: string) => {
      const parts: Float32Array[] = [];
      for (;;) {
        const part = await tx.objectStore('trainingWeights').get([cameraId, `${name} ${parts.length}`]);
        if (!part) return parts.length > 0 ? concat(Float32Array, parts) : null;
        parts.push(part);
      }
    };
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

/** Whether what is stored is of a training of the decoder alone, which can't go on. */
export async function isEarlierTraining(db: Database, cameraId: string): Promise<boolean> {
  const record = await orStorageError(db.get('trainings', cameraId));
  return record !== undefined && !isOfToday(record);
}

/** Its pictures, in the order in which they were saved, one at a time. */
export async function* loadTrainingPictures(db: Database, cameraId: string): AsyncGenerator<TrainingPicture> {
  const keys = await orStorageError(db.getAllKeys('trainingPictures', rowsOf(cameraId)));
  for (const key of keys) {
    const picture = await orStorageError(db.get('trainingPictures', key));
    if (picture) yield picture;
  }
}

/** Forgets a training with its weights and pictures. */
export async function deleteTraining(db: Database, cameraId: string): Promise<void> {
  const tx = db.transaction([...STORES, 'trainingPictures'] as const, 'readwrite');
  await allOrNothing(tx, [
    () => tx.objectStore('trainings').delete(cameraId),
    () => tx.objectStore('trainingWeights').delete(rowsOf(cameraId)),
    () => tx.objectStore('trainingPictures').delete(rowsOf(cameraId)),
  ]);
}

/** Trainings of before the whole model was trained have no judgement. */
function isOfToday(record: TrainingRecord): boolean {
  return 'latest' in record;
}

function without({ mean: _, ...rest }: BestVersion): Omit<BestVersion, 'mean'> {
  return rest;
}
