/** The Python peers of `npm run bench`. */
import { spawnSync } from 'node:child_process';

/** So long a peer may take, in milliseconds. */
const PATIENCE = 600_000;
/** Exit code of a peer whose packages are not all installed. */
const LACKS_PACKAGES = 3;

/**
 * Runs a peer in the system's Python, else in another one.
 *
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 * @returns {string | null} what it prints; null where no Python has its packages
 * @throws Error when it fails, or is not done in time
 */
export function runPeer(args, options) {
  for (const python of ['/usr/bin/python3', 'python3']) {
    const { error, status, stdout, stderr } = spawnSync(python, args, {
      encoding: 'utf8',
      timeout: PATIENCE,
      ...options,
    });
    if (error?.code === 'ETIMEDOUT') throw new Error('The Python peer gave no figures in time');
    if (status === 0) return stdout;
    if (error?.code !== 'ENOENT' && status !== LACKS_PACKAGES)
      throw new Error(`The Python peer failed: ${error?.message ?? stderr}`);
  }
  return null;
}
