/** The cameras that methods are judged on, cycle by cycle: what is the reference, what comes after it, what it truly was. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { csvParse } from 'd3-dsv';
import { ROOT, stop } from '../prepare.mjs';
import { picturesIn } from './pictures.mjs';

/** Labels of cameras whose pictures are not here. */
const BENCHMARK = join(ROOT, 'benchmark');
/** Whole days are taken until there are so many. */
const REFERENCE = 40;
const DAY = 86_400_000;
/** Columns that are read; benchmark/README.md says what each holds. */
const LABELS = ['image_name', 'captured_at', 'lens', 'water', 'view', 'light', 'sure_1_vs_2'];
const HOURS = ['from_hour', 'to_hour'];
const CYCLES = ['wipe_before_picture', 'next_wipe_after_picture', 'first_lens2', ...HOURS];

/**
 * @typedef {object} Snapshot
 * @property {import('./pictures.mjs').Picture} picture
 * @property {number} capturedAt - milliseconds since 1970
 * @property {'clean' | 'fouled' | 'other'} truth - `other` for another view: such windows count for nothing
 * @property {boolean} isMurky
 * @property {boolean} isClean - or has first traces, in any view
 * @property {boolean} isDefended - the labeller would defend that it is clean, or fouled
 *
 * @typedef {object} Course
 * @property {string} camera
 * @property {string} cycle
 * @property {Snapshot[]} given - clean or first traces, in order of capture: a person gives these for its reference
 * @property {Snapshot[]} reference - what the page takes of them
 * @property {Snapshot[]} earlier - the references of the cycles before it
 * @property {Snapshot[]} stream - what comes after it
 * @property {Snapshot[]} whole - all of its time, the reference too
 * @property {number | null} onset - the first day of level 2, milliseconds since 1970
 */

/**
 * @param {string} data - the folder of the cameras' pictures
 * @param {(given: Snapshot[]) => Promise<Snapshot[]>} chosenOf - the page's own choice of a reference
 * @returns {Promise<Course[]>}
 */
export async function courses(data, chosenOf) {
  const all = [];
  for (const name of labelledIn(data)) all.push(...(await labelledCourses(data, name)));
  all.push(...(await courses2023(join(data, 'obsea'))));
  const earlier = [];
  const chosen = [];
  for (const course of all) {
    const reference = await chosenOf(course.given);
    const isSame = course.camera === chosen.at(-1)?.camera;
    if (!isSame) earlier.length = 0;
    chosen.push({ ...course, reference, earlier: [...earlier] });
    earlier.push(...reference);
  }
  return chosen;
}

/** Names of the folders that hold snapshots and, there or in the repository, labels. */
function labelledIn(data) {
  return readdirSync(data)
    .sort()
    .filter(
      (name) =>
        existsSync(join(data, name, 'snapshots')) &&
        [data, BENCHMARK].some((folder) => existsSync(join(folder, name, 'labels.csv'))) &&
        hasHours(data, name),
    );
}

/** True if a table says from when to when a cycle is judged by day; if none does, a person is told of it. */
function hasHours(data, name) {
  const tables = [data, BENCHMARK].map((folder) => join(folder, name, 'cycles.csv')).filter(existsSync);
  const isMissing = (file) =>
    HOURS.some((column) => !csvParse(readFileSync(file, 'utf8')).columns.includes(column));
  if (tables.length === 0 || !tables.every(isMissing)) return true;
  console.error(`${name} is left out: ${tables.join(', ')} lacks ${HOURS.join(' or ')}.`);
  return false;
}

