/** Which files belong to a shard, what tells that two shards were cut from the same listing, and a shard's manifest. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stop } from '../prepare.mjs';

/** The format written, and the newest that can be read. */
export const SHARD_FORMAT = 1;

/** In words, for who reads a shard without this program. */
export const ASSIGNMENT =
  'the file at place p, from 0, of the relative paths sorted by UTF-16 code units is in shard 1 + p mod of';

/**
 * @param {string} text - such as 3/16
 * @returns {{ shard: number, of: number } | null} null for what is none
 */
export function shardIn(text) {
  const [, shard, of] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  return shard >= 1 && shard <= of ? { shard, of } : null;
}

/**
 * The files of one shard. It depends on nothing but the paths.
 *
 * @template {{ path: string }} T
 * @param {readonly T[]} sorted - all files, by path
 */
export function ofShard(sorted, { shard, of }) {
  return sorted.filter((_, place) => place % of === shard - 1);
}

/** @param {readonly { path: string }[]} sorted */
export function listingOf(sorted) {
  const sha256 = createHash('sha256');
  for (const { path } of sorted) sha256.update(`${path}\n`);
  return { files: sorted.length, sha256: sha256.digest('hex') };
}

/** @returns {{ bytes: number, modified: number } | null} null for a file that is gone */
export function datedFile(file) {
  const facts = statSync(file, { throwIfNoEntry: false });
  return facts ? { bytes: facts.size, modified: facts.mtimeMs } : null;
}

/**
 * A shard's description of itself; ends the program where that can't be used.
 *
 * @param {string} folder
 * @returns {object | null} null if there is no shard
 */
export function manifestIn(folder) {
  const path = join(folder, 'shard.json');
  if (!existsSync(path)) return null;
  let manifest = null;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Said below.
  }
  if (manifest && manifest.format !== SHARD_FORMAT) stop(`${folder} was written by another Porthole.`, 2);
  if (!isManifest(manifest)) stop(`${path} can't be read. Delete the shard and make it again.`, 2);
  return manifest;
}

function isManifest(manifest) {
  const { shard, of, rows, model, files } = manifest ?? {};
  return (
    shardIn(`${shard}/${of}`) !== null &&
    isCount(rows) &&
    typeof model?.sha256 === 'string' &&
    ['rows.jsonl', 'embeddings.npy', 'thumbnails.bin'].every((name) => files?.[name]) &&
    // A name never leads out of the shard's folder.
    Object.entries(files).every(([name, file]) => /^[\w-]+\.\w+$/.test(name) && isCount(file?.bytes))
  );
}

function isCount(value) {
  return Number.isSafeInteger(value) && value >= 0;
}
