/**
 * Lays the pictures of a public data set out for `npm run judge`.
 *
 *     node scripts/judge-lay-out.mjs CLONE_OF_OBSEA-dataset cameras/obsea-2014/snapshots
 *     node scripts/judge-lay-out.mjs CleanCam_v2.zip cameras
 *
 * The pictures of the first are numbered (Tagging_Img/00090.jpg); when each was taken stands in the file of its fish
 * (Tagging_XML/00090.xml: OBSEA140109124704_….jpg, UTC). They get the names of labels.csv. Of the second, both cameras are
 * made, with their tables.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openAsBlob,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare, stop } from './prepare.mjs';

const USAGE = `node scripts/judge-lay-out.mjs CLONE_OF_OBSEA-dataset cameras/obsea-2014/snapshots
node scripts/judge-lay-out.mjs CleanCam_v2.zip cameras`;
const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) stop(USAGE, 2);
if (!existsSync(from)) stop(`There is no ${from}.`, 2);
if (from.endsWith('.zip')) await layOutCleanCam();
else layOutObsea();

function layOutObsea() {
  const notes = join(from, 'Tagging_XML');
  if (!existsSync(notes)) stop(`There is no ${notes}.\n\n${USAGE}`, 2);
  const labels = readFileSync(
    fileURLToPath(new URL('../benchmark/obsea-2014/labels.csv', import.meta.url)),
    'utf8',
  );
  const wanted = new Map(
    labels
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0])
      .map((name) => [name.slice(0, 15).replace('-', ''), name]),
  );
  const count = wanted.size;
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(notes)) {
    const time = /<filename>OBSEA(\d{12})_/.exec(readFileSync(join(notes, file), 'utf8'))?.[1];
    const name = wanted.get(`20${time}`);
    const picture = join(from, 'Tagging_Img', `${basename(file, '.xml')}.jpg`);
    if (name === undefined || !existsSync(picture)) continue;
    copyFileSync(picture, join(to, name));
    wanted.delete(`20${time}`);
  }
  tell(to, count, [...wanted.values()]);
}

async function layOutCleanCam() {
  prepare();
  const { BlobReader, TextWriter, Uint8ArrayWriter, ZipReader } = await import('@zip.js/zip.js');
  const { csvParse } = await import('d3-dsv');
  const { cleanCam, METADATA } = await import('./judge/clean-cam.mjs');
  const zip = new ZipReader(new BlobReader(await openAsBlob(from)));
  try {
    const entries = new Map((await zip.getEntries()).map((entry) => [entry.filename, entry]));
    const metadata = [...entries.keys()].find((name) => name.endsWith(METADATA));
    if (metadata === undefined) stop(`${from} has no ${METADATA}.`);
    const root = metadata.slice(0, -METADATA.length);
    const rows = csvParse(await entries.get(metadata).getData(new TextWriter()));
    for (const { camera, pictures, labels, cycles } of cleanCam(rows.columns, rows)) {
      const folder = join(to, camera);
      mkdirSync(join(folder, 'snapshots'), { recursive: true });
      writeFileSync(join(folder, 'labels.csv'), `${labels}\n`);
      writeFileSync(join(folder, 'cycles.csv'), `${cycles}\n`);
      if (!cycles.includes('\n'))
        console.log(`${camera}: most pictures of each day are fouled, so no cycle.`);
      const there = pictures.filter((picture) => entries.has(root + picture.from));
      for (const picture of there) {
        const bytes = await entries.get(root + picture.from).getData(new Uint8ArrayWriter());
        writeFileSync(join(folder, 'snapshots', picture.name), bytes);
      }
      const missing = pictures.filter((picture) => !there.includes(picture)).map((picture) => picture.from);
      tell(join(folder, 'snapshots'), pictures.length, missing);
    }
  } catch (error) {
    stop(`${from} can’t be laid out: ${error.message}`);
  } finally {
    await zip.close();
  }
}

function tell(folder, count, missing) {
  console.log(`${count - missing.length} of ${count} labelled pictures are in ${folder}.`);
  if (missing.length > 0) console.log(`Missing, for example: ${missing.slice(0, 3).join(', ')}`);
}
