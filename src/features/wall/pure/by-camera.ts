import { add, byName, stemOf } from '../../../core/domain/camera/by-name';
import { cameraNameIn } from '../../../core/domain/camera/time/capture-time';

/** So large a share of a camera's files bears a name, at least, where the camera answers to it. */
const LEAST_SHARE = 1 / 3;

/** How a camera calls itself in the names of its files. */
export interface CameraNames {
  /** as `cameraNameIn` gives them */
  readonly names: ReadonlySet<string>;
  /** the same without the number at their end, where that number counts the files */
  readonly stems: ReadonlySet<string>;
}
export interface NamedCamera extends CameraNames {
  readonly id: string;
}

/** Files by the camera that took them, and those that no name or more than one camera answers to. */
export interface FilesByCamera<F> {
  readonly byCamera: ReadonlyMap<string, readonly F[]>;
  /** by the name that stands in them; empty for none */
  readonly unknown: ReadonlyMap<string, readonly F[]>;
}

/** Files that wait for a person. */
export interface WaitingFiles<F> {
  /** the prefix of their names, or their camera's name; empty for none */
  readonly name: string;
  /** the camera that they were to be checked for; null where a person has to say which */
  readonly cameraId: string | null;
  readonly files: readonly F[];
}

/**
 * How a camera calls itself: by each name that at least a third of its files bear, so that one that was given to it by
 * mistake counts for nothing. Where their numbers differ so much that no name is borne so often, they are counters.
 *
 * @param fileNames - of its own files
 */
export function namesAmong(fileNames: readonly string[]): CameraNames {
  const all = fileNames.map(cameraNameIn);
  const names = borneOften(all);
  return { names, stems: names.size > 0 ? new Set() : borneOften(all.map(stemOf)) };
}

function borneOften(names: readonly string[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const often = [...counts].filter(([name, count]) => name !== '' && count >= LEAST_SHARE * names.length);
  return new Set(often.map(([name]) => name));
}

/**
 * Gives each file to the camera whose name is in the file's.
 *
 * @param chosenId - the camera that gets what several answer to, where it is one of them
 */
export function sortByCamera<F extends { readonly name: string }>(
  files: readonly F[],
  cameras: readonly NamedCamera[],
  chosenId: string | null,
): FilesByCamera<F> {
  const byCamera = new Map<string, F[]>();
  const unknown: F[] = [];
  for (const file of files) {
    const name = cameraNameIn(file.name);
    const answering = name === '' ? [] : answeringTo(name, cameras);
    const camera = answering.length === 1 ? answering[0] : answering.find(({ id }) => id === chosenId);
    if (camera) add(byCamera, camera.id, [file]);
    else unknown.push(file);
  }
  return { byCamera, unknown: new Map(byName(unknown).map(({ name, files }) => [name, files])) };
}

function answeringTo(name: string, cameras: readonly NamedCamera[]): readonly NamedCamera[] {
  const byName = cameras.filter(({ names }) => names.has(name));
  return byName.length > 0 ? byName : cameras.filter(({ stems }) => stems.has(stemOf(name)));
}

/** Adds files to those that wait already: those of one name and camera wait together. */
export function withMore<F, W extends WaitingFiles<F>>(
  waiting: readonly W[],
  more: readonly W[],
): readonly W[] {
  const all = [...waiting];
  for (const next of more) {
    if (next.files.length === 0) continue;
    const i = all.findIndex(({ name, cameraId }) => name === next.name && cameraId === next.cameraId);
    const known = all[i];
    if (known) all[i] = { ...next, files: [...known.files, ...next.files] };
    else all.push(next);
  }
  return all;
}

/** Takes files away that wait no longer; what came meanwhile stays. */
export function without<F, W extends WaitingFiles<F>>(
  waiting: readonly W[],
  gone: readonly F[],
): readonly W[] {
  const isGone = new Set(gone);
  return waiting.flatMap((group) => {
    const files = group.files.filter((file) => !isGone.has(file));
    return files.length > 0 ? [{ ...group, files }] : [];
  });
}
