import { imageNameOf } from '../../domain/camera/time/capture-time';
import type { KeptHandle } from '../../browser/file-handles';
import { plainName } from '../../domain/files/plain-name';
import type { GivenNote } from '../../storage/schema';

/** Which of the snapshots that a camera was set up from. */
export type GivenKind = 'clean' | 'dirty';

/** The given files that a folder still has, and its changes since. */
export interface GivenFiles<T> {
  readonly files: readonly T[];
  /** how many of the named snapshots are gone */
  readonly missing: number;
  /** how many snapshots the folder did not have then */
  readonly fresh: number;
}

/**
 * The files of one kind among those that a folder holds now, by image name. Of several files of a name no more are taken
 * than there were, the ones without Roboflow's suffix first. New files are left out: no person has called them clean.
 */
export function givenFiles<T extends { readonly name: string }>(
  files: readonly T[],
  note: Pick<GivenNote, 'clean' | 'dirty' | 'other'>,
  kind: GivenKind,
): GivenFiles<T> {
  const all = [...note.clean, ...note.dirty, ...note.other];
  const known = new Set(all);
  const fresh = files.filter(({ name }) => !known.has(imageNameOf(name)));
  const wanted = note[kind];
  const left = new Map<string, number>();
  for (const name of wanted) left.set(name, (left.get(name) ?? 0) + 1);
  const isSuffixed = ({ name }: T) => Number(imageNameOf(name) !== name);
  const found = new Set<T>();
  for (const file of files.toSorted((a, b) => isSuffixed(a) - isSuffixed(b))) {
    const name = imageNameOf(file.name);
    const count = left.get(name) ?? 0;
    if (count === 0) continue;
    left.set(name, count - 1);
    found.add(file);
  }
  const taken = files.filter((file) => found.has(file));
  return {
    files: taken,
    missing: wanted.length - taken.length,
    fresh: fresh.length,
  };
}

/** The name of the folder that all of them are from; empty if there is none, or more than one. */
export function folderOf(
  files: readonly Pick<File, 'webkitRelativePath'>[],
  handles: readonly KeptHandle[],
): string {
  const [only] = handles;
  if (handles.length === 1 && only?.kind === 'directory') return plainName(only.name);
  const folders = new Set(files.map(({ webkitRelativePath }) => webkitRelativePath.split('/')[0] ?? ''));
  const [folder = ''] = folders;
  return folders.size === 1 ? plainName(folder) : '';
}
