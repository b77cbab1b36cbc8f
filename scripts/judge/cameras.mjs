/** The cameras that methods are judged on, cycle by cycle: what is the reference, what comes after it, what it truly was. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvParse } from 'd3-dsv';
import { ROOT } from '../prepare.mjs';
import { picturesIn } from './pictures.mjs';

const BENCHMARK = join(ROOT, 'benchmark');
/** Whole days are taken until there are so many. */
const REFERENCE = 40;
const DAY = 86_400_000;
/** Hours, UTC, between which a snapshot is by daylight. */
const [MORNING, EVENING] = [7, 17];

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
 * @property {Snapshot[]} fouledBefore - the fouled ones of the cycles before it
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
  const all = [...(await courses2014(join(data, 'obsea-2014'))), ...(await courses2023(join(data, 'obsea')))];
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

async function courses2014(folder) {
  if (!existsSync(join(folder, 'snapshots'))) return [];
  const read = (name) => csvParse(readFileSync(join(BENCHMARK, 'obsea-2014', name), 'utf8'));
  const pictures = new Map((await picturesIn(join(folder, 'snapshots'))).map((each) => [each.name, each]));
  const snapshots = read('labels.csv')
    .map((row) => ({
      picture: pictures.get(row.image_name),
      capturedAt: Date.parse(row.captured_at),
      isClean: Number(row.lens) < 2,
      truth: row.view !== 'A' ? 'other' : Number(row.lens) < 2 ? 'clean' : 'fouled',
      isMurky: row.water === '2',
      isDefended: row.sure_1_vs_2 === '1',
      isDaylight: row.light.startsWith('day'),
    }))
    .filter(({ picture, capturedAt, isDaylight }) => {
      const hour = new Date(capturedAt).getUTCHours();
      return picture !== undefined && isDaylight && hour >= MORNING && hour < EVENING;
    })
    .sort((a, b) => a.capturedAt - b.capturedAt);
  const at = (text) => Date.parse(`${text.replace(' ', 'T')}Z`);
  const fouled = [];
  return read('cycles.csv')
    .filter((row) => row.wipe_before_picture !== '')
    .map((row) => {
      const own = snapshots.filter(
        ({ capturedAt }) =>
          capturedAt >= at(row.wipe_before_picture) &&
          capturedAt <= at(row.next_wipe_after_picture) + DAY / 1440,
      );
      const given = firstDays(own.filter(({ truth }) => truth === 'clean'));
      const end = given.at(-1).capturedAt;
      const fouledBefore = [...fouled];
      fouled.push(...own.filter(({ truth }) => truth === 'fouled'));
      return {
        camera: 'OBSEA 2014',
        cycle: `${row.wipe_before_picture.slice(5, 10)} to ${row.next_wipe_after_picture.slice(5, 10)}`,
        given,
        fouledBefore,
        stream: own.filter(({ capturedAt }) => capturedAt > end),
        whole: own,
        onset: Date.parse(row.first_lens2),
      };
    });
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
      fouledBefore: [],
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
