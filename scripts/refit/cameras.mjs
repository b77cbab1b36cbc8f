/** The cameras that the shipped model is its own of: OBSEA's of 2023, and the demo's. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { courses } from '../judge/cameras.mjs';
import { glassMethods } from '../judge/methods.mjs';
import { jpegsIn } from '../judge-camera.mjs';
import { ROOT } from '../prepare.mjs';

/**
 * @typedef {object} Learned
 * @property {string} name
 * @property {string[]} paths - of all its snapshots
 * @property {string[]} names - of their files: they begin with the day, YYYYMMDD
 * @property {number[]} learned - places of those that a head is fitted to: clean ones of the first days
 * @property {number[]} later - of the clean ones after them that the page judges, in capture order
 * @property {number[]} fouled - of the dirty ones, in capture order
 * @property {number[]} cleaned - of those after a cleaning, in capture order
 * @property {number[]} drawnOn - of later clean ones that get drawn dirt: a window, spread over all of them
 */

/** No clean snapshot of a later day is learned from, and no dirty one. */
const LAST_DAY = '20230831';
/** Of the demo: small animals grow on its lens until it is wiped. */
const [FOULING_STARTS, FOULING_ENDS] = ['20260514', '20260522'];
const WINDOW = 12;

/**
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @param {string} data - the folder of the cameras' pictures
 * @returns {Promise<Learned[]>}
 */
export async function camerasToFit(load, data) {
  const folder = join(data, 'obsea');
  const clean = jpegsIn(join(folder, 'clean'));
  const aside = await setAside(load, data);
  const isLearned = (path) => basename(path).slice(0, 8) <= LAST_DAY;
  const demo = join(ROOT, 'public', 'demo');
  const index = JSON.parse(readFileSync(join(demo, 'index.json'), 'utf8'));
  const snapshots = index.snapshots.map((name) => join(demo, 'snapshots', name)).filter(isWhole);
  const before = (day) => (path) => basename(path) < day;
  return [
    camera('OBSEA 2023', {
      learned: clean.filter(isLearned),
      later: clean.filter((path) => !isLearned(path)),
      fouled: jpegsIn(join(folder, 'dirty')),
      aside,
      cleaned: [],
    }),
    camera('demo', {
      learned: index.reference.map((name) => join(demo, 'reference', name)),
      later: snapshots.filter(before(FOULING_STARTS)),
      fouled: snapshots.filter(before(FOULING_ENDS)).filter((path) => !before(FOULING_STARTS)(path)),
      cleaned: snapshots.filter((path) => !before(FOULING_ENDS)(path)),
    }),
  ];
}

/**
 * Names of snapshots that the page takes for another view, such as a fish that fills the picture: they have no
 * distance.
 */
async function setAside(load, data) {
  // By all of its clean snapshots, as the shipped model was fitted.
  const all = await courses(data, async (given) => given);
  const course = all.find(({ camera }) => camera === 'OBSEA 2023');
  const [{ said }] = await glassMethods(load, [course]);
  return new Set(course.stream.filter((_, i) => said[0][i].isAside).map(({ picture }) => picture.name));
}

function camera(name, { learned, later, fouled, cleaned, aside = new Set() }) {
  const paths = [...learned, ...later, ...fouled, ...cleaned];
  const places = (count, first) => Array.from({ length: count }, (_, i) => first + i);
  const rest = places(later.length, learned.length);
  return {
    name,
    paths,
    names: paths.map((path) => basename(path)),
    learned: places(learned.length, 0),
    later: rest.filter((place) => !aside.has(basename(paths[place]))),
    fouled: places(fouled.length, learned.length + later.length),
    cleaned: places(cleaned.length, learned.length + later.length + fouled.length),
    drawnOn: places(WINDOW, 0).map((i) => rest[Math.floor((i * (rest.length - 1)) / (WINDOW - 1))]),
  };
}

/** One of the demo's files is cut short on purpose: a JPEG ends in FF D9. */
function isWhole(path) {
  return readFileSync(path)
    .subarray(-2)
    .equals(Buffer.from([0xff, 0xd9]));
}
