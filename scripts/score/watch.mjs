/** Files that arrive in a folder, handed over when nobody writes them any more. */
import { setTimeout as wait } from 'node:timers/promises';
import { statSync } from 'node:fs';
import { listed } from '../folder.mjs';

/** A signal that is aborted by the first SIGINT or SIGTERM; the second ends the program at once. */
export function endingBySignal() {
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM']) {
    process.on(name, () => {
      if (ending.signal.aborted) process.exit(1);
      ending.abort();
    });
  }
  return ending.signal;
}

/**
 * Looks into a folder until the signal is aborted. A file is handed over once two looks found it the same, and again
 * when it has changed.
 *
 * @param {string} folder - as it was typed
 * @param {object} how
 * @param {number} how.every - milliseconds between two looks
 * @param {AbortSignal} how.signal
 * @param {readonly string[]} how.known - files that were handed over as they are now
 * @param {(files: string[]) => Promise<void>} how.take
 */
export async function watchFolder(folder, { every, signal, known, take }) {
  const taken = new Map(known.map((file) => [file, markOf(file)]));
  let before = new Map();
  while (!signal.aborted) {
    const now = new Map(listed(folder).map(({ file }) => [file, markOf(file)]));
    const still = [...now].filter(([file, mark]) => before.get(file) === mark && taken.get(file) !== mark);
    before = now;
    if (still.length > 0) {
      await take(still.map(([file]) => file));
      for (const [file, mark] of still) taken.set(file, mark);
    }
    await wait(every, null, { signal }).catch(() => {});
  }
}

/**
 * @returns {string} what tells that a file may have changed: nobody can set back when the system has changed it, and
 *   another file has another number
 */
export function markOf(file) {
  const facts = statSync(file, { throwIfNoEntry: false });
  return facts ? `${facts.size} ${facts.mtimeMs} ${facts.ctimeMs} ${facts.ino}` : '';
}
