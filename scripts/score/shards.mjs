/** Shards that `npm run embed` wrote, looked through before a page is opened. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { leaseIn } from '../embed/lease.mjs';
import { manifestIn } from '../embed/shard.mjs';
import { placeOf } from '../folder.mjs';
import { stop } from '../prepare.mjs';

/** Fields that all shards of an archive have alike. */
const ALIKE = {
  of: 'the number of shards',
  listing: 'the listing of the folder',
  model: 'the model',
  transform: 'the transform',
  glass: 'the method by which growth and loss are looked for',
};
/** Pictures are too many bytes to be read twice; their sizes are looked at. */
const HASHED = ['rows.jsonl', 'embeddings.npy'];

/**
 * Finds the shards of an archive below a folder, and ends the program where they are not all there, not of one archive,
 * or not whole.
 *
 * @param {string} folder - as it was typed
 * @returns {Promise<{ with: object, shards: { folder: string, rows: number, files: string[] }[] }>} `with`: what they
 *   were embedded with
 */
export async function shardsIn(folder) {
  const root = placeOf(folder);
  if (!existsSync(root)) stop(`There is no folder ${folder}.`, 2);
  const names = readdirSync(root);
  const found = ['.', ...names]
    .map((name) => ({ folder: join(root, name), manifest: manifestIn(join(root, name)) }))
    .filter(({ manifest }) => manifest !== null)
    .sort((a, b) => a.manifest.shard - b.manifest.shard);
  const [first] = found;
  const begun = names.filter((name) => name.endsWith('.part') && !names.includes(name.slice(0, -5)));
  const rest = begun.map((name) => begunShard(join(root, name))).join('');
  if (!first)
    stop(`There is no shard in ${folder}: a folder with a shard.json, as npm run embed writes it.${rest}`, 2);
  for (const { folder, manifest } of found) {
    for (const [key, what] of Object.entries(ALIKE)) {
      if (JSON.stringify(manifest[key]) !== JSON.stringify(first.manifest[key]))
        stop(`${folder} and ${first.folder} differ in ${what}: they are not of one archive.`, 2);
    }
  }
  const { of } = first.manifest;
  const numbers = found.map(({ manifest }) => manifest.shard);
  const twice = found.find(({ manifest }, i) => numbers.indexOf(manifest.shard) !== i);
  if (twice) {
    const other = found[numbers.indexOf(twice.manifest.shard)];
    stop(`Shard ${twice.manifest.shard} of ${of} is there twice: ${other.folder} and ${twice.folder}.`, 2);
  }
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((number) => !numbers.includes(number));
  if (missing.length > 0) stop(`Of ${of} shards these are missing: ${missing.join(', ')}.${rest}`, 2);
  for (const { folder, manifest } of found) await checkFiles(folder, manifest.files);
  return {
    with: first.manifest,
    shards: found.map(({ folder, manifest: { rows, files } }) => ({
      folder,
      rows,
      files: Object.keys(files).map((name) => join(folder, name)),
    })),
  };
}

/** A sentence about a shard that is not whole. */
function begunShard(part) {
  const held = leaseIn(part);
  return held ? ` ${part} is not finished: ${held.holder} has its lease.` : ` ${part} is not finished.`;
}

async function checkFiles(folder, files) {
  for (const [name, { bytes, sha256 }] of Object.entries(files)) {
    const path = join(folder, name);
    const isWhole = statSync(path, { throwIfNoEntry: false })?.size === bytes;
    if (!isWhole || (HASHED.includes(name) && (await sha256Of(path)) !== sha256))
      stop(`${path} is not what its shard.json says. Delete the shard and make it again.`, 2);
  }
}

async function sha256Of(path) {
  const sha256 = createHash('sha256');
  for await (const chunk of createReadStream(path)) sha256.update(chunk);
  return sha256.digest('hex');
}
