/** Text of a Markdown file that a command writes: it lies between `<!-- NAME -->` and `<!-- /NAME -->`. */
import { readFileSync, writeFileSync } from 'node:fs';

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

function partsOf(path, name) {
  const all = readFileSync(path, 'utf8');
  const [open, close] = [`<!-- ${name} -->\n\n`, `\n\n<!-- /${name} -->`];
  const [from, to] = [all.indexOf(open) + open.length, all.indexOf(close)];
  if (from < open.length || to < from) throw new Error(`${path} has no marks for ${name}.`);
  return [all.slice(0, from), all.slice(from, to), all.slice(to)];
}
