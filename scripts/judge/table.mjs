/** Figures of one method on one course, from what it said and what was true. */
import { join } from 'node:path';
import { sealed, writeMarked } from '../marked.mjs';
import { ROOT } from '../prepare.mjs';

export const WINDOW = 12;
const DAY = 86_400_000;

/**
 * The windows of a course: 12 snapshots in a row, those set aside left out. The first ones are not full.
 *
 * @param {Pick<import('./cameras.mjs').Course, 'stream'>} course
 * @param {import('./methods.mjs').Said[]} said
 * @returns the last snapshot of each, what was said of it, its place `at` in the stream, and `window`: what all of its
 *   snapshots truly were; `mixed` if they differ, null if it is not full
 */
export function windowsOf({ stream }, said) {
  const kept = stream
    .map((snapshot, at) => ({ ...snapshot, ...said[at], at }))
    .filter(({ isAside }) => !isAside);
  return kept.map((last, i) => {
    const window = kept.slice(Math.max(0, i + 1 - WINDOW), i + 1);
    const isOfOne = window.every(({ truth }) => truth === last.truth);
    return { ...last, window: window.length < WINDOW ? null : isOfOne ? last.truth : 'mixed' };
  });
}

/**
 * Only windows of one truth count.
 *
 * @param {import('./cameras.mjs').Course} course
 * @param {import('./methods.mjs').Said[]} said
 * @param {(line: object) => boolean} isIn - windows that end with other snapshots are left out
 */
export function figures({ stream, onset }, said, isIn = () => true) {
  const kept = windowsOf({ stream }, said);
  const windows = (truth) =>
    kept.filter((each) => each.window === truth && each.distance !== null && isIn(each));
  const [clean, fouled] = [windows('clean'), windows('fouled')];
  const isRaised = ({ level }) => level === 'warning' || level === 'drift';
  const isDrift = ({ level }) => level === 'drift';
  const murky = kept.filter(
    ({ isMurky, truth, distance }) => isMurky && truth === 'clean' && distance !== null,
  );
  const first = kept.find((each) => isDrift(each) && (onset !== null || each.truth === 'fouled'));
  const dirty = stream.filter(({ truth }) => truth === 'fouled');
  return {
    clean: clean.length,
    cleanWarning: share(clean, isRaised),
    cleanDrift: share(clean, isDrift),
    cleanHighest: Math.max(...clean.map(({ distance }) => distance)),
    fouled: fouled.length,
    fouledWarning: share(fouled, isRaised),
    fouledDrift: share(fouled, isDrift),
    auc: areaUnderCurve(clean, fouled),
    murkyDrift: murky.filter(isDrift).length,
    aside: said.filter(({ isAside }) => isAside).length,
    untold: kept.filter((each) => each.level === null && isIn(each)).length,
    first: first === undefined ? null : first.capturedAt,
    daysLate:
      first === undefined || onset === null
        ? null
        : Math.floor(first.capturedAt / DAY) - Math.floor(onset / DAY),
    dirtySnapshot:
      first === undefined || onset !== null
        ? null
        : dirty.findIndex((each) => each.picture === first.picture) + 1,
    code: first?.code ?? null,
  };
}

/** One line of the table. */
export function tableRow(method, { camera, cycle, reference, stream }, found) {
  const percent = (value) => (value === null ? '-' : `${(100 * value).toFixed(0)}`);
  return {
    camera,
    cycle,
    reference: reference.length,
    method,
    'clean windows': found.clean,
    '> .05 / .10 %': `${percent(found.cleanWarning)} / ${percent(found.cleanDrift)}`,
    highest: Number.isFinite(found.cleanHighest) ? found.cleanHighest.toFixed(3) : '-',
    'fouled windows': found.fouled,
    'above %': `${percent(found.fouledWarning)} / ${percent(found.fouledDrift)}`,
    AUC: found.auc === null ? '-' : found.auc.toFixed(3),
    'first drift': firstDrift(found),
    aside: `${found.aside} of ${stream.length}`,
    'murky drift': found.murkyDrift,
  };
}

/** When a method first said drift, and why. */
export function firstDrift({ first, daysLate, dirtySnapshot, code }) {
  const day = (time) => new Date(time).toISOString().slice(5, 10);
  const when =
    first === null
      ? 'never'
      : dirtySnapshot === null
        ? `${day(first)} (${daysLate >= 0 ? '+' : ''}${daysLate} d)`
        : `dirty snapshot ${dirtySnapshot}`;
  return code ? `${when}, ${code}` : when;
}

/** Rows as Markdown. */
export function markdown(rows) {
  const columns = Object.keys(rows[0]);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(Object.values(row)))].join(
    '\n',
  );
}

/**
 * Writes rows between the marks of a page of the documentation.
 *
 * @param {string} page - below the repository's folder
 * @param {string} name - of the marks
 * @param {readonly Record<string, string | number>[]} rows
 */
export async function writeTable(page, name, rows) {
  writeMarked(join(ROOT, page), name, await sealed(markdown(rows)));
}

function share(windows, isSo) {
  return windows.length === 0 ? null : windows.filter(isSo).length / windows.length;
}

/** @returns {number | null} null if either has no window */
export function areaUnderCurve(clean, fouled) {
  if (clean.length === 0 || fouled.length === 0) return null;
  let wins = 0;
  for (const { distance: bad } of fouled) {
    for (const { distance: good } of clean) wins += bad > good ? 1 : bad === good ? 0.5 : 0;
  }
  return wins / (clean.length * fouled.length);
}
