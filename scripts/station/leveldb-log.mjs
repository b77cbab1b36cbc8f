/**
 * The logs of LevelDB, in which Chromium keeps the page's database: what a full disk or a power cut left half written at
 * its end is cut off before the browser sees it.
 *
 * LevelDB itself skips such an end when it opens a log, but goes on writing behind it (`reuse_logs`). When it opens the
 * log the next time it finds the half record in the middle, calls the database damaged, and Chromium deletes it whole
 * (156, 2026-11). The page does what it can by itself, see src/core/storage/renewal.ts.
 *
 * @see https://github.com/google/leveldb/blob/main/doc/log_format.md
 */
import { existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const BLOCK = 32_768;
/** checksum, length, type */
const HEADER = 7;
const FULL = 1;
const FIRST = 2;
const LAST = 4;

/**
 * How much of a log holds whole records.
 *
 * @param {Buffer} log
 * @returns {number} bytes; all of them for a log that ends as it should
 */
export function wholeLength(log) {
  let whole = 0;
  let isInside = false;
  for (let at = 0; at + HEADER <= log.length;) {
    const left = BLOCK - (at % BLOCK);
    // The end of a block in which no header has room is filled up.
    if (left < HEADER) {
      at += left;
      continue;
    }
    const end = at + HEADER + log.readUInt16LE(at + 4);
    const type = log[at + 6];
    // Room that was taken and never written to is read as zeros.
    if (type < FULL || type > LAST || end - at > left || end > log.length) break;
    if ((type === FULL || type === FIRST) === isInside) break;
    isInside = type !== FULL && type !== LAST;
    at = end;
    if (!isInside) whole = at;
  }
  // The rest may be such a filled end, which is no part of a record.
  return log.length - whole < HEADER && log.length % BLOCK === 0 ? log.length : whole;
}

/**
 * Cuts off what is half written in the databases of a profile. No browser may have it open.
 *
 * @param {string} profile - Chromium's user data folder
 * @returns {string[]} the logs that were cut
 */
export function cutHalfRecords(profile) {
  const databases = join(profile, 'Default', 'IndexedDB');
  if (!existsSync(databases)) return [];
  const logs = readdirSync(databases, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.leveldb[\\/](\d+\.log|MANIFEST-\d+)$/.test(path))
    .map((path) => join(databases, path));
  return logs.filter((path) => {
    const log = readFileSync(path);
    const whole = wholeLength(log);
    if (whole === log.length) return false;
    truncateSync(path, whole);
    return true;
  });
}
