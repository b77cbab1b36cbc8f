/** Text of a Markdown file that a command writes: it lies between `<!-- NAME -->` and `<!-- /NAME -->`. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';

/**
 * @param {string} path
 * @param {string} name
 */
export function markedIn(path, name) {
  return partsOf(path, name)[1];
}

/**
 * @param {string} path
 * @param {string} name
 * @param {string} text - without line breaks at its ends
 */
export function writeMarked(path, name, text) {
  const [before, , after] = partsOf(path, name);
  writeFileSync(path, `${before}${text}${after}`);
}

/** The line with the hash of the table before it. */
export const SEAL = /\n\n<!-- sha256 of the table: \w+ -->$/;

/**
 * A table of figures with its hash: a test sees an edit by hand where the pictures that gave the figures are missing.
 *
 * @param {string} table - Markdown
 */
export async function sealed(table) {
  const text = await aligned(table);
  return `${text}\n\n<!-- sha256 of the table: ${createHash('sha256').update(text).digest('hex')} -->`;
}

/** @param {string} table - Markdown */
export async function aligned(table) {
  return (await format(table, { parser: 'markdown' })).trim();
}

/** @returns {[before: string, marked: string, after: string]} */
function partsOf(path, name) {
  const all = readFileSync(path, 'utf8');
  const [open, close] = [`<!-- ${name} -->\n\n`, `\n\n<!-- /${name} -->`];
  const [from, to] = [all.indexOf(open) + open.length, all.indexOf(close)];
  // Before the first table both marks share their empty line.
  if (from < open.length || to < from - 2) throw new Error(`${path} has no marks for ${name}.`);
  return [all.slice(0, from), all.slice(from, to), all.slice(to)];
}
