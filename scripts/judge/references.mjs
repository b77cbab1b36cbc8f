/**
 * Tests how much a verdict depends on which clean snapshots are the reference: each course is judged by many choices of
 * it, and thinned.
 */
import { firstDays } from './cameras.mjs';
import { chooser } from './chosen.mjs';
import { glassMethods } from './methods.mjs';
import { figures } from './table.mjs';

const DAY = 86_400_000;
/** As many as the table's own reference has at least; fewer where a choice leaves fewer. */
const USUAL = 40;
const FEWER = 30;
/** How often one kind of choice is drawn anew. */
const DRAWS = 8;
/** UTC: before it is the morning. */
const NOON = 12;
/** Shares of fewer windows say nothing. */
const LEAST_WINDOWS = 8;

/**
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @param {import('./cameras.mjs').Course[]} courses
 * @returns rows of two tables: of each kind of choice the median and the worst, and every choice
 */
export async function manyReferences(load, courses) {
  const tried = courses.flatMap((course) => [...choices(course), ...ofOtherCycles(course, courses)]);
  const { said } = (await glassMethods(load, tried)).at(-1);
  const found = tried.map((course, i) => ({ ...course, ...figures(course, said[i]) }));
  const keys = [...new Set(found.map(keyOf))];
  return {
    kinds: keys.map((key) => kindRow(found.filter((each) => keyOf(each) === key))),
    all: found.map(choiceRow),
  };
}

/** So many clean snapshots are given, in whole days of any view; the last is all that come before the lens is fouled. */
const SIZES = [40, 60, 85, Infinity];

/**
 * A table that shows if the page gets blinder the more it is given: all that was given as the reference, as before, and what the page
 * chooses of it.
 *
 * @returns rows of a table
 */
export async function referencesBySize(load, courses) {
  const chosenOf = await chooser(load);
  const tried = [];
  for (const course of courses) {
    const clean = course.whole.filter(({ isClean }) => isClean);
    for (const size of SIZES) {
      const given = firstDays(clean, size);
      const stream = course.whole.slice(course.whole.indexOf(given.at(-1)) + 1);
      const both = { ...course, given, stream, asked: Number.isFinite(size) ? String(size) : 'all' };
      tried.push({ ...both, way: 'before', reference: given });
      tried.push({ ...both, way: 'after', reference: await chosenOf(given) });
    }
  }
  const { said } = (await glassMethods(load, tried)).at(-1);
  const found = tried.map((course, i) => ({ ...course, ...figures(course, said[i]) }));
  return found
    .filter(({ way }) => way === 'before')
    .map((before) => {
      const after = found.find(
        (each) => each.way === 'after' && keyOf(each) === keyOf(before) && each.asked === before.asked,
      );
      const { camera, cycle, asked, given } = before;
      return { camera, cycle, 'given, at least': `${asked} (${given.length})`, ...sides({ before, after }) };
    });
}

function sides(ways) {
  const percent = (share) => (share === null ? '-' : (100 * share).toFixed(0));
  const cells = Object.entries(ways).map(([way, each]) => [
    [`reference ${way}`, each.reference.length],
    [`clean ${way}`, `${percent(each.cleanWarning)} / ${percent(each.cleanDrift)}`],
    [`fouled ${way}`, `${percent(each.fouledWarning)} / ${percent(each.fouledDrift)}`],
    [`first drift ${way}`, each.first === null ? 'never' : lateness(each)],
  ]);
  return Object.fromEntries(cells.flat());
}

/** One course with references of its own, each with what comes after it. */
function choices(course) {
  const clean = cleanOf(course.whole);
  const hourOf = ({ capturedAt }) => new Date(capturedAt).getUTCHours();
  const some = [1, 2, 3, 4, 5, 6, 7, 8].slice(0, DRAWS);
  const early = clean.filter((snapshot) => course.reference.includes(snapshot));
  const found = [
    { ...course, kind: 'as the table has it' },
    ...firstOf(course, `first ${USUAL}`, USUAL, clean),
    ...firstOf(course, 'first 60', 60, clean),
    ...[1, 2, 3, 4, 5].flatMap((days) => {
      const later = clean.filter(({ capturedAt }) => capturedAt - clean[0].capturedAt >= days * DAY);
      return firstOf(course, `${USUAL} from 1 to 5 days later on`, USUAL, later);
    }),
    ...[(hour) => hour < NOON, (hour) => hour >= NOON].flatMap((isTaken) =>
      firstOf(
        course,
        `${FEWER} of mornings, of afternoons`,
        FEWER,
        clean.filter((snapshot) => isTaken(hourOf(snapshot))),
      ),
    ),
    ...some.map((seed) => ({
      ...course,
      kind: `${FEWER} drawn of the table’s`,
      reference: drawn(early, FEWER, seed),
    })),
    ...some.map((seed) => {
      const reference = drawn(clean, USUAL, seed);
      const stream = course.whole.filter((snapshot) => !reference.includes(snapshot));
      return { ...course, kind: `${USUAL} drawn of all clean days`, reference, stream };
    }),
    ...[0, 1].map((rest) => ({
      ...course,
      kind: 'every second snapshot, the table’s reference',
      stream: everySecond(course.stream, rest),
    })),
    ...[0, 1].flatMap((rest) => {
      const whole = everySecond(course.whole, rest);
      return firstOf({ ...course, whole }, `every second snapshot, first ${FEWER}`, FEWER, cleanOf(whole));
    }),
  ];
  return found;
}

