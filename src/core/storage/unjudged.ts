import { allOrNothing, type Database } from './database';
import { JUDGED_STORES, judgedWrites, type JudgedAgain } from './jobs';
import type { Store } from './judged-anew';
import type { Settings, Unjudged } from './schema';
import { loadSetting } from './settings';

/** The stretch of a camera's history that is to be judged again; null where none is. */
export async function loadUnjudged(db: Database, cameraId: string): Promise<Unjudged | null> {
  return (await loadSetting(db, 'unjudged'))?.[cameraId] ?? null;
}

/** Notes what an import makes to be judged again, in its transaction. */
export async function markUnjudged(settings: Store<'settings'>, cameraId: string, at: number): Promise<void> {
  const all = ((await settings.get('unjudged')) ?? {}) as Settings['unjudged'];
  const { from, to } = all[cameraId] ?? { from: at, to: at };
  const both = { from: Math.min(from, at), to: Math.max(to, at), isImported: true } as const;
  await settings.put({ ...all, [cameraId]: both }, 'unjudged');
}

/** Notes what is left to be judged again, in a transaction. */
export async function noteUnjudged(
  settings: Store<'settings'>,
  cameraId: string,
  left: Unjudged | null,
): Promise<void> {
  const { [cameraId]: _, ...others } = ((await settings.get('unjudged')) ?? {}) as Settings['unjudged'];
  await settings.put(left ? { ...others, [cameraId]: left } : others, 'unjudged');
}

/** Stores a part of a history judged again, and what is left of it. All or nothing. */
export async function saveJudged(
  db: Database,
  cameraId: string,
  again: JudgedAgain,
  left: Unjudged | null,
): Promise<void> {
  const tx = db.transaction(JUDGED_STORES, 'readwrite', { durability: 'relaxed' });
  const settings = tx.objectStore('settings');
  const note = () => noteUnjudged(settings, cameraId, left);
  await allOrNothing(tx, [note, ...judgedWrites((name) => tx.objectStore(name), again)]);
}
