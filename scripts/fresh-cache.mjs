/**
 * `node scripts/fresh-cache.mjs <folder>`: deletes a cache that is older than the installed packages. Prettier and
 * svelte-check do not notice a new version of a plugin or a compiler by themselves.
 */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './prepare.mjs';

const modified = (/** @type {string} */ path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const cache = join(ROOT, process.argv[2]);
if (modified(cache) < modified(join(ROOT, 'node_modules', '.package-lock.json'))) {
  rmSync(cache, { recursive: true, force: true });
}
