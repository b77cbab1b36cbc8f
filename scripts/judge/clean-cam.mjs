/**
 * Cameras of CleanCam as the judge reads them: their tables, and the pictures to take out of its zip. Columns, hours and
 * levels are those of its data dictionary, acquisition conditions, label taxonomy and build script
 * (https://github.com/khoa288/CleanCam).
 */
import { csvFormat } from 'd3-dsv';

/** Its real pictures, in the zip’s folder. */
export const METADATA = 'metadata/metadata_real.csv';
const COLUMNS = ['cam', 'state', 'day', 'sec', 'label', 'relative_path'];
/** Each session begins at 9 or 16 o’clock in Hai Phong; in UTC. */
const BEGINS = { morning: 2, evening: 9 };
/** Of `lens`, by level. */
const LENS = { 1: 0, 2: 1, 3: 2, 4: 3, 5: 3 };
/** One picture is kept of so many seconds: a frame each 10 s would fill a window within two minutes. */
const STEP = 300;
/** Share of a day’s pictures that must be clean, or fouled, to call the day so. */
const MOST = 0.5;

/**
 * @param {string[]} columns
 * @param {Record<string, string>[]} rows - of its metadata
 * @returns one camera each: `pictures` has places in the zip and new names, `labels` and `cycles` are CSV
 * @throws Error whose message names the row or the column
 */
export function cleanCam(columns, rows) {
  const missing = COLUMNS.filter((column) => !columns.includes(column));
  if (missing.length > 0) throw new Error(`${METADATA} lacks ${missing.join(', ')}.`);
  const taken = new Map();
  for (const snapshot of rows.map(snapshotOf).sort((a, b) => a.at - b.at)) {
    const place = `${snapshot.camera} ${snapshot.block}`;
    if (!taken.has(place)) taken.set(place, snapshot);
  }
  const snapshots = [...taken.values()];
  return [...new Set(snapshots.map(({ camera }) => camera))].sort().map((camera) => {
    const own = snapshots.filter((snapshot) => snapshot.camera === camera);
    return {
      camera,
      pictures: own.map(({ from, name }) => ({ from, name })),
      labels: csvFormat(own.map(labelOf)),
      cycles: csvFormat(
        [cycleOf(own)].filter((cycle) => cycle !== null),
        ['wipe_before_picture', 'next_wipe_after_picture', 'first_lens2', 'from_hour', 'to_hour'],
      ),
    };
  });
}

function snapshotOf({ cam, state, day, sec, label, relative_path: from }) {
  const [, number] = /(\d+)$/.exec(cam) ?? [];
  const [, ...date] = /^(\d{4})(\d\d)(\d\d)$/.exec(day) ?? [];
  const begin = Date.UTC(date[0], date[1] - 1, date[2], BEGINS[state]);
  const [lens, at] = [LENS[label], begin + 1000 * sec];
  if (number === undefined || lens === undefined || !/^\d+$/.test(sec) || Number.isNaN(at))
    throw new Error(
      `${METADATA}, ${from}: cam ${cam}, day ${day}, state ${state}, sec ${sec}, label ${label} is no picture of CleanCam.`,
    );
  const [whole, time] = new Date(at).toISOString().split(/[T.]/);
  const name = `${whole.replaceAll('-', '')}-${time.replaceAll(':', '')}-CLEANCAM${number}.jpg`;
  return { camera: `cleancam-${number}`, block: begin + Math.floor(sec / STEP), name, from, lens, at };
}

/** Water is not labelled, and all is by daylight, in one view. */
function labelOf({ name, at, lens }) {
  return {
    image_name: name,
    captured_at: new Date(at).toISOString(),
    lens,
    water: '',
    view: 'A',
    light: 'day',
    sure_1_vs_2: 1,
  };
}

/** From the first clean day to the last picture, since no cleaning is logged. */
function cycleOf(snapshots) {
  const dayOf = ({ at }) => new Date(at).toISOString().slice(0, 10);
  const days = [...new Set(snapshots.map(dayOf))].map((day) => {
    const own = snapshots.filter((snapshot) => dayOf(snapshot) === day);
    return { day, begin: own[0].at, fouled: own.filter(({ lens }) => lens >= 2).length / own.length };
  });
  const first = days.findIndex(({ fouled }) => fouled < MOST);
  if (first < 0) return null;
  const minute = (at) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return {
    wipe_before_picture: minute(days[first].begin),
    next_wipe_after_picture: minute(snapshots.at(-1).at),
    first_lens2: days.slice(first).find(({ fouled }) => fouled >= MOST)?.day ?? '',
    from_hour: 0,
    to_hour: 24,
  };
}
