/** Shards that `npm run embed` wrote, looked through before a page is opened. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SHARD_FORMAT } from '../embed/shard.mjs';
import { placeOf } from '../folder.mjs';
import { stop } from '../prepare.mjs';

/** What all shards of an archive have alike. */
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
 * @returns {Promise<{ with: object, rows: number, shards: string[][] }>} `with`: what they were embedded with; the files
 *   of each shard
 */
export async function shardsIn(folder) {
  const root = placeOf(folder);
  if (!existsSync(root)) stop(`There is no folder ${folder}.`, 2);
  const found = ['.', ...readdirSync(root)]
    .filter((name) => existsSync(join(root, name, 'shard.json')))
    .map((name) => ({ folder: join(root, name), manifest: manifestOf(join(root, name)) }))
    .sort((a, b) => a.manifest.shard - b.manifest.shard);
  const [first] = found;
  if (!first)
    stop(`There is no shard in ${folder}: a folder with a shard.json, as npm run embed writes it.`, 2);
  for (const { folder, manifest } of found) {
    for (const [key, what] of Object.entries(ALIKE)) {
      if (JSON.stringify(manifest[key]) !== JSON.stringify(first.manifest[key]))
        stop(`${folder} and ${first.folder} differ in ${what}: they are not of one archive.`, 2);
    }
  }
  const { of } = first.manifest;
  const numbers = found.map(({ manifest }) => manifest.shard);
  const twice = numbers.find((number, i) => numbers.indexOf(number) !== i);
  if (twice !== undefined) stop(`Shard ${twice} of ${of} is there twice.`, 2);
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((number) => !numbers.includes(number));
  if (missing.length > 0) stop(`Of ${of} shards these are missing: ${missing.join(', ')}.`, 2);
  for (const { folder, manifest } of found) await checkFiles(folder, manifest.files);
  return {
    with: first.manifest,
    rows: found.reduce((sum, { manifest }) => sum + manifest.rows, 0),
    shards: found.map(({ folder, manifest }) =>
      Object.keys(manifest.files).map((name) => join(folder, name)),
    ),
  };
}

function manifestOf(folder) {
  let manifest;
  try {
    manifest = JSON.parse(readFileSync(join(folder, 'shard.json'), 'utf8'));
  } catch {
    stop(`${folder} has no shard.json that can be read.`, 2);
  }
  if (manifest.format !== SHARD_FORMAT) stop(`${folder} was written by another Porthole.`, 2);
  return manifest;
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
