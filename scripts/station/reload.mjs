/** Reads a station's configuration again while the station works: its parts share one object, which gets the new values. */
import { isTable, readConfig } from './config.mjs';

/** They belong to the profile or hold a port, so they are taken over by the next start only. */
const LATER = ['data', 'port', 'door'];

/**
 * @param {string} path - of the file
 * @param config - in force
 * @param {(before: object) => Promise<void>} apply - takes over what `config` says by now; a rejection puts the old one back
 * @returns {Promise<{ changed: string[], later: string[] }>} keys that hold now, and keys that hold from the next start on
 * @throws with a sentence that says why the old one holds on
 */
export async function reload(path, config, apply) {
  const next = readConfig(path);
  const before = { ...config };
  const later = changes(pick(config), pick(next));
  Object.assign(config, next, pick(config));
  try {
    await apply(before);
  } catch (error) {
    Object.assign(config, before);
    throw error;
  }
  return { changed: changes(before, config), later };
}

/** A page is given these when it is opened. @returns {string} the same one while that need not be done again */
export function pageSettings({ language, sandbox, driftwatch, cameras }) {
  const sending = cameras.filter(({ experiment }) => experiment !== undefined);
  const to = sending.map(({ name, experiment, tags, corrections }) => [name, experiment, tags, corrections]);
  return JSON.stringify([language, sandbox, driftwatch, to]);
}

function pick(config) {
  return Object.fromEntries(LATER.map((key) => [key, config[key]]));
}

function changes({ cameras: were = [], ...before }, { cameras: are = [], ...after }) {
  const [was, is] = [were, are].map((cameras) => new Map(cameras.map((camera) => [camera.name, camera])));
  return [
    ...differences(before, after, ''),
    ...[...is].flatMap(([name, camera]) =>
      was.has(name) ? differences(was.get(name), camera, `${name}: `) : [`${name} is new`],
    ),
    ...[...was.keys()].filter((name) => !is.has(name)).map((name) => `${name} is followed no more`),
  ];
}

/** Keys that differ. Texts may be secrets, so only numbers and truths stand there. */
function differences(before, after, at) {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const [was, is] = [before[key], after[key]];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    if (isTable(was) && isTable(is)) return differences(was, is, `${at}${key}.`);
    const isPlain = [was, is].every((value) => ['number', 'boolean'].includes(typeof value));
    return [isPlain ? `${at}${key} ${was} → ${is}` : `${at}${key}`];
  });
}
