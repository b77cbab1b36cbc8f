/**
 * `npm run judge`: every method on every labelled camera, cycle by cycle, as one table.
 *
 * The cameras' pictures are other people's and lie outside the repository (benchmark/README.md); their labels are ours.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandLine } from './command-line.mjs';
import { placeOf } from './folder.mjs';
import { prepare, ROOT, stop } from './prepare.mjs';

const USAGE = `npm run judge [-- --data DIR] [--only PART_OF_A_CYCLE] [--page|--compared] [--method FILE] [--numbers FILE.csv]
              [--out FILE.csv]
npm run judge -- --drawn|--made|--references|--views|--scene|--visits [--data DIR] [--only PART_OF_A_CYCLE]
npm run judge -- --write [--page|--compared|--drawn|--made|--references|--views|--scene|--visits] [--data DIR]

  --data        folder of the cameras (default: PORTHOLE_CAMERAS, or ../shared/data)
  --only        cycles whose camera and name have this in them
  --page        drives the built page with the model that ships, too; takes minutes
  --method      adds a method from a file to the table; benchmark/README.md has its contract
  --numbers     adds a method by its numbers (columns image_name and value) that any program gave
  --compared    compares areas on the same windows: the model that ships, the built page and simple methods; takes minutes
  --out         writes a row for each window of each method
  --drawn       draws murk instead
  --made        judges the cameras through four made lenses, by growth and loss
  --references  judges by many choices of the reference and of thinned snapshots, by growth and loss
  --views       turns and mirrors the clean pictures, which are other views then, moves the camera, puts a bag over it, and
                lets it tremble, which is no other view
  --scene       removes things from the scene and adds others, draws dirt, lets growth hide it, and says when the page asks
                and what it finds after the answer; takes minutes, and needs both cameras
  --visits      lets divers turn the camera, take things away and put one in, or leave something on the glass, and drives the
                built page: how often it asks, and what it says before and after the answer; takes minutes, needs both cameras
  --write       writes the tables into benchmark/RESULTS.md and docs/science.md, too`;

/** Tables of their own, one at a time. The last takes more methods. */
const OTHERS = ['drawn', 'made', 'references', 'views', 'scene', 'visits', 'compared'];
const MORE = ['method', 'numbers', 'out'];
const text = { type: 'string' };
const values = commandLine(
  {
    data: { ...text, default: process.env.PORTHOLE_CAMERAS ?? join(ROOT, '..', 'shared', 'data') },
    only: { ...text, default: '' },
    ...Object.fromEntries(MORE.map((name) => [name, text])),
    ...Object.fromEntries(['page', 'write', ...OTHERS].map((name) => [name, { type: 'boolean' }])),
  },
  USAGE,
);
const [table, other] = [...OTHERS, 'page', ...MORE].filter((name) => values[name] !== undefined);
const isMore = table === 'compared' && MORE.includes(other);
if (OTHERS.includes(table) && other && !isMore) stop(`--${table} and --${other} don’t go together.`, 2);
if (values.write && (values.only || values.method || values.numbers)) {
  stop('--write takes every cycle, and no method from a file.', 2);
}
if (!existsSync(values.data)) {
  stop(
    `No cameras in ${values.data}: nothing to judge. benchmark/README.md says how to lay their pictures out.`,
  );
}
if (values.out !== undefined && !existsSync(dirname(placeOf(values.out))))
  stop(`There is no folder for ${values.out}.`, 2);
const [RESULTS, SCIENCE] = ['benchmark/RESULTS.md', 'docs/science.md'];
/** Rows and columns of cells that the lower rope of OBSEA 2023 goes through. */
const ROPE_2023 = [
  [2, 13],
  [2, 14],
  [2, 15],
  [3, 13],
  [3, 14],
  [3, 15],
  [4, 14],
  [4, 15],
];

