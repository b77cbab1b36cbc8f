import { realpathSync, renameSync, writeFileSync } from 'node:fs';

/** Puts another token into its file, whole or not at all, for the station's user alone. @throws where it can't be written */
export function replaceToken(path, token) {
  const file = realpathSync(path);
  const beside = `${file}.new`;
  writeFileSync(beside, `${token}\n`, { mode: 0o600, flush: true });
  renameSync(beside, file);
}
