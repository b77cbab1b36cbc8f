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

/** All files of what was kept, and the names of what could not be read. */
export async function filesOfHandles(
  handles: readonly KeptHandle[],
  onRead: (count: number) => void,
): Promise<{ files: readonly File[]; failed: readonly string[] }> {
  const files: File[] = [];
  const failed: string[] = [];
  for (const kept of handles) {
    for await (const { path, handle } of filesUnder(kept, (name) => failed.push(name))) {
      try {
        files.push(withPath(await handle.getFile(), path));
        onRead(files.length);
      } catch {
        failed.push(handle.name);
      }
    }
  }
  return { files, failed };
}
