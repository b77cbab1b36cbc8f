/** Answers of the built page for the labelled cameras, each as one deployment with its wipes told, by cycle and by view. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvParse } from 'd3-dsv';
import { handFiles } from '../drive.mjs';
import { firstDays } from '../judge/cameras.mjs';
import { markdown } from '../judge/table.mjs';

const DAY = 86_400_000;
const WINDOW = 12;
/** Clean pictures of a view, by its labels, from which on it counts as seen clean. */
const SEEN_CLEAN = 18;

/**
 * @typedef {object} Shown
 * @property {string} path
 * @property {number} capturedAt - capture time, milliseconds since 1970
 * @property {number} lens - 0 clean, 1 traces, from 2 on fouled
 * @property {string} looks - the view as labelled
 * @property {string} cycle
 * @property {boolean} isDay
 */

/** @param {(work: (page: object) => Promise<object>) => Promise<object>} inPage @param {string} data - the cameras' folder */
export async function benchQuality(inPage, data) {
  for (const { name, shown, wipes, onsets } of deploymentsIn(data)) {
    const given = firstDays(shown.filter(({ isDay, lens, looks }) => isDay && lens < 2 && looks === shown[0].looks));
    const stream = shown.filter(({ capturedAt }) => capturedAt > given.at(-1).capturedAt);
    const said = await inPage((page) => saidOf(page, given, stream, wipes));
    const rows = stream.map((each, i) => ({ ...each, ...said[i] }));
    console.log(`${name}: ${given.length} given, ${stream.length} judged, ${wipes.length} wipes told\n`);
    console.log(markdown(tableOf(rows, given, onsets)));
  }
}

/** Folders whose pictures' names end alike are one camera. */
function deploymentsIn(data) {
  const folders = readdirSync(data)
    .sort()
    .filter((name) => existsSync(join(data, name, 'labels.csv')));
  const cameras = new Map();
  for (const folder of folders) {
    const [first] = readdirSync(join(data, folder, 'snapshots'));
    const [, name] = /-([^-]+)\.jpg$/.exec(first);
    cameras.set(name, [...(cameras.get(name) ?? []), folder]);
  }
  return [...cameras].map(([name, own]) => {
    const cycles = own.flatMap((folder) => cyclesOf(join(data, folder)));
    const shown = own
      .flatMap((folder) => labelled(join(data, folder)))
      .filter(({ capturedAt }) => capturedAt >= cycles[0].from)
      .sort((a, b) => a.capturedAt - b.capturedAt);
    for (const each of shown) each.cycle = cycles.findLast(({ from }) => from <= each.capturedAt).name;
    const began = ({ from }) => shown.find(({ capturedAt }) => capturedAt >= from)?.capturedAt;
    return {
      name,
      shown,
      wipes: cycles.slice(1).map(began),
      onsets: new Map(cycles.map(({ name, onset }) => [name, onset])),
    };
  });
}

function cyclesOf(folder) {
  const at = (text) => Date.parse(`${text.replace(' ', 'T')}Z`);
  return csvParse(readFileSync(join(folder, 'cycles.csv'), 'utf8'))
    .filter((row) => row.wipe_before_picture !== '')
    .map((row) => ({
      name: row.cycle,
      from: at(row.wipe_before_picture),
      onset: row.first_lens2 === '' ? null : Date.parse(row.first_lens2),
    }));
}

/** @returns {Shown[]} */
function labelled(folder) {
  return csvParse(readFileSync(join(folder, 'labels.csv'), 'utf8'))
    .map((row) => ({
      path: join(folder, 'snapshots', row.image_name),
      capturedAt: Date.parse(row.captured_at),
      lens: Number(row.lens),
      looks: row.view,
      isDay: row.light.startsWith('day'),
    }))
    .filter(({ path }) => existsSync(path));
}

