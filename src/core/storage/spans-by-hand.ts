import type { SpanByHand } from '../domain/usable/span';
import { orStorageError, type Database } from './database';
import { soundRows } from './rows/sound-rows';

/** What a person knows better of how far a camera's pictures can be used, in the order in which it was said. */
export async function loadSpansByHand(db: Database, cameraId: string): Promise<SpanByHand[]> {
  const spans = await orStorageError(db.getAllFromIndex('spansByHand', 'cameraId', cameraId));
  return soundRows('spansByHand', spans).sort((a, b) => a.madeAt - b.madeAt);
}

/** Keeps what a person said of a time; what was found is not touched. */
export async function saveSpanByHand(db: Database, span: SpanByHand): Promise<void> {
  await orStorageError(db.put('spansByHand', span));
}

/** Takes back what a person said. */
export async function deleteSpanByHand(db: Database, id: string): Promise<void> {
  await orStorageError(db.delete('spansByHand', id));
}
