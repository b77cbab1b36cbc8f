import { orStorageError, type Database } from './database';
import type { Settings } from './schema';

/** A setting of this device, or null when it was never set. */
export async function loadSetting<K extends keyof Settings>(
  db: Database,
  key: K,
): Promise<Settings[K] | null> {
  return ((await orStorageError(db.get('settings', key))) as Settings[K] | undefined) ?? null;
}

/** Sets a setting, or clears it with null. */
export async function saveSetting<K extends keyof Settings>(
  db: Database,
  key: K,
  value: Settings[K] | null,
): Promise<void> {
  await orStorageError<unknown>(value === null ? db.delete('settings', key) : db.put('settings', value, key));
}