prepare();
const { csvFormat } = await import('d3-dsv');
const { withDomain } = await import('./domain.mjs');
const { courses } = await import('./judge/cameras.mjs');
const { chooser } = await import('./judge/chosen.mjs');
const { comparedRows, windowRows } = await import('./judge/compared.mjs');
const { deploymentRows } = await import('./judge/deployment.mjs');
const { drawnMurk } = await import('./judge/drawn.mjs');
const { madeCourses } = await import('./judge/made.mjs');
const { glassMethods, pageMethods, simpleMethods } = await import('./judge/methods.mjs');
const { methodOfFile, methodOfNumbers, openMethod, openNumbers } = await import('./judge/method-file.mjs');
const { manyReferences, referencesBySize } = await import('./judge/references.mjs');
const { sceneTables } = await import('./judge/scene.mjs');
const { sceneSights } = await import('./judge/scene-cases.mjs');
const { figures, markdown, tableRow, writeTable } = await import('./judge/table.mjs');
const { thinnedOnsets } = await import('./judge/thinned.mjs');
const { usableTime } = await import('./judge/usable.mjs');
const { visitRows } = await import('./judge/visits.mjs');
const { movedCamera, otherViews, trembling } = await import('./judge/views.mjs');

const stopSaying = ({ message }) => stop(message);
const methodFile = values.method === undefined ? null : await openMethod(values.method).catch(stopSaying);
const numbersFile = values.numbers === undefined ? null : opened(values.numbers);
const all = await withDomain(async (load) => courses(values.data, await chooser(load)));
const judged = all.filter(({ cycle, camera }) => `${camera} ${cycle}`.includes(values.only));
if (judged.length === 0) stop(`No labelled camera in ${values.data}.`);

if (values.drawn) {
  await withDomain(async (load) => {
    const rows = [];
    for (const course of judged.filter(isLong)) rows.push(...(await drawnMurk(load, course)));
    await show(rows, 'drawn');
  });
  process.exit(0);
}

if (values.made) {
  const made = await madeCourses(judged);
  const methods = await withDomain((load) => glassMethods(load, made));
  const rows = made.flatMap((course, i) =>
    methods.map(({ name, said }) => tableRow(name, course, figures(course, said[i]))),
  );
  await show(rows, 'made');
  process.exit(0);
}

if (values.references) {
  const { sizes, kinds, all } = await withDomain(async (load) => ({
    sizes: await referencesBySize(load, judged),
    ...(await manyReferences(load, judged)),
  }));
  console.log('By how many are given\n');
  await show(sizes, 'given');
  await show(kinds, 'references');
  console.log(markdown(all));
  process.exit(0);
}

if (values.scene) {
  await withDomain(async (load) => {
    const tables = await sceneTables(load, await sceneSights(load, judged));
    for (const [name, rows] of Object.entries(tables)) await show(rows, `scene-${name}`);
  });
  process.exit(0);
}

if (values.views) {
  const shaken = trembling(judged);
  await withDomain(async (load) => {
    console.log('Set aside\n');
    await show(await otherViews(load, judged), 'views');
    console.log('Moved, or covered\n');
    await show(await movedCamera(load, judged), 'moved');
    const { name, said } = (await glassMethods(load, shaken)).at(-1);
    const rows = shaken.map((course, i) => tableRow(`${name}, trembling`, course, figures(course, said[i])));
    await show(rows, 'trembling');
  });
  process.exit(0);
}

if (values.visits) {
  console.log('Visits\n');
  await show(await visitRows(judged, all), 'visits');
  process.exit(0);
}

/** With the references of all cleanings so far. */
const ofAllCleanings = judged.map((course) => ({
  ...course,
  reference: [...course.earlier, ...course.reference],
}));
/** Methods that differ from another one only on some courses. */
const VARIANTS = {
  'conclusion, rope masked': (course) => ropeOf(course, { width: 16 }).length > 0,
  'conclusion, all cleanings': ({ earlier }) => earlier.length > 0,
};

// First, because they may fail.
const ofFile = [];
try {
  if (numbersFile !== null) ofFile.push(methodOfNumbers(numbersFile, judged));
  if (methodFile !== null) ofFile.push(await methodOfFile(methodFile, judged));
} catch (error) {
  stopSaying(error);
}

