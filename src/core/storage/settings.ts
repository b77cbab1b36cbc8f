import { orStorageError, type Database } from './database';
import type { Settings } from './schema';

/** A setting of this device, or null when it was never set. */
export async function loadSetting<K extends keyof Settings>(
  db: Database,
  key: K,
): Promise<Settings[K] | null> {
  return ((await orStorageError(db.get('settings', key))) as Settings[K] | undefined) ?? null;
}

/** Replaces a setting by a function of it, in one transaction; null clears it. */
export async function changeSetting<K extends keyof Settings>(
  db: Database,
  key: K,
  change: (before: Settings[K] | null) => Settings[K] | null,
): Promise<void> {
  const tx = db.transaction('settings', 'readwrite');
  const changing = async () => {
    const before = (await tx.store.get(key)) as Settings[K] | undefined;
    const value = change(before ?? null);
    await (value === null ? tx.store.delete(key) : tx.store.put(value, key));
    await tx.done;
  };
  await orStorageError(changing());
}

export async function saveSetting<K extends keyof Settings>(
  db: Database,
  key: K,
  value: Settings[K] | null,
): Promise<void> {
  await orStorageError<unknown>(value === null ? db.delete('settings', key) : db.put('settings', value, key));
}
