/** Names the commit that is built. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './prepare.mjs';

/**
 * @returns {string | null} `PORTHOLE_COMMIT` if it is given, as to the build of the image, which has no git; null where
 *   there is no git either, or the project is no repository of its own
 */
export function commit() {
  const { PORTHOLE_COMMIT: given } = process.env;
  if (given) return given;
  if (!existsSync(join(ROOT, '.git'))) return null;
  try {
    const options = { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', ['rev-parse', 'HEAD'], options).trim();
  } catch {
    return null;
  }
}