async function saidOf(page, given, stream, wipes) {
  const paths = (some) => some.map(({ path }) => path);
  const handles = [await handFiles(page, paths(given)), await handFiles(page, paths(stream))];
  const lines = await page.evaluate(
    async ([clean, stream, wipes]) => {
      const { porthole } = globalThis;
      await porthole.setUpCamera([...clean.files], { name: 'judged' });
      const log = wipes.map((at) => `${new Date(at).toISOString()},cleaned,`);
      await porthole.takeEvents(['at,kind,note', ...log].join('\n'));
      await porthole.score([...stream.files]);
      return porthole.score([...stream.files]);
    },
    [...handles, wipes],
  );
  const byName = new Map(lines.map((line) => [line.image_name, line]));
  return stream.map(({ path }) => byName.get(path.split('/').at(-1)));
}

function tableOf(rows, given, onsets) {
  const seenClean = new Map();
  for (const { looks } of given) seenClean.set(looks, (seenClean.get(looks) ?? 0) + 1);
  const recent = [];
  for (const row of rows) {
    row.isKnown = (seenClean.get(row.looks) ?? 0) >= SEEN_CLEAN;
    if (row.isDay && row.lens < 2) seenClean.set(row.looks, (seenClean.get(row.looks) ?? 0) + 1);
    recent.push(row.lens < 2);
    const window = recent.slice(-WINDOW);
    row.window = window.length === WINDOW && new Set(window).size === 1 ? (window[0] ? 'clean' : 'fouled') : null;
  }
  const cycles = [...new Set(rows.map(({ cycle }) => cycle))];
  const views = [...new Set(rows.map(({ looks }) => looks))].sort();
  const parts = [
    ['all', 'all', () => true],
    ['all', 'known', ({ isKnown }) => isKnown],
    ['all', 'never seen clean', ({ isKnown }) => !isKnown],
    ...cycles.map((cycle) => [cycle, 'all', (row) => row.cycle === cycle]),
    ...cycles.flatMap((cycle) => views.map((view) => [cycle, view, (row) => row.cycle === cycle && row.looks === view])),
  ];
  return parts
    .map(([cycle, view, isIn]) => [cycle, view, rows.filter(isIn)])
    .filter(([, , some]) => some.length > 0)
    .map(([cycle, view, some]) => rowOf(cycle, view, some, view === 'all' ? onsets.get(cycle) : undefined));
}

function rowOf(cycle, view, rows, onset) {
  const isAsked = ({ conclusion }) => conclusion === 'changed';
  const isMeasured = ({ verdict }) => ['normal', 'warning', 'drift'].includes(verdict);
  const percent = (count, all) => (all === 0 ? '-' : ((100 * count) / all).toFixed(1));
  const part = (window) => {
    const all = rows.filter((row) => row.window === window);
    const measured = all.filter(isMeasured);
    const drift = measured.filter(({ verdict }) => verdict === 'drift').length;
    const warn = measured.filter((row) => row.verdict !== 'normal' && !isAsked(row)).length;
    return {
      [`${window}`]: all.length,
      [`${window} measured`]: measured.length,
      [`${window} asked`]: measured.filter(isAsked).length,
      [`${window} warn / drift %`]: `${percent(warn, measured.length)} / ${percent(drift, measured.length)}`,
    };
  };
  const day = rows.filter(({ isDay }) => isDay);
  const unknown = day.filter((row) => !isMeasured(row) && row.verdict !== 'warming-up').length;
  // Of a drift that goes on from clean days the first is the alarm.
  const first = rows.find(({ verdict }) => verdict === 'drift');
  const late = first && onset ? Math.floor(first.capturedAt / DAY) - Math.floor(onset / DAY) : null;
  const ofDrift = rows.filter(({ verdict, lens }) => verdict === 'drift' && lens < 2).length;
  return {
    cycle,
    view,
    pictures: rows.length,
    ...part('clean'),
    ...part('fouled'),
    'unknown by day %': percent(unknown, day.length),
    'drift on clean pictures': ofDrift,
    'first drift, days late': onset === undefined ? '-' : (late ?? 'none'),
  };
}
