import { captureTimeFromName, imageNameOf } from '../../../core/domain/camera/time/capture-time';
import type { Config } from '../../../core/domain/files/config-toml';

/** A disagreement between the lists and the folder; none of them stops the others from being used. */
export interface MatchProblem {
  /**
   * `in-both`: a name under clean and dirty, left out of both; `missing`: listed, but no such file;
   * `duplicate-name`: listed again in the same list; `duplicate-file`: a second file of the same image, left out.
   */
  readonly kind: 'in-both' | 'missing' | 'duplicate-name' | 'duplicate-file';
  /** the listed name, or the file name of a `duplicate-file` */
  readonly name: string;
}

/** Which files show a clean lens and which a dirty one. */
export interface ConfigMatch {
  /** file names as they were given, in capture order; names without a time come last */
  readonly clean: readonly string[];
  readonly dirty: readonly string[];
  readonly problems: readonly MatchProblem[];
}

/** Names that mean the same picture: without folder and Roboflow's suffix, the extension in any case. */
export function matchKey(name: string): string {
  const image = imageNameOf(name.trim());
  const dot = image.lastIndexOf('.');
  return dot < 0 ? image : image.slice(0, dot) + image.slice(dot).toLowerCase();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function inCaptureOrder(fileNames: readonly string[]): string[] {
  const timed = fileNames.map((name) => ({ name, at: captureTimeFromName(name) ?? Number.MAX_SAFE_INTEGER }));
  return timed.sort((a, b) => a.at - b.at || compare(a.name, b.name)).map(({ name }) => name);
}

/** Finds listed snapshots among names with or without folders; an image's unsuffixed name wins, then the first. */
export function matchFiles(
  config: Pick<Config, 'clean' | 'dirty'>,
  fileNames: readonly string[],
): ConfigMatch {
  const problems: MatchProblem[] = [];
  const files = new Map<string, string[]>();
  for (const name of fileNames) {
    const key = matchKey(name);
    const same = files.get(key);
    if (same) same.push(name);
    else files.set(key, [name]);
  }

  // Each name is looked at once: there may be tens of thousands.
  const cleanKeys = config.clean.map(matchKey);
  const dirtyKeys = config.dirty.map(matchKey);
  const listedDirty = new Set(dirtyKeys);
  const listedClean = new Set<string>();

  const match = (
    names: readonly string[],
    keys: readonly string[],
    seen: Set<string>,
    isInBoth: (key: string, name: string) => boolean,
  ): string[] => {
    const found: string[] = [];
    for (const [i, name] of names.entries()) {
      const key = keys[i] ?? '';
      if (seen.has(key)) {
        problems.push({ kind: 'duplicate-name', name });
        continue;
      }
      seen.add(key);
      if (isInBoth(key, name)) continue;
      const same = files.get(key);
      if (same === undefined) {
        problems.push({ kind: 'missing', name });
        continue;
      }
      const [first = '', ...others] = [...same].sort(
        (a, b) => Number(/\.rf\./.test(a)) - Number(/\.rf\./.test(b)) || compare(a, b),
      );
      found.push(first);
      problems.push(...others.map((other) => ({ kind: 'duplicate-file', name: other }) as const));
    }
    return inCaptureOrder(found);
  };

  const clean = match(config.clean, cleanKeys, listedClean, (key, name) => {
    if (!listedDirty.has(key)) return false;
    problems.push({ kind: 'in-both', name });
    return true;
  });
  // Said already, with the clean ones.
  const dirty = match(config.dirty, dirtyKeys, new Set(), (key) => listedClean.has(key));
  return { clean, dirty, problems };
}
