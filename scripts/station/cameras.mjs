/** `npm run station -- remove`, `rename` and `reference`: a station's cameras changed from a terminal, while it is not at work. */
import { join } from 'node:path';
import { withFiles } from '../drive.mjs';
import { printable } from '../line.mjs';
import { filesFor, pathsOf } from '../reference.mjs';
import { openStationPage } from './browser.mjs';
import { isCameraName } from './config.mjs';
import { Identity } from './identity.mjs';

/**
 * @param {'remove' | 'rename' | 'reference'} command
 * @param {readonly string[]} given - the camera, and its other name or a folder
 * @param {string} address - of the page
 * @param config - of `readConfig`
 * @returns {Promise<boolean>} false, said, if nothing was changed
 */
export async function changeCameras(command, [name, to], address, config) {
  const files = command === 'reference' ? filesFor(to) : [];
  const profile = join(config.data, 'profile');
  const { page, close } = await openStationPage(profile, address, { ...config, language: 'en' }, () => {});
  try {
    const names = await page.evaluate(async () => (await globalThis.porthole.station()).cameras());
    const wrong = whyNot(command, name, to, names);
    const asked = { name, to, paths: command === 'reference' ? pathsOf(to, files) : [] };
    const { problem, value } = wrong
      ? { problem: wrong }
      : await withFiles(page, files, (files) => page.evaluate(CHANGES[command], { ...asked, files }));
    if (problem === undefined && command === 'remove') new Identity(config.data).forget(name);
    const told = problem === undefined ? saidOf(command, name, to, value) : [problem];
    for (const sentence of told) console[problem === undefined ? 'log' : 'error'](printable(sentence));
    return problem === undefined;
  } finally {
    await close();
  }
}

function whyNot(command, name, to, names) {
  if (!names.includes(name)) return `There is no camera ${name}. There are: ${names.join(', ')}.`;
  if (command !== 'rename') return null;
  if (names.includes(to)) return `There is a camera ${to} already.`;
  return isCameraName(to) ? null : `A camera can't be called ${to}.`;
}

function saidOf(command, name, to, value) {
  if (command === 'remove')
    return [`${name} is removed. If station.toml still names it, the next start sets it up anew.`];
  if (command === 'rename')
    return [`${name} is ${to} now. Write that into station.toml before the next start.`];
  const { clean, notes } = value;
  return [...notes, `${name}: ${clean} clean snapshots are its reference from its next picture on.`];
}

// The rest runs in the page.

const CHANGES = {
  remove: async ({ name }) => {
    const station = await globalThis.porthole.station();
    return globalThis.porthole.tryTo(() => station.remove(name));
  },
  rename: async ({ name, to }) => {
    const station = await globalThis.porthole.station();
    return globalThis.porthole.tryTo(() => station.rename(name, to));
  },
  reference: async ({ name, files, paths }) => {
    const station = await globalThis.porthole.station();
    return globalThis.porthole.tryTo(() => station.renewReference(name, [...files.files], paths));
  },
};
