import { captureTimeFromName } from '../../../core/domain/camera/time/capture-time';
import type { Config } from '../../../core/domain/files/config-toml';
import { matchFiles, matchKey, type MatchProblem } from './match-files';

type Lens = 'clean' | 'dirty';

/** Folder names that say how the lens was, in English, Spanish and Catalan. */
const FOLDERS: Readonly<Record<Lens, ReadonlySet<string>>> = {
  clean: new Set(['clean', 'limpia', 'limpias', 'limpio', 'limpios', 'net', 'nets', 'neta', 'netes']),
  dirty: new Set([
    ...['dirty', 'fouled', 'sucia', 'sucias', 'sucio', 'sucios'],
    ...['brut', 'bruts', 'bruta', 'brutes'],
  ]),
};

/** The files of a set-up, by what is said of them. */
export interface ByLists<F> {
  /** the source: a configuration's lists, or names of folders */
  readonly by: 'config' | 'folders';
  /** true if the clean ones are named; else all are clean that are not called dirty */
  readonly isCleanSaid: boolean;
  readonly clean: readonly F[];
  readonly dirty: readonly F[];
  /** neither; they are no part of the reference */
  readonly other: readonly F[];
  /** names of the folders that say it, each with its slash */
  readonly folders: Readonly<Record<Lens, readonly string[]>>;
  /** differences between the lists and the files */
  readonly problems: readonly MatchProblem[];
}

/** Sorts files by a configuration's lists, or else by folders. @param pathOf - a name with its folders and slashes */
export function byLists<F extends { readonly name: string }>(
  files: readonly F[],
  config: Pick<Config, 'clean' | 'dirty'> | null,
  pathOf: (file: F) => string,
): ByLists<F> {
  const isListing = config !== null && config.clean.length + config.dirty.length > 0;
  const { clean: named, ...said } = isListing ? byConfig(files, config) : byFolders(files, pathOf);
  const dirtyKeys = isListing ? new Set(said.dirty.map(keyOf)) : timedKeys(said.dirty);
  // A copy of a dirty picture is clean only where it is called so.
  const clean = named ?? without(files, said.dirty).filter((file) => !dirtyKeys.has(keyOf(file)));
  return { ...said, isCleanSaid: named !== null, clean, other: without(files, [...clean, ...said.dirty]) };
}

/** Labels of files; `clean` is null if nothing is called clean. */
type ListLabels<F> = Pick<ByLists<F>, 'by' | 'dirty' | 'folders' | 'problems'> & {
  readonly clean: readonly F[] | null;
};

function byConfig<F extends { readonly name: string }>(
  files: readonly F[],
  config: Pick<Config, 'clean' | 'dirty'>,
): ListLabels<F> {
  const names = files.map(({ name }) => name);
  const { clean, dirty, problems } = matchFiles(config, names);
  // The first of several files with one name counts, as in matchFiles.
  const byName = new Map([...files].reverse().map((file) => [file.name, file]));
  const filesOf = (names: readonly string[]) => names.flatMap((name) => byName.get(name) ?? []);
  return {
    by: 'config',
    clean: config.clean.length > 0 ? filesOf(clean) : null,
    dirty: filesOf(dirty),
    folders: { clean: [], dirty: [] },
    problems,
  };
}

function byFolders<F extends { readonly name: string }>(
  files: readonly F[],
  pathOf: (file: F) => string,
): ListLabels<F> {
  const said = { clean: new Map<F, string>(), dirty: new Map<F, string>() };
  for (const file of files) {
    const found = labelOf(pathOf(file));
    if (found) said[found.lens].set(file, found.folder);
  }
  const dirtyKeys = timedKeys([...said.dirty.keys()]);
  const inBoth = new Set([...timedKeys([...said.clean.keys()])].filter((key) => dirtyKeys.has(key)));
  const filesOf = (lens: Lens) => [...said[lens].keys()].filter((file) => !inBoth.has(keyOf(file)));
  const foldersOf = (lens: Lens) => [...new Set(said[lens].values())];
  return {
    by: 'folders',
    clean: said.clean.size > 0 ? filesOf('clean') : null,
    dirty: filesOf('dirty'),
    folders: { clean: foldersOf('clean'), dirty: foldersOf('dirty') },
    problems: [...inBoth].map((name) => ({ kind: 'in-both', name })),
  };
}

/** The innermost folder that says how the lens was, with its slash. */
function labelOf(path: string): { readonly lens: Lens; readonly folder: string } | null {
  const folder = path.split('/').slice(0, -1);
  for (const name of folder.reverse()) {
    const word = name.toLowerCase();
    if (FOLDERS.clean.has(word)) return { lens: 'clean', folder: `${name}/` };
    if (FOLDERS.dirty.has(word)) return { lens: 'dirty', folder: `${name}/` };
  }
  return null;
}

function keyOf({ name }: { readonly name: string }): string {
  return matchKey(name);
}

/** A name with its time is one picture; one without may be in each folder. */
function timedKeys(files: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(files.filter(({ name }) => captureTimeFromName(name) !== null).map(keyOf));
}

function without<F>(files: readonly F[], gone: readonly F[]): readonly F[] {
  const isGone = new Set(gone);
  return files.filter((file) => !isGone.has(file));
}
