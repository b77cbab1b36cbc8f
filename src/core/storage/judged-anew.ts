import type { IDBPObjectStore, StoreNames } from 'idb';
import { v4 as uuid } from 'uuid';
import type { Camera } from '../domain/camera/camera';
import { orStorageError, type Database } from './database';
import type { Schema, Settings } from './schema';
import { loadSetting } from './settings';

/** The stores that a transaction needs for {@link markJudgedAnew}. */
export const MARKING_STORES = ['settings', 'destinations'] as const;

export type Store<Name extends StoreNames<Schema>> = IDBPObjectStore<
  Schema,
  ArrayLike<StoreNames<Schema>>,
  Name,
  'readwrite'
>;

type Marks = Settings['judgedAnew'];

/**
 * Notes, in the transaction that changes them, that a camera's jobs have new results: its waiting records have to be
 * made again even if the page is closed first. A camera without a target has no waiting records.
 */
export async function markJudgedAnew(
  settings: Store<'settings'>,
  destinations: Store<'destinations'>,
  cameraId: Camera['id'],
): Promise<void> {
  const [marks, destination] = await Promise.all([
    settings.get('judgedAnew') as Promise<Marks | undefined>,
    destinations.getKey(cameraId),
  ]);
  if (destination !== undefined) await settings.put(new Map(marks).set(cameraId, uuid()), 'judgedAnew');
}

/** The mark of a camera whose waiting records have to be made again; null if they match its jobs. */
export async function judgedAnewMark(db: Database, cameraId: Camera['id']): Promise<string | null> {
  return (await loadSetting(db, 'judgedAnew'))?.get(cameraId) ?? null;
}

/** Takes a mark away, unless there is another by now. */
export async function clearJudgedAnew(db: Database, cameraId: Camera['id'], mark: string): Promise<void> {
  const tx = db.transaction('settings', 'readwrite', { durability: 'relaxed' });
  const clear = async () => {
    const marks = new Map((await tx.store.get('judgedAnew')) as Marks | undefined);
    if (marks.get(cameraId) !== mark) return;
    marks.delete(cameraId);
    await tx.store.put(marks, 'judgedAnew');
  };
  await orStorageError(Promise.all([clear(), tx.done]));
}
