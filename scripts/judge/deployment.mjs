/**
 * The built page as a person uses it: a camera is set up once, its wipes are logged, and all that comes is scored. No label
 * has a part in what it chooses.
 */
import { build } from '../prepare.mjs';
import { handFiles, openPage } from '../drive.mjs';
import { serveDist } from '../serve.mjs';
import { isQuestion, pageLine } from './methods.mjs';
import { figures, firstDrift, tableRow } from './table.mjs';

const DAY = 86_400_000;
/** How long before its time a wipe is logged where that is tried. */
const TOO_EARLY = 5 * DAY;
const [OWN, ONE] = ['own reference for each cycle', 'one reference for all'];
const FEW = { 'one picture a day': 1, 'two pictures a day': 2 };

/** @typedef {ReturnType<typeof deploymentsOf>[number]} Deployment */

/**
 * @param {import('./cameras.mjs').Course[]} courses
 * @returns {Promise<object[]>} rows of the table
 */
export async function deploymentRows(courses) {
  build();
  const server = await serveDist();
  const rows = [];
  try {
    for (const deployment of deploymentsOf(courses)) {
      for await (const row of rowsOf(deployment, (...how) => scored(server.address, ...how))) rows.push(row);
    }
  } finally {
    await server.close();
  }
  return rows;
}

/**
 * @param {Deployment} deployment
 * @param {(deployment: Deployment, renewsReference: boolean) => Promise<object[]>} scored - what is said of each snapshot of its
 *   stream, with the snapshot and `isLearning`
 */
export async function* rowsOf(deployment, scored) {
  const own = await scored(deployment, true);
  yield rowOf(OWN, deployment, own);
  // Without a wipe there is one cycle.
  if (deployment.wipes.length === 0) return;
  const one = await scored(deployment, false);
  const learning = new Set(deployment.stream.filter((_, i) => own[i].isLearning));
  const PARTS = { 'learning days': (each) => learning.has(each), afterwards: (each) => !learning.has(each) };
  for (const [part, isIn] of Object.entries(PARTS)) yield rowOf(`${OWN}, ${part}`, deployment, own, isIn);
  yield rowOf(ONE, deployment, one);
  for (const [part, isIn] of Object.entries(PARTS)) yield rowOf(`${ONE}, ${part}`, deployment, one, isIn);

  const early = { ...deployment, wipes: deployment.wipes.map((wipe) => wipe - TOO_EARLY) };
  const isStillFouled = ({ capturedAt }) =>
    deployment.wipes.some((wipe) => capturedAt >= wipe - TOO_EARLY && capturedAt < wipe);
  const said = await scored(early, true);
  yield rowOf(`${OWN}, wipes logged five days too early, until they were`, deployment, said, isStillFouled);

  for (const [name, count] of Object.entries(FEW)) {
    const thin = { ...deployment, stream: daily(deployment.stream, count) };
    for (const [references, renews] of [
      [OWN, true],
      [ONE, false],
    ])
      yield rowOf(`${references}, ${name}`, thin, await scored(thin, renews));
  }
}

/** @param {(snapshot: object) => boolean} [isIn] - windows that end with other snapshots are left out */
function rowOf(method, deployment, said, isIn) {
  const isCounted = isIn && ((each) => isIn(each.snapshot));
  const found = figures(deployment, said, isCounted);
  const row = tableRow(method, deployment, found);
  // A question warns, too, and no alarm is raised until it is answered.
  const unasked = said.map((each) => (isQuestion(each) ? { ...each, level: 'normal' } : each));
  const { cleanWarning } = figures(deployment, unasked, isCounted);
  const drifts = deployment.cycles.map(({ onset, isIn }) => {
    const places = deployment.stream.flatMap((snapshot, i) => (isIn(snapshot) ? i : []));
    const stream = places.map((i) => deployment.stream[i]);
    return firstDrift(
      figures(
        { stream, onset },
        places.map((i) => said[i]),
      ),
    );
  });
  const apart = cleanWarning === null ? '-' : `${Math.round(100 * cleanWarning)}`;
  return {
    ...row,
    'first drift': isIn ? '-' : drifts.join('; '),
    'no verdict': found.untold,
    'clean > .05 without questions %': apart,
  };
}

/**
 * One for each camera: the first cycle's reference is given, all that comes after it is the stream.
 *
 * @param {import('./cameras.mjs').Course[]} courses
 */
export function deploymentsOf(courses) {
  const cameras = new Set(courses.map(({ camera }) => camera));
  return [...cameras].map((camera) => {
    const own = courses.filter((course) => course.camera === camera);
    const [first, ...others] = own;
    const ofWhole = new Map(own.map(({ whole }, i) => [i, new Set(whole)]));
    return {
      camera,
      cycle: 'one deployment',
      given: first.given,
      reference: first.reference,
      stream: [...first.stream, ...others.flatMap(({ whole }) => whole)],
      wipes: others.map(({ whole }) => whole[0].capturedAt),
      onset: first.onset,
      cycles: own.map(({ onset }, i) => ({ onset, isIn: (snapshot) => ofWhole.get(i).has(snapshot) })),
    };
  });
}

/** So many pictures of each day, in even steps. */
function daily(stream, count) {
  const dayOf = ({ capturedAt }) => Math.floor(capturedAt / DAY);
  return [...new Set(stream.map(dayOf))].flatMap((date) => {
    const day = stream.filter((snapshot) => dayOf(snapshot) === date);
    const places = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * day.length) / count));
    return [...new Set(places)].map((place) => day[place]);
  });
}

/** The page's word on each snapshot of the stream when all of it is there. */
async function scored(address, { given, stream, wipes }, renewsReference) {
  const { page, close } = await openPage(address);
  const paths = (snapshots) => snapshots.map(({ picture }) => picture.path);
  const handles = [await handFiles(page, paths(given)), await handFiles(page, paths(stream))];
  const { lines, learning } = await page.evaluate(
    async ([clean, stream, names, wipes, renewsReference]) => {
      const { porthole } = globalThis;
      const named = (files, at) => [...files].map((file, i) => new File([file], at[i]));
      await porthole.setUpCamera(named(clean.files, names.given), { name: 'judged', renewsReference });
      const log = wipes.map((at) => `${new Date(at).toISOString()},cleaned,`);
      await porthole.takeEvents(['at,kind,note', ...log].join('\n'));
      await porthole.score(named(stream.files, names.stream));
      const result = (asked) =>
        new Promise((resolve) => (asked.onsuccess = ({ target }) => resolve(target.result)));
      const db = await result(indexedDB.open('porthole'));
      const jobs = await result(db.transaction('jobs').objectStore('jobs').getAll());
      const learning = jobs.filter(({ glass }) => glass?.learning).map(({ imageName }) => imageName);
      return { lines: await porthole.score(named(stream.files, names.stream)), learning };
    },
    [...handles, { given: given.map(nameOf), stream: stream.map(nameOf) }, wipes, renewsReference],
  );
  await close();
  const byName = new Map(lines.map((line) => [line.image_name, line]));
  return stream.map((snapshot) => {
    const name = nameOf(snapshot);
    return { ...pageLine(byName.get(name)), snapshot, isLearning: learning.includes(name) };
  });
}

/** By its time: names of some files tell another one. */
export function nameOf({ capturedAt }) {
  const [day, time] = new Date(capturedAt).toISOString().split('T');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-JUDGED.jpg`;
}
