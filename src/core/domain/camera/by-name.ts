import { cameraNameIn } from './time/capture-time';

/** So many names that differ by a number at their end alone are one name and a counter. */
const COUNTED_FROM = 4;
/** So many pictures of each of two names, at least, are of several cameras. */
const LEAST_OF_ONE = 8;

/** Pictures of one camera. */
export interface NamedFiles<F> {
  /** as it stands in the files' names; empty if it does not */
  readonly name: string;
  readonly files: readonly F[];
}

/** A name without the number at its end: `NORTH` of `NORTH_7`, and nothing of `7`. */
export function stemOf(name: string): string {
  return name.replace(/(?:^|[-_. ])\d+$/, '');
}

/** Groups files by the camera's name in theirs; names that differ by a counter alone are one. */
export function byName<F extends { readonly name: string }>(files: readonly F[]): readonly NamedFiles<F>[] {
  const named = new Map<string, F[]>();
  for (const file of files) add(named, cameraNameIn(file.name), [file]);
  const namesOf = new Map<string, string[]>();
  for (const name of named.keys()) add(namesOf, stemOf(name), [name]);
  const together = new Map<string, F[]>();
  for (const [name, files] of named) {
    const stem = stemOf(name);
    add(together, (namesOf.get(stem)?.length ?? 0) >= COUNTED_FROM ? stem : name, files);
  }
  return [...together].map(([name, files]) => ({ name, files }));
}

/** True if the names in the files say that they are of more than one camera. */
export function areOfSeveral(groups: readonly NamedFiles<unknown>[]): boolean {
  return groups.filter(({ name, files }) => name !== '' && files.length >= LEAST_OF_ONE).length > 1;
}

/** Adds items to those of the same key. */
export function add<T>(groups: Map<string, T[]>, key: string, items: readonly T[]): void {
  const group = groups.get(key);
  if (group) for (const item of items) group.push(item);
  else groups.set(key, [...items]);
}
