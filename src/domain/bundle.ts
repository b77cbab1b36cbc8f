const DESCRIPTION = 'porthole.json';

/**
 * Whether an archive is an export of everything that Porthole keeps: its description stands at the root, or in the one
 * folder that everything else is in.
 *
 * @param names - paths of all files in it
 */
export function isBundle(names: readonly string[]): boolean {
  if (names.includes(DESCRIPTION)) return true;
  const described = names.find((name) => /^[^/]+\/porthole\.json$/.test(name));
  if (described === undefined) return false;
  const folder = described.slice(0, -DESCRIPTION.length);
  return names.every((name) => name.startsWith(folder));
}
