/** Secrets that are kept in files for the station's user alone. */
import { readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';

/** Something that a person has to put right in the configuration, or in a file that it names. */
export class ConfigError extends Error {
  constructor(message) {
    // It may repeat an address that stands in the wrong place, with a password before its @.
    super(message.replace(/(:\/+)\S*@/g, '$1…@'));
  }
}

/** @returns the token that a file holds @throws {ConfigError} where it is missing, or others can read it */
export function readToken(path) {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (!facts?.isFile()) throw new ConfigError(`There is no file ${path}.`);
  // A file of another user, as a container is given one, is read through its group.
  const isOwn = facts.uid === process.getuid?.();
  if (process.platform !== 'win32' && (facts.mode & (isOwn ? 0o077 : 0o007)) !== 0) {
    const quoted = /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
    throw new ConfigError(`Others can read ${path}. Repair it: chmod ${isOwn ? '600' : 'o='} ${quoted}`);
  }
  return readFileSync(path, 'utf8').trim();
}

/** The mytoken as the tutorial's modules take it; the browser and the commands that the station starts have no use for it. */
export const { DRIFT_MONITOR_MYTOKEN } = process.env;
delete process.env.DRIFT_MONITOR_MYTOKEN;

/** Puts another token into its file, whole or not at all, for the station's user alone. @throws where it can't be written */
export function replaceToken(path, token) {
  const file = realpathSync(path);
  const beside = `${file}.new`;
  writeFileSync(beside, `${token}\n`, { mode: 0o600, flush: true });
  renameSync(beside, file);
}