if (values.compared) {
  const folder = join(ROOT, 'benchmark', 'methods');
  const simple = [];
  for (const name of readdirSync(folder).sort())
    simple.push(await methodOfFile(await openMethod(join(folder, name)), judged));
  const glass = await withDomain(async (load) => [
    ...(await glassMethods(load, judged)),
    ...(await simpleMethods(load, judged)),
  ]);
  const methods = [...glass, ...simple, ...(await pageMethods(judged, filesOf)), ...ofFile];
  writeWindows(methods);
  await show(comparedRows(judged, conclusionIn(methods), methods), 'compared');
  process.exit(0);
}

const { methods, usable, thinned } = await withDomain(async (load) => {
  const glass = await glassMethods(load, judged);
  const methods = [
    ...glass,
    await conclusionOf(load, 'conclusion, all cleanings', ofAllCleanings),
    await conclusionOf(load, 'conclusion, rope masked', judged, ropeOf),
    ...(await simpleMethods(load, judged)),
    ...ofFile,
  ];
  const withOnset = judged.filter(({ onset }) => onset !== null);
  // A person gives the whole folder, the days of the reference too.
  const whole = withOnset.map((course) => ({ ...course, stream: course.whole }));
  const [{ notes }] = await glassMethods(load, whole);
  const jobs = notes.map((note) => note.jobs);
  return {
    methods,
    usable: await usableTime(load, whole, jobs),
    thinned: withOnset.length > 0 ? await thinnedOnsets(load, withOnset) : [],
  };
});
for (const [i, { camera, cycle }] of judged.entries()) {
  const { captions, limits } = methods[0].notes[i];
  console.log(
    `${camera}, ${cycle}: captions in cells ${captions.join(' ') || 'none'}; ${limits.join(', ') || 'no limits'}`,
  );
}
const rowsOf = (methods) =>
  judged.flatMap((course, i) =>
    methods
      .filter(({ name }) => isJudged(name, course))
      .map(({ name, said }) => tableRow(name, course, figures(course, said[i]))),
  );
console.log();
await show(rowsOf(methods), 'methods');
if (ofFile.length > 0) {
  console.log('On the same windows\n');
  console.log(`${markdown(comparedRows(judged, conclusionIn(methods), ofFile))}\n`);
}
if (usable.onsets.length > 0) {
  console.log('Onset of level 2\n');
  await show(usable.onsets, 'onsets', SCIENCE);
  console.log('Onsets of cycles that were thinned three times\n');
  await show(thinned, 'thinned', SCIENCE);
  console.log('Usable hours\n');
  await show(usable.months, 'usable-hours', SCIENCE);
}
if (values.page) {
  console.log('The built page\n');
  const pages = await pageMethods(judged, filesOf);
  await show(rowsOf(pages), 'page');
  methods.push(...pages);
  console.log('One deployment\n');
  await show(await deploymentRows(judged), 'deployment');
}
writeWindows(methods);

/** Prints a table, and writes it between its marks where that is asked for. */
async function show(rows, name, page = RESULTS) {
  console.log(`${markdown(rows)}\n`);
  if (values.write) await writeTable(page, name, rows);
}

function conclusionIn(methods) {
  return methods.find(({ name }) => name === 'conclusion');
}

function opened(numbers) {
  try {
    return openNumbers(numbers);
  } catch (error) {
    return stopSaying(error);
  }
}

function isJudged(name, course) {
  return VARIANTS[name]?.(course) ?? true;
}

function writeWindows(methods) {
  if (values.out === undefined) return;
  writeFileSync(placeOf(values.out), `${csvFormat(windowRows(judged, methods, isJudged))}\n`);
}

async function conclusionOf(load, name, courses, maskOf) {
  const [{ said }] = (await glassMethods(load, courses, maskOf)).slice(-1);
  return { name, said };
}

/** The page chooses its reference by itself. */
function filesOf({ given, stream }) {
  const paths = (snapshots) => snapshots.map(({ picture }) => picture.path);
  return { reference: paths(given), stream: paths(stream) };
}

/** True if the course has enough clean snapshots to draw on. */
function isLong({ stream }) {
  return stream.filter(({ truth }) => truth === 'clean').length >= 40;
}

/** The cells a person would mark once: the cable of OBSEA 2023, which grows a beard. */
function ropeOf({ camera }, grid) {
  return camera === 'OBSEA 2023' ? ROPE_2023.map(([row, column]) => row * grid.width + column) : [];
}
