/**
 * The built page as a person uses it: a camera is set up once, its wipes are logged, and all that comes is scored. No label has
 * a part in what it chooses.
 */
import { build } from '../prepare.mjs';
import { handFiles, openPage } from '../drive.mjs';
import { serveDist } from '../serve.mjs';
import { figures, tableRow } from './table.mjs';

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
      for (const [name, renews] of [
        ['own reference for each cycle', true],
        ['one reference for all', false],
      ]) {
        const said = await scored(server.address, deployment, renews);
        const parts = {
          all: () => true,
          'learning days': (line) => line.isLearning,
          afterwards: (line) => !line.isLearning,
        };
        for (const [part, isIn] of Object.entries(parts)) {
          if (part !== 'all' && !renews) continue;
          rows.push(tableRow(`${name}, ${part}`, deployment, figures(deployment, said, isIn)));
        }
      }
    }
  } finally {
    await server.close();
  }
  return rows;
}

/** One for each camera: the first cycle's reference is given, all that comes after it is the stream. */
function deploymentsOf(courses) {
  const cameras = new Set(courses.map(({ camera }) => camera));
  return [...cameras].map((camera) => {
    const [first, ...others] = courses.filter((course) => course.camera === camera);
    return {
      camera,
      cycle: 'one deployment',
      given: first.given,
      reference: first.reference,
      stream: [...first.stream, ...others.flatMap(({ whole }) => whole)],
      wipes: others.map(({ whole }) => whole[0].capturedAt),
      onset: first.onset,
    };
  });
}

/** The page's line for each snapshot of the stream. */
async function scored(address, { given, stream, wipes }, renews) {
  const { page, close } = await openPage(address);
  const paths = (snapshots) => snapshots.map(({ picture }) => picture.path);
  const handles = [await handFiles(page, paths(given)), await handFiles(page, paths(stream))];
  const told = await page.evaluate(
    async ([clean, stream, names, wipes, renews]) => {
      const { porthole } = globalThis;
      const named = (files, at) => [...files].map((file, i) => new File([file], at[i]));
      await porthole.setUpCamera(named(clean.files, names.given), {
        name: 'judged',
        renewsReference: renews,
      });
      await porthole.log(wipes.map((at) => ({ kind: 'cleaned', at, note: '' })));
      await porthole.score(named(stream.files, names.stream));
      const db = await new Promise((resolve) => {
        indexedDB.open('porthole').onsuccess = ({ target }) => resolve(target.result);
      });
      const rows = await new Promise((resolve) => {
        db.transaction('jobs').objectStore('jobs').getAll().onsuccess = ({ target }) =>
          resolve(target.result);
      });
      const lines = await porthole.score(named(stream.files, names.stream));
      const learning = new Set(rows.filter(({ glass }) => glass?.learning).map(({ imageName }) => imageName));
      return lines.map((line) => ({ ...line, isLearning: learning.has(line.image_name) }));
    },
    [...handles, { given: given.map(nameOf), stream: stream.map(nameOf) }, wipes, renews],
  );
  await close();
  const byName = new Map(told.map((line) => [line.image_name, line]));
  return stream.map((snapshot) => {
    const { growth, loss, verdict, conclusion, view, isLearning } = byName.get(nameOf(snapshot));
    const isTold = ['normal', 'warning', 'drift'].includes(verdict);
    return {
      distance: isTold ? Math.max(growth ?? 0, loss ?? 0) : null,
      level: isTold ? verdict : null,
      code: conclusion,
      isAside: view !== 'same',
      isLearning,
    };
  });
}

/** By its time: names of some files tell another one. */
function nameOf({ capturedAt }) {
  const [day, time] = new Date(capturedAt).toISOString().split('T');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-JUDGED.jpg`;
}
