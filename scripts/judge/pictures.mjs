/**
 * Snapshots of a folder as the page looks at the glass in them, 192 pixels wide: as src/core/encoder shrinks what the shipped
 * model is given, in a real Chromium. They are kept outside the repository, since pictures of other people's cameras are never
 * committed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { handFiles } from '../drive.mjs';
import { ROOT } from '../prepare.mjs';
import { withPages } from './pages.mjs';

/** Folder of the pictures and of everything made from them. */
export const CACHE = join(ROOT, 'node_modules', '.cache', 'judge');
const BATCH = 50;

/**
 * @typedef {object} Picture
 * @property {string} name - of its file
 * @property {string} path
 * @property {number} height
 * @property {number} width - 192
 * @property {Uint8Array} data - height × width × 3 bytes: red, green, blue
 */

/**
 * @param {string} folder - its JPEG files, by name and so by capture time
 * @returns {Promise<Picture[]>}
 */
export async function picturesIn(folder) {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .sort();
  const paths = names.map((name) => join(folder, name));
  const key = createHash('sha256').update('as the page looks at them: thumbnails');
  for (const path of paths) key.update(`${path} ${statSync(path).size}\n`);
  const kept = join(CACHE, key.digest('hex').slice(0, 16));
  if (!existsSync(`${kept}.json`)) await look(paths, kept);
  const sizes = JSON.parse(readFileSync(`${kept}.json`, 'utf8'));
  const bytes = readFileSync(`${kept}.rgb`);
  let at = 0;
  return sizes.map(({ height, width }, i) => {
    const length = height * width * 3;
    const data = new Uint8Array(bytes.buffer, bytes.byteOffset + at, length);
    at += length;
    return { name: names[i], path: paths[i], height, width, data };
  });
}

async function look(paths, kept) {
  mkdirSync(CACHE, { recursive: true });
  await withPages(async (newPage) => {
    const page = await newPage();
    const sizes = [];
    const pixels = [];
    for (let first = 0; first < paths.length; first += BATCH) {
      const files = await handFiles(page, paths.slice(first, first + BATCH));
      for (const { height, width, base64 } of await page.evaluate(shrink, files)) {
        sizes.push({ height, width });
        pixels.push(Buffer.from(base64, 'base64'));
      }
    }
    writeFileSync(`${kept}.rgb`, Buffer.concat(pixels));
    writeFileSync(`${kept}.json`, JSON.stringify(sizes));
  });
}

/** Runs in the page. */
async function shrink(input) {
  const { Preprocessor } = await import('/src/core/encoder/preprocess.ts');
  globalThis.preprocessor ??= await Preprocessor.create();
  const resize = { height: 216, width: 384 };
  const transform = { resize, mean: [0, 0, 0], std: [1, 1, 1] };
  const tensor = new Float32Array(3 * resize.height * resize.width);
  const found = [];
  for (const file of input.files) {
    const bytes = await file.arrayBuffer();
    const prepared = await globalThis.preprocessor.prepare(bytes, transform, tensor, 0);
    if (!prepared.ok) throw new Error(`${file.name}: ${prepared.code}`);
    const { height, width, data } = prepared.glass;
    let text = '';
    for (const byte of data) text += String.fromCharCode(byte);
    found.push({ height, width, base64: btoa(text) });
  }
  return found;
}
