/** File System Access API, which TypeScript's library lacks. @see https://wicg.github.io/file-system-access/ */
interface WithPermission {
  queryPermission?(options: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>;
}

/** A file or folder that can be read again in a later visit, once the person allows it. */
export type KeptHandle = (FileSystemFileHandle | FileSystemDirectoryHandle) & WithPermission;
export type KeptFolder = FileSystemDirectoryHandle & WithPermission;

declare global {
  interface Window {
    showDirectoryPicker?(options?: { id?: string; mode?: 'read' }): Promise<KeptFolder>;
  }
  interface DataTransferItem {
    getAsFileSystemHandle?(): Promise<KeptHandle | null>;
  }
}

/** Thousands of single files would make the note of a batch larger than the batch: they are dropped again. */
const MOST_HANDLES = 500;

/** Handles of dropped files and folders; empty if the browser has none. Must be called in the drop event itself. */
export function handlesOfDrop({ items }: DataTransfer): Promise<readonly KeptHandle[]> {
  const files = [...items].filter(({ kind }) => kind === 'file');
  if (files.length > MOST_HANDLES) return Promise.resolve([]);
  const asked = files.map((item) => item.getAsFileSystemHandle?.() ?? Promise.resolve(null));
  return Promise.all(asked).then(
    (handles) => handles.filter((handle) => handle !== null),
    // The files are read another way; only going on after the page was closed needs handles.
    () => [],
  );
}

export function canKeepFolders(): boolean {
  return typeof window.showDirectoryPicker === 'function';
}

/** @returns null when the person changed their mind */
export async function chooseFolder(): Promise<KeptFolder | null> {
  try {
    return (await window.showDirectoryPicker?.({ id: 'snapshots', mode: 'read' })) ?? null;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** True if it may be read now, without asking. */
export async function isAllowed(handle: KeptHandle): Promise<boolean> {
  return (await handle.queryPermission?.({ mode: 'read' })) === 'granted';
}

/** Asks for permission where needed; must be called in a click's handler. @returns of each whether it may be read */
export async function askForAll(handles: readonly KeptHandle[]): Promise<readonly boolean[]> {
  // Each is asked for before anything is waited for: a click counts for a few seconds only.
  const asked = handles.map(async (handle) => handle.requestPermission?.({ mode: 'read' }));
  await Promise.allSettled(asked);
  // One answer may have been for several.
  return Promise.all(handles.map((handle) => isAllowed(handle).catch(() => false)));
}

/** Asks the person where that is needed; must be called while a click is handled, else it may not be read. */
export async function askFor(handle: KeptHandle): Promise<boolean> {
  try {
    if (await isAllowed(handle)) return true;
    return (await handle.requestPermission?.({ mode: 'read' })) === 'granted';
  } catch {
    // The click is too long ago, after a first question say.
    return false;
  }
}
