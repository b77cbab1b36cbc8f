import { allOrNothing, type Database } from './database';
import { JUDGED_STORES, judgedWrites, type JudgedAgain } from './judged-again';
import type { Store } from './judged-anew';
import type { Settings, UnjudgedStretch } from './schema';
import { loadSetting } from './settings';

/** The stretch of a camera's history that has to be judged again; null if there is none. */
export async function loadUnjudged(db: Database, cameraId: string): Promise<UnjudgedStretch | null> {
  return (await loadSetting(db, 'unjudged'))?.get(cameraId) ?? null;
}

/** Notes capture times between which an import has changed a history, in its transaction. @param times - at least one */
export async function markUnjudged(
  settings: Store<'settings'>,
  cameraId: string,
  times: readonly number[],
): Promise<void> {
  const all = (await settings.get('unjudged')) as Settings['unjudged'] | undefined;
  const before = all?.get(cameraId);
  const known = before ? [before.from, before.to] : [];
  let [from, to] = [Infinity, -Infinity];
  for (const at of [...known, ...times]) [from, to] = [Math.min(from, at), Math.max(to, at)];
  await settings.put(new Map(all).set(cameraId, { from, to, isImported: true }), 'unjudged');
}

/** Notes the stretch still to be judged again, in a transaction. */
export async function noteUnjudged(
  settings: Store<'settings'>,
  cameraId: string,
  left: UnjudgedStretch | null,
): Promise<void> {
  const all = new Map((await settings.get('unjudged')) as Settings['unjudged'] | undefined);
  if (left) all.set(cameraId, left);
  else all.delete(cameraId);
  await settings.put(all, 'unjudged');
}

/** Stores a part of a history judged again, and the stretch still left. All or nothing. */
export async function saveJudged(
  db: Database,
  cameraId: string,
  again: JudgedAgain,
  left: UnjudgedStretch | null,
): Promise<void> {
  const tx = db.transaction(JUDGED_STORES, 'readwrite', { durability: 'relaxed' });
  const settings = tx.objectStore('settings');
  const note = () => noteUnjudged(settings, cameraId, left);
  await allOrNothing(tx, [note, ...judgedWrites((name) => tx.objectStore(name), again)]);
}
