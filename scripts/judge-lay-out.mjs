/**
 * Copies the labelled pictures of a public repository under the names of labels.csv.
 *
 *     node scripts/judge-lay-out.mjs CLONE_OF_OBSEA-dataset cameras/obsea-2014/snapshots
 *
 * Its pictures are numbered (Tagging_Img/00090.jpg); when each was taken stands in the file of its fish
 * (Tagging_XML/00090.xml: OBSEA140109124704_….jpg, UTC).
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) {
  console.error('node scripts/judge-lay-out.mjs CLONE_OF_OBSEA-dataset cameras/obsea-2014/snapshots');
  process.exit(2);
}
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
mkdirSync(to, { recursive: true });
const notes = join(from, 'Tagging_XML');
for (const file of readdirSync(notes)) {
  const time = /<filename>OBSEA(\d{12})_/.exec(readFileSync(join(notes, file), 'utf8'))?.[1];
  const name = wanted.get(`20${time}`);
  const picture = join(from, 'Tagging_Img', `${basename(file, '.xml')}.jpg`);
  if (name === undefined || !existsSync(picture)) continue;
  copyFileSync(picture, join(to, name));
  wanted.delete(`20${time}`);
}
const count = labels.trim().split('\n').length - 1;
console.log(`${count - wanted.size} of ${count} labelled pictures are in ${to}.`);
if (wanted.size > 0) console.log(`Missing, for example: ${[...wanted.values()].slice(0, 3).join(', ')}`);
