import { deleteDB, openDB } from 'idb';

/**
 * After a write that the disk had no room for, the log of Chromium's database ends in half a record. Chromium skips
 * that when it opens the database, writes on behind it, and at the next start takes the whole database for damaged and
 * deletes it (156, 2026-11): everything stored would be lost days after the disk was full. A long log is written again
 * as tables, without the half record, so it is made long once the disk has room.
 */
const NOTE = 'porthole-write-failed';
const SCRATCH = 'porthole-scratch';
/** Values of more than 64 kB get files of their own; the log is written again at 4 MB at the latest. */
const ROWS = 200;
const ROW = 50_000;

/** A write failed: the log is renewed when the database is opened the next time. */
export function noteFailedWrite(): void {
  for (const storage of storages()) {
    try {
      storage.setItem(NOTE, 'yes');
    } catch {
      // A full disk takes no note; the other one is in memory.
    }
  }
}

/**
 * Renews the log if an earlier write failed.
 *
 * @returns whether it did
 * @throws when there is no room yet; then it is tried at the next opening
 */
export async function renewLog(): Promise<boolean> {
  if (!storages().some((storage) => storage.getItem(NOTE) !== null)) return false;
  // It has the same origin, and so the same log.
  const scratch = await openDB(SCRATCH, 1, {
    upgrade: (db) => {
      db.createObjectStore('rows');
    },
  });
  try {
    for (let row = 0; row < ROWS; row += 1) {
      await scratch.put('rows', crypto.getRandomValues(new Uint8Array(ROW)), row);
    }
  } finally {
    scratch.close();
    await deleteDB(SCRATCH);
  }
  for (const storage of storages()) storage.removeItem(NOTE);
  return true;
}

/** The first lasts for a visit and is in memory, the second lasts. A worker has none, and either may be refused. */
function storages(): Storage[] {
  return (['sessionStorage', 'localStorage'] as const).flatMap((name) => {
    try {
      return name in globalThis ? globalThis[name] : [];
    } catch {
      return [];
    }
  });
}
