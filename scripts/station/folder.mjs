/** Looks into one camera's folder for files that are whole and are not known to be scored. */
import { isUtf8 } from 'node:buffer';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** A file that was not written for so long is whole, in milliseconds. */
const OLD = 10_000;
const PICTURE = /\.(jpe?g|png|gif|webp|avif|bmp)$/i;

/**
 * @typedef {{ path: string, size: number, modifiedAt: number, inode: number, stamp: string, isWhole: boolean, isRead: boolean }} FoundFile
 * @typedef {object} Look
 * @property {FoundFile[]} files - files that are whole and were not taken
 * @property {{ path: string, code: string } | null} lost - a folder in it that can't be read
 * @property {number} links - links that lead out of the folder; they are skipped
 * @property {number} names - pictures and folders with names that are not UTF-8: the page can't be given them
 */

/** The files in a folder, look after look. */
export class Folder {
  /** size and date of files that are passed over until they change, by path */
  #taken = new Map();
  /** files of the last look by path: one that is seen twice alike is whole */
  #seen = new Map();
  /** versions that were found, and gave way to another one before they were read */
  overwritten = 0;

  #wanted;

  /** @param {string} path @param {RegExp} wanted - names of files to look for */
  constructor(path, wanted = PICTURE) {
    this.path = path;
    this.#wanted = wanted;
  }

  /**
   * @returns {Promise<Look>}
   * @throws the system's error when the folder can't be read: it is gone, or its disk is
   */
  async look() {
    // One time for all: a file that grew old during the look would be found before older ones that were looked at first.
    const now = Date.now();
    const root = await realpath(this.path);
    const look = { files: [], lost: null, links: 0, names: 0 };
    const seen = new Map();
    const folders = [this.path];
    for (const folder of folders) {
      for (const entry of await this.#entriesOf(folder, look)) {
        const name = entry.name.toString();
        if (name.startsWith('.')) continue;
        const isPicture = this.#wanted.test(name);
        const path = join(folder, name);
        if (!isUtf8(entry.name)) look.names += Number(isPicture || entry.isDirectory());
        else if (entry.isDirectory()) folders.push(path);
        else if (!entry.isSymbolicLink() || (await leadsInto(root, path, look, this.#wanted))) {
          if (isPicture) await this.#find(path, now, look, seen);
        }
      }
    }
    this.#seen = seen;
    return look;
  }

  /** Passes these files over until they change. @param {readonly FoundFile[]} files */
  take(files) {
    for (const { path, stamp } of files) this.#taken.set(path, stamp);
    this.wereRead(files);
  }

  /** Counts those of the files that have changed since they were found: what is read of them is a later version. */
  async beforeReading(files) {
    const now = await Promise.all(files.map(({ path }) => factsOf(path)));
    for (const [i, facts] of now.entries()) {
      if (facts === null || !isLost(files[i], facts)) continue;
      this.overwritten += 1;
      files[i].isRead = true;
    }
  }

  /** A version that was read and changes then is not lost. @param {readonly FoundFile[]} files */
  wereRead(files) {
    for (const file of files) file.isRead = true;
  }

  /** True if a file is passed over until it changes. @param {string} path */
  isTaken(path) {
    return this.#taken.has(path);
  }

  /** A folder inside that can't be read must not hide the files in the others. */
  async #entriesOf(folder, look) {
    try {
      return await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
    } catch (error) {
      if (folder === this.path) throw error;
      if (error.code !== 'ENOENT') look.lost ??= { path: folder, code: error.code };
      return [];
    }
  }

  async #find(path, now, { files }, seen) {
    const facts = await factsOf(path);
    if (facts === null) return;
    const stamp = `${facts.size} ${facts.modifiedAt}`;
    if (this.#taken.get(path) === stamp) return;
    const before = this.#seen.get(path);
    const isSame = before?.stamp === stamp;
    const isWhole = Math.abs(now - facts.modifiedAt) > OLD || isSame;
    const found = { path, ...facts, stamp, isWhole, isRead: isSame && before.isRead };
    if (before && isLost(before, facts)) this.overwritten += 1;
    // Also what is handed over now: if that fails, it must not come after what is newer.
    seen.set(path, found);
    if (isWhole) files.push(found);
  }
}

/** True if a file can be read now. It is asked before the page, which could end over it. @param {FoundFile} file */
export async function canBeRead({ path }) {
  try {
    const file = await open(path);
    try {
      // A share that is away may still open files.
      await file.read(Buffer.alloc(1), 0, 1, 0);
    } finally {
      await file.close();
    }
    return true;
  } catch {
    return false;
  }
}

/** False if only the name of a file could be read. @param {FoundFile} file */
export function isInReach({ size, modifiedAt }) {
  return size > 0 || modifiedAt > 0;
}

/**
 * True if a version has gone unread: its name is another file's, or it was whole and is written anew. One that only grows
 * is the same.
 */
function isLost(before, now) {
  if (before.isRead || !isInReach(before) || !isInReach(now)) return false;
  const isLater = before.isWhole && now.modifiedAt > before.modifiedAt;
  return now.inode !== before.inode || now.size < before.size || isLater;
}

/** @returns null for a file that has gone since and for anything but a file; zeros for one that is out of reach */
async function factsOf(path) {
  try {
    const facts = await stat(path);
    return facts.isFile() ? { size: facts.size, modifiedAt: facts.mtimeMs, inode: facts.ino } : null;
  } catch (error) {
    return error.code === 'ENOENT' ? null : { size: 0, modifiedAt: 0, inode: 0 };
  }
}

/** True if a link leads to a file in the folder that has no other name to be found by. Links out of it are counted. */
async function leadsInto(root, path, look, wanted) {
  const target = await realpath(path).catch(() => null);
  if (target === null) return false;
  const inside = relative(root, target).split(sep);
  if (inside[0] === '..') {
    look.links += 1;
    return false;
  }
  return inside.some((part) => part.startsWith('.')) || !wanted.test(target);
}
