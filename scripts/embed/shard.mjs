/** Which files belong to a shard, and what tells that two shards were cut from the same listing. */
import { createHash } from 'node:crypto';

/** What is written, and the newest that can be read. */
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