async function labelledCourses(data, name) {
  const labels = tableOf(data, name, 'labels.csv', LABELS);
  const cycles = tableOf(data, name, 'cycles.csv', CYCLES);
  const pictures = new Map(
    (await picturesIn(join(data, name, 'snapshots'))).map((each) => [each.name, each]),
  );
  const snapshots = labels
    .map((row) => ({
      picture: pictures.get(row.image_name),
      capturedAt: Date.parse(row.captured_at),
      isClean: Number(row.lens) < 2,
      truth: row.view !== 'A' ? 'other' : Number(row.lens) < 2 ? 'clean' : 'fouled',
      isMurky: row.water === '2',
      isDefended: row.sure_1_vs_2 === '1',
      isDaylight: row.light.startsWith('day'),
    }))
    .filter(({ picture, isDaylight }) => picture !== undefined && isDaylight)
    .sort((a, b) => a.capturedAt - b.capturedAt);
  const camera = name.toUpperCase().replaceAll('-', ' ');
  const at = (text) => Date.parse(`${text.replace(' ', 'T')}Z`);
  return cycles
    .filter((row) => row.wipe_before_picture !== '')
    .map((row) => {
      const cycle = `${row.wipe_before_picture.slice(5, 10)} to ${row.next_wipe_after_picture.slice(5, 10)}`;
      const own = snapshots.filter(({ capturedAt }) => {
        const hour = new Date(capturedAt).getUTCHours();
        return (
          capturedAt >= at(row.wipe_before_picture) &&
          capturedAt <= at(row.next_wipe_after_picture) + DAY / 1440 &&
          hour >= Number(row.from_hour) &&
          hour < Number(row.to_hour)
        );
      });
      const clean = own.filter(({ truth }) => truth === 'clean');
      if (clean.length === 0)
        stop(`${camera}, ${cycle}: no clean snapshot by daylight has a label and a picture.`);
      const given = firstDays(clean);
      const end = given.at(-1).capturedAt;
      return {
        camera,
        cycle,
        given,
        stream: own.filter(({ capturedAt }) => capturedAt > end),
        whole: own,
        onset: row.first_lens2 === '' ? null : Date.parse(row.first_lens2),
      };
    });
}

/** The rows beside the pictures, else ours. A person is told which, if the two differ. */
function tableOf(data, name, table, columns) {
  const [theirs, ours] = [join(data, name, table), join(BENCHMARK, name, table)];
  const [own, kept] = [theirs, ours].map((file) => existsSync(file) && readFileSync(file, 'utf8'));
  if (own === false && kept === false) stop(`There is no ${theirs}: benchmark/README.md says what it holds.`);
  const rows = csvParse(own === false ? kept : own);
  const missing = columns.filter((column) => !rows.columns.includes(column));
  const lacks = `${own === false ? ours : theirs} lacks ${missing.join(', ')}`;
  if (missing.length === 0) {
    if (own !== false && kept !== false && own !== kept)
      console.error(`${theirs} is not as benchmark/${name}/${table}: the one beside the pictures is taken.`);
    return rows;
  }
  if (own === false || kept === false) stop(`${lacks}: benchmark/README.md says what each column holds.`);
  console.error(`${lacks}: benchmark/${name}/${table} is taken.`);
  return csvParse(kept);
}

/** Whole days, until there are so many. */
export function firstDays(clean, count = REFERENCE) {
  const dayOf = ({ capturedAt }) => Math.floor(capturedAt / DAY);
  const last = dayOf(clean[Math.min(count, clean.length) - 1]);
  return clean.filter((snapshot) => dayOf(snapshot) <= last);
}

async function courses2023(folder) {
  if (!existsSync(join(folder, 'clean'))) return [];
  const read = async (name, truth) =>
    (await picturesIn(join(folder, name))).map((picture) => ({
      picture,
      capturedAt: timeOf(picture.name),
      truth,
      isClean: truth === 'clean',
      isMurky: false,
      isDefended: true,
    }));
  const clean = await read('clean', 'clean');
  const september = Date.UTC(2023, 8, 1);
  const later = clean.filter(({ capturedAt }) => capturedAt >= september);
  // They are of July; here they come after the clean ones.
  const dirty = await read('dirty', 'fouled');
  return [
    {
      camera: 'OBSEA 2023',
      cycle: 'September, then July’s dirty ones',
      given: clean.filter(({ capturedAt }) => capturedAt < september),
      stream: [...later, ...dirty],
      whole: [...clean, ...dirty],
      onset: null,
    },
  ];
}

/** Of a name YYYYMMDD-HHMMSS-…, UTC. */
function timeOf(name) {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)/
    .exec(name)
    .map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
