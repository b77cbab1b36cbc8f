/** The verdicts on the real camera: what `npm run bench` prints and a test demands. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { handFiles } from './drive.mjs';

/** The folder's JPEG files, by name and so by capture time. */
export function jpegsIn(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * Sets up a camera in the page from files on disk.
 *
 * @param {import('@playwright/test').Page} page
 * @param {readonly string[]} reference
 * @param {readonly string[]} warmUp - empty: the last of the reference
 */
export async function setUpCamera(page, reference, warmUp) {
  const handles = [await handFiles(page, reference), await handFiles(page, warmUp)];
  await page.evaluate(async ([reference, warmUp]) => {
    const warmUpFiles = [...warmUp.files];
    const source = warmUpFiles.length > 0 ? 'snapshots' : 'reference';
    await globalThis.porthole.setUpCamera([...reference.files], {
      name: 'OBSEA',
      warmUp: source,
      warmUpFiles,
    });
  }, handles);
}

/**
 * Reference: clean to 31 August; warm-up: the next 12; then clean to 16 September, then the dirty ones.
 *
 * @param {import('@playwright/test').Page} page - with an empty storage
 * @param {string} camera - a folder with `clean` and `dirty`
 * @returns {Promise<{ clean: number[], dirty: number[] }>} distances in the order scored
 */
export async function judgeCamera(page, camera) {
  const clean = jpegsIn(join(camera, 'clean'));
  const isReference = (path) => path.slice(-'YYYYMMDD-HHMMSS-IPC608_8B64_165.jpg'.length) < '20230901';
  const later = clean.filter((path) => !isReference(path));
  await setUpCamera(page, clean.filter(isReference), later.slice(0, 12));
  const files = [
    await handFiles(page, later.slice(12)),
    await handFiles(page, jpegsIn(join(camera, 'dirty'))),
  ];
  return page.evaluate(async ([clean, dirty]) => {
    const { porthole } = globalThis;
    const distances = (lines) => lines.map((line) => line.distance);
    const cleanLines = await porthole.score([...clean.files]);
    // They are of July; as if taken after the clean ones, an hour apart.
    const renamed = [...dirty.files].map(
      (file, i) => new File([file], `20231001-${String(i).padStart(2, '0')}0000-DIRTY.jpg`),
    );
    return { clean: distances(cleanLines), dirty: distances(await porthole.score(renamed)) };
  }, files);
}
