/** Folders and files as a person names them on a command line. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { stop } from './prepare.mjs';

// npm runs this in the project's folder; paths are meant from where the person stands.
const HERE = process.env.INIT_CWD ?? process.cwd();

/** @param {string} path - as it was typed */
export function placeOf(path) {
  return resolve(HERE, path);
}

/**
 * All files below a folder, by their paths from it with forward slashes, in the order of these (UTF-16 code units): the
 * same on each machine that sees the folder. Ends the program where there is no such folder.
 *
 * @param {string} folder - as it was typed
 * @returns {{ path: string, file: string }[]}
 */
export function listed(folder) {
  const root = placeOf(folder);
  if (!existsSync(root) || !statSync(root).isDirectory()) stop(`There is no folder ${folder}.`, 2);
  // A link to a file is as good as the file.
  return readdirSync(root, { recursive: true })
    .map((name) => ({ path: String(name).split(sep).join('/'), file: join(root, String(name)) }))
    .filter(({ file }) => statSync(file, { throwIfNoEntry: false })?.isFile())
    .sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

/** The same without their names; ends the program where there are none. */
export function filesIn(folder) {
  const files = listed(folder).map(({ file }) => file);
  if (files.length === 0) stop(`There is no file in ${folder}.`, 2);
  return files;
}
