/** Looks into one camera's folder for files that are whole and were not handed over yet. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A file that was not written for so long is whole, in milliseconds. */
const OLD = 10_000;
const PICTURE = /\.(jpe?g|png|gif|webp|avif|bmp)$/i;

/** What is in a folder, look after look. */
export class Folder {
  /** size and date of what was handed over or had been scored before, by path */
  #taken = new Map();
  /** the same of what the last look saw: what is seen twice alike is whole */
  #seen = new Map();

  /** @param {string} path */
  constructor(path) {
    this.path = path;
  }

  /**
   * @returns {Promise<{ path: string, name: string, modifiedAt: number, stamp: string }[]>} what is new and whole
   * @throws the system's error when the folder can't be read: it is gone, or its disk is
   */
  async look() {
    // One time for all: a file that grew old during the look would be found before older ones that were looked at first.
    const now = Date.now();
    const entries = await readdir(this.path, { recursive: true, withFileTypes: true });
    const found = [];
    const seen = new Map();
    for (const entry of entries) {
      if (entry.isDirectory() || entry.name.startsWith('.') || !PICTURE.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      // One that has gone since is no news.
      const facts = await stat(path).catch(() => null);
      if (!facts?.isFile()) continue;
      const stamp = `${facts.size} ${facts.mtimeMs}`;
      if (this.#taken.get(path) === stamp) continue;
      // Also what is handed over now: if that fails, it must not come after what is newer.
      seen.set(path, stamp);
      const isWhole = Math.abs(now - facts.mtimeMs) > OLD || this.#seen.get(path) === stamp;
      if (isWhole) found.push({ path, name: basename(path), modifiedAt: facts.mtimeMs, stamp });
    }
    this.#seen = seen;
    return found;
  }

  /** What need not be looked at again until it changes. */
  take(files) {
    for (const { path, stamp } of files) this.#taken.set(path, stamp);
  }
}
