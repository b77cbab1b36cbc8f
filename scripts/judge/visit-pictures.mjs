/** Pictures that a visited camera takes, made of its real ones at their full size. They are kept outside the repository, as all are. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { handFiles } from '../drive.mjs';
import { sharpest, strengthsOf } from './changes.mjs';
import { CACHE } from './pictures.mjs';
import { visitedPlaces } from './visited.mjs';

const BATCH = 12;
/** As Vite serves it. */
const MODULE = '/scripts/judge/visited.mjs';
/** Files that the pictures depend on: others are made when one changes. */
const MAKERS = ['changes', 'made-views', 'visited', 'visit-pictures'];

/**
 * @param {import('@playwright/test').Page} page - of `withPages`
 * @param {import('./cameras.mjs').Course} course
 * @param {import('./cameras.mjs').Snapshot[]} others - of another camera
 * @param {import('./cameras.mjs').Snapshot[]} snapshots - after the visit
 * @param {Record<string, import('./visited.mjs').Left>} cases - what the visit leaves, by name
 * @returns {Promise<Record<string, string[]>>} paths of the pictures, by the names of the cases
 */
export async function visitPictures(page, { camera, cycle, reference }, others, snapshots, cases) {
  const donor = sharpest(others);
  const places = visitedPlaces(reference, donor, `${camera} ${cycle}`.length);
  const strengths = strengthsOf(snapshots.map(({ picture }) => picture));
  const key = createHash('sha256').update(JSON.stringify([camera, cycle, places, donor.path]));
  for (const name of MAKERS) key.update(readFileSync(new URL(`${name}.mjs`, import.meta.url)));
  const folder = join(CACHE, 'visits', key.digest('hex').slice(0, 16));
  const pathOf = (name, snapshot) => join(folder, name.replace(/\W+/g, '-'), snapshot.picture.name);
  for (const name of Object.keys(cases))
    mkdirSync(join(pathOf(name, snapshots[0]), '..'), { recursive: true });
  const missing = snapshots
    .map((snapshot, i) => ({ snapshot, strength: strengths[i] }))
    .filter(({ snapshot }) => !Object.keys(cases).every((name) => existsSync(pathOf(name, snapshot))));
  for (let first = 0; first < missing.length; first += BATCH) {
    const some = missing.slice(first, first + BATCH);
    const paths = [donor.path, ...some.map(({ snapshot }) => snapshot.picture.path)];
    const input = await page.evaluateHandle(
      ([input, ...how]) => ({ files: [...input.files], how }),
      [await handFiles(page, paths), MODULE, places, some.map(({ strength }) => strength), cases],
    );
    for (const [i, made] of (await page.evaluate(make, input)).entries()) {
      for (const [name, base64] of Object.entries(made)) {
        writeFileSync(pathOf(name, some[i].snapshot), Buffer.from(base64, 'base64'));
      }
    }
  }
  const pathsOf = (name) => snapshots.map((snapshot) => pathOf(name, snapshot));
  return Object.fromEntries(Object.keys(cases).map((name) => [name, pathsOf(name)]));
}

/** Runs in the page. */
async function make({ files: [donorFile, ...files], how: [module, places, strengths, cases] }) {
  const { visitOf } = await import(module);
  const QUALITY = 0.95;

  /** @param {number} [asWide] */
  const read = async (file, asWide) => {
    const bitmap = await createImageBitmap(file);
    const width = asWide ?? bitmap.width;
    const height = Math.round((bitmap.height * width) / bitmap.width);
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    const { data } = context.getImageData(0, 0, width, height);
    const rgb = new Uint8Array(3 * height * width);
    for (let i = 0, to = 0; i < data.length; i += 4) for (let k = 0; k < 3; k++) rgb[to++] = data[i + k];
    return { height, width, data: rgb };
  };
  const written = async ({ height, width, data }) => {
    const image = new ImageData(width, height);
    for (let from = 0, i = 0; i < image.data.length; i++) image.data[i] = i % 4 === 3 ? 255 : data[from++];
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d').putImageData(image, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
    let text = '';
    for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
    return btoa(text);
  };

  const first = await read(files[0]);
  const visit = visitOf(first, places, await read(donorFile, first.width));
  const made = [];
  for (const [i, file] of files.entries()) {
    const see = visit(await read(file), strengths[i]);
    const each = {};
    for (const [name, left] of Object.entries(cases)) each[name] = await written(see(left));
    made.push(each);
  }
  return made;
}
