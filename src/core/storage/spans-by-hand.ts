import type { SpanByHand } from '../domain/usable/span';
import { orStorageError, type Database } from './database';
import { soundRows } from './rows/sound-rows';

/** In the order of entry. */
export async function loadSpansByHand(db: Database, cameraId: string): Promise<SpanByHand[]> {
  const spans = await orStorageError(db.getAllFromIndex('spansByHand', 'cameraId', cameraId));
  return soundRows('spansByHand', spans).sort((a, b) => a.madeAt - b.madeAt);
}

export async function saveSpanByHand(db: Database, span: SpanByHand): Promise<void> {
  await orStorageError(db.put('spansByHand', span));
}

export async function deleteSpanByHand(db: Database, id: string): Promise<void> {
  await orStorageError(db.delete('spansByHand', id));
}
