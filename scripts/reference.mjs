/** The files and spans that define a camera's reference, for the commands that set one up. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, extname, relative, sep } from 'node:path';
import { ROW_FILE } from '../src/core/domain/table/row-file.js';
import { filesIn, listed, placeOf } from './folder.mjs';
import { stop } from './prepare.mjs';

/** Failures that a person has to put right in what was given; any other is the machine's or the model's, and may pass. */
export const UNUSABLE = [
  'reference-too-small',
  'clean-too-few',
  'config-syntax',
  'config-value',
  'ifdo',
  'npy-format',
  'npy-pickle',
  'npy-shape',
];

/** A folder's files, one file with rows of numbers, or a configuration with the files beside and below it. Ends the program where there are none. */
export function filesFor(path) {
  if (extname(path) !== '.toml' && !isOfRows(path)) return filesIn(path);
  const file = placeOf(path);
  if (!existsSync(file)) stop(`There is no file ${path}.`, 2);
  if (isOfRows(path)) return [file];
  const others = listed(dirname(file)).map((other) => other.file);
  return [file, ...others.filter((other) => extname(other) !== '.toml')];
}

/** True if a path is one of a file with rows of numbers. */
export function isOfRows(path) {
  return ROW_FILE.test(path);
}

/** True if a reference is a sensor's: an array, a table, or a configuration beside which there are tables alone. */
export function isOfSensor(path) {
  if (extname(path) !== '.toml') return isOfRows(path);
  const beside = readdirSync(dirname(placeOf(path))).filter((name) => extname(name) !== '.toml');
  return beside.length > 0 && beside.every((name) => /\.csv$/i.test(name));
}

/** The same files' paths from the folder that was given, with forward slashes: its folders may say which are clean. */
export function pathsOf(path, files) {
  const folder = extname(path) === '.toml' || isOfRows(path) ? dirname(placeOf(path)) : placeOf(path);
  return files.map((file) => relative(folder, file).split(sep).join('/'));
}
