import { cameraNameIn } from '../../../core/domain/camera/capture-time';

/** How a camera calls itself in the names of its files. */
export interface NamedCamera {
  readonly id: string;
  /** as `cameraNameIn` gives them */
  readonly names: ReadonlySet<string>;
}

/** Files by the camera that took them, and those that no name or more than one camera answers to. */
export interface Sorted<F> {
  readonly byCamera: ReadonlyMap<string, readonly F[]>;
  /** by the name that stands in them; empty for none */
  readonly unknown: ReadonlyMap<string, readonly F[]>;
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
): Sorted<F> {
  const byCamera = new Map<string, F[]>();
  const unknown = new Map<string, F[]>();
  for (const file of files) {
    const name = cameraNameIn(file.name);
    const answering = name === '' ? [] : cameras.filter(({ names }) => names.has(name));
    const camera = answering.length === 1 ? answering[0] : answering.find(({ id }) => id === chosenId);
    const [groups, key] = camera ? [byCamera, camera.id] : [unknown, name];
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  return { byCamera, unknown };
}