/** As where a camera keeps its reference over cleanings, or was not cleaned before it was frozen. */
function ofOtherCycles(course, courses) {
  return courses
    .filter((other) => other !== course && other.camera === course.camera)
    .map(({ reference }) => ({
      ...course,
      kind: 'reference of another cycle',
      reference,
      stream: course.whole,
    }));
}

function firstOf(course, kind, count, snapshots) {
  if (snapshots.length < count) return [];
  const reference = snapshots.slice(0, count);
  const stream = course.whole.slice(course.whole.indexOf(reference.at(-1)) + 1);
  return [{ ...course, kind, reference, stream }];
}

const cleanOf = (snapshots) => snapshots.filter(({ truth }) => truth === 'clean');
const everySecond = (snapshots, rest) => snapshots.filter((_, i) => i % 2 === rest);
const keyOf = ({ camera, cycle, kind }) => `${camera}\n${cycle}\n${kind}`;

/** Some of them in their order, the same in every run. */
function drawn(snapshots, count, seed) {
  let state = seed * 7919 + 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const lots = snapshots.map((snapshot) => ({ snapshot, lot: next() })).sort((a, b) => a.lot - b.lot);
  const taken = new Set(lots.slice(0, count).map(({ snapshot }) => snapshot));
  return snapshots.filter((snapshot) => taken.has(snapshot));
}

function kindRow(found) {
  const [{ camera, cycle, kind }] = found;
  const cleanEnough = found.filter(({ clean }) => clean >= LEAST_WINDOWS);
  const fouledEnough = found.filter(({ fouled }) => fouled >= LEAST_WINDOWS);
  const first = found.map(lateness).sort((a, b) => a - b);
  return {
    camera,
    cycle,
    reference: kind,
    choices: found.length,
    'clean > .05 %': spread(cleanEnough, 'cleanWarning', Math.max),
    'clean > .10 %': spread(cleanEnough, 'cleanDrift', Math.max),
    'fouled > .05 %': spread(fouledEnough, 'fouledWarning', Math.min),
    'fouled > .10 %': spread(fouledEnough, 'fouledDrift', Math.min),
    'first drift': `${first.at(first.length >> 1)} (${first[0]} to ${first.at(-1)})`,
  };
}

/** In days after the onset, or, where that is not known, the dirty snapshot; never is infinite. */
function lateness({ daysLate, dirtySnapshot }) {
  return daysLate ?? dirtySnapshot ?? Infinity;
}

function spread(found, name, worstOf) {
  if (found.length === 0) return '-';
  const shares = found.map((each) => each[name]).sort((a, b) => a - b);
  const percent = (share) => (100 * share).toFixed(0);
  const middle = (shares[(shares.length - 1) >> 1] + shares[shares.length >> 1]) / 2;
  return `${percent(middle)} (${percent(worstOf(...shares))})`;
}

function choiceRow(found) {
  const { camera, cycle, kind, reference, clean, cleanHighest, code } = found;
  const percent = (share) => (share === null ? '-' : (100 * share).toFixed(0));
  const day = (time) => new Date(time).toISOString().slice(5, 10);
  return {
    camera,
    cycle,
    kind,
    reference: `${reference.length}, ${day(reference[0].capturedAt)} to ${day(reference.at(-1).capturedAt)}`,
    'clean windows': clean,
    'above %': `${percent(found.cleanWarning)} / ${percent(found.cleanDrift)}`,
    highest: Number.isFinite(cleanHighest) ? cleanHighest.toFixed(3) : '-',
    'fouled windows': found.fouled,
    'fouled above %': `${percent(found.fouledWarning)} / ${percent(found.fouledDrift)}`,
    'first drift': `${lateness(found)} ${code ?? ''}`,
    aside: `${found.aside} of ${found.stream.length}`,
  };
}
