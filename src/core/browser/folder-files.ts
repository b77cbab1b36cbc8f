import type { KeptHandle } from './file-handles';
import { withPath } from './given-path';

/** A file below a folder that is kept. */
interface FoundFile {
  /** with the folders it is in, as the only name that is its own */
  readonly path: string;
  readonly handle: FileSystemFileHandle;
}

/** All files below a folder, or the file itself; folders that can't be read are told by `onLost` and passed over. */
export async function* filesUnder(
  handle: KeptHandle,
  onLost: (name: string) => void,
  path = '',
): AsyncGenerator<FoundFile, void> {
  if (handle.kind === 'file') {
    yield { path: `${path}${handle.name}`, handle };
    return;
  }
  try {
    for await (const inside of handle.values()) {
      if (inside.name.startsWith('.')) continue;
      yield* filesUnder(inside, onLost, `${path}${handle.name}/`);
    }
  } catch {
    // It was moved, or its disk taken out, while it was being read.
    onLost(handle.name);
  }
}

/** Number of files asked for at the same time. */
const AT_ONCE = 100;

/** All files of handles, in the order of their folders, and the names of what could not be read. */
export async function filesOfHandles(
  handles: readonly KeptHandle[],
  onRead: (count: number) => void,
): Promise<{ files: readonly File[]; failed: readonly string[] }> {
  const files: File[] = [];
  const failed: string[] = [];
  const open = async (found: readonly FoundFile[]) => {
    const opened = await Promise.allSettled(found.map(({ handle }) => handle.getFile()));
    for (const [i, { path, handle }] of found.entries()) {
      const result = opened[i]!;
      if (result.status === 'fulfilled') files.push(withPath(result.value, path));
      else failed.push(handle.name);
    }
    onRead(files.length);
  };
  let found: FoundFile[] = [];
  for (const kept of handles) {
    for await (const file of filesUnder(kept, (name) => failed.push(name))) {
      if (found.push(file) < AT_ONCE) continue;
      await open(found);
      found = [];
    }
  }
  await open(found);
  return { files, failed };
}
