/** Options of `npm run score`. */
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { commandLine } from '../command-line.mjs';
import { placeOf } from '../folder.mjs';
import { stop } from '../prepare.mjs';
import { isTimeZone } from '../time-zone.mjs';

const USAGE = `npm run score -- --reference DIR_OR_CONFIG.toml [--snapshots DIR] [--model ID_OR_FILE.onnx] [--sigma S]
                 [--window N] [--warm-up reference|none|DIR] [--time-zone ZONE] [--file-dates] [--events FILE.csv]
                 [--state DIR] [--watch [--every SECONDS]] [--format text|jsonl] [--fail-on warning|drift]
                 [--out FILE.csv|FILE.json|FILE.zip]
npm run score -- --shards DIR --reference DIR_OR_CONFIG.toml|FROM..TO […]

  --reference   a folder of clean snapshots, or a config.toml that lists them beside or below itself
                or a file with a sensor's clean rows (.npy, .npz, .csv); then --snapshots is such a file, or a folder of them
  --snapshots   what to score; without it, what lies with the configuration and is not in the reference
  --model       a model that ships with Porthole, or an ONNX file (default: the shipped one)
  --sigma, --window  the detector's settings, instead of the configuration's or the model's
  --warm-up     what the window holds at first: the last of the reference (default; nothing where a configuration has its
                own calibration), nothing, or a folder's snapshots
  --time-zone   of times that names and EXIF state without one, such as Europe/Madrid (default: the configuration's, or
                UTC). With --state the camera's own zone holds
  --file-dates  the date of a file is its capture time where neither name nor EXIF tells one. Without it such snapshots
                are set aside and counted in no verdict. A state keeps it
  --events      what happened to the camera, a row each: a CSV with the columns at (a time with its zone, such as
                2026-05-04T09:30Z), kind and note. Kinds: cleaned and clean (from then on the lens is clean), and in-scene,
                on-glass and unknown, which answer the question that stood then. A row that is there already adds nothing
  --state       a folder that keeps camera, window and results from run to run: the reference is embedded once, and a
                later run scores only what is new. Then --reference may be left out
  --watch       goes on as files arrive, until SIGINT or SIGTERM; a file is taken when two looks found it the same
  --every       seconds between two looks (default 5)
  --shards      a folder of shards that npm run embed has written, instead of --snapshots: judged in capture order, as
                one machine would. The reference may be of their own snapshots: a config.toml that lists them, or all
                that were taken from one time to another, such as 2026-05-01..2026-05-08
  --format      text (default), or jsonl: one JSON object a line on the standard output, all else on the other
  --fail-on     warning: exit code 3 when the newest snapshot that has a verdict has a warning, 4 when drift; drift: 4
                when drift. With --state the newest of all runs counts
  --out         all results as the page exports them; .zip is the export that the page takes in again

  npm run score -- --reference clean/ --snapshots today/ --fail-on drift || mail -s 'Look at the lens' me@example.org
  npm run score -- --reference clean/ --snapshots incoming/ --state ~/reef-cam          # hourly, by cron
  npm run --silent score -- --snapshots incoming/ --state ~/reef-cam --watch --format jsonl   # as a service
  npm run score -- --shards shards/ --reference 2024-05-01..2024-05-14 --out archive.zip

Exit code 0 when snapshots were scored, 2 when nothing could be read, 1 for anything else; 3 and 4 see --fail-on.`;

const text = { type: 'string' };
const OPTIONS = {
  reference: text,
  snapshots: text,
  shards: text,
  model: text,
  sigma: text,
  window: text,
  'warm-up': text,
  'time-zone': text,
  'file-dates': { type: 'boolean', default: false },
  events: text,
  state: text,
  watch: { type: 'boolean', default: false },
  every: { type: 'string', default: '5' },
  format: { type: 'string', default: 'text' },
  'fail-on': text,
  out: text,
};

const FORMATS = ['text', 'jsonl'];
const FAILURES = ['warning', 'drift'];
const OUTPUTS = ['.csv', '.json', '.zip'];

/** @typedef {ReturnType<typeof readOptions>} Options */

/** Reads the command line; ends the program where it makes no sense. */
export function readOptions() {
  const values = commandLine(OPTIONS, USAGE);
  const problem = problemOf(values);
  if (problem) stop(problem, 2);
  return values;
}

/** @returns {string | null} */
function problemOf(values) {
  const has = (name) => values[name] !== undefined && values[name] !== false;
  if (!has('reference') && !has('state')) return `--reference is missing.\n\n${USAGE}`;
  if (has('shards')) {
    const other = ['snapshots', 'watch'].find(has);
    if (other) return `--shards and --${other} don’t go together: a shard holds no pictures.`;
    if (!has('reference')) return '--shards needs a --reference.';
  } else if (has('reference') && spanIn(values.reference)) {
    return '--reference FROM..TO is for --shards.';
  }
  if (has('state') && !has('snapshots') && !has('shards')) {
    return '--state needs what to score: --snapshots or --shards.';
  }
  if (has('watch') && !has('snapshots')) return '--watch needs the folder to watch: --snapshots.';
  if (!(Number(values.every) > 0)) return `--every is ${values.every}: expected a number of seconds.`;
  if (has('time-zone') && !isTimeZone(values['time-zone'])) {
    return `--time-zone is ${values['time-zone']}: expected a name such as Europe/Madrid.`;
  }
  if (!FORMATS.includes(values.format)) {
    return `--format is ${values.format}: expected ${FORMATS.join(' or ')}.`;
  }
  if (has('fail-on') && !FAILURES.includes(values['fail-on'])) {
    return `--fail-on is ${values['fail-on']}: expected ${FAILURES.join(' or ')}.`;
  }
  if (has('events') && !existsSync(placeOf(values.events))) return `There is no file ${values.events}.`;
  if (has('out') && !OUTPUTS.includes(extname(values.out))) {
    return `--out must end in ${OUTPUTS.join(', ')}.`;
  }
  return null;
}

/**
 * Two moments with two dots between; a day alone is all of it, in UTC.
 *
 * @returns {{ from: number, to: number } | null} milliseconds since 1970, both included; null for what is none
 */
export function spanIn(value) {
  const [first, second, ...more] = value.split('..');
  if (second === undefined || more.length > 0) return null;
  const isDay = (part) => /^\d{4}-\d{2}-\d{2}$/.test(part);
  if (![first, second].every((part) => /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(part))) return null;
  const [from, to] = [Date.parse(first), Date.parse(isDay(second) ? `${second}T23:59:59.999Z` : second)];
  return from <= to ? { from, to } : null;
}
