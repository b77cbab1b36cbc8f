import type { Camera } from '../../core/domain/camera/camera';
import type { Database } from '../../core/storage/database';
import { loadHandles } from '../../core/storage/handles';
import { askFor, type KeptHandle } from '../../core/browser/file-handles';
import { filesOfHandles } from '../../core/browser/folder-files';
import type { Arrivals } from '../../core/session/arrivals.svelte';

/** Takes files into the page; a session does. */
interface FileTaker {
  readonly arrivals: Arrivals;
  take(files: readonly File[], handles: readonly KeptHandle[]): Promise<boolean>;
}

/** Handles of the chosen camera's last batch; empty when the person has to give it again. */
export async function keptOfBatch(db: Database, camera: Camera | null): Promise<readonly KeptHandle[]> {
  return camera ? ((await loadHandles(db, camera.id, 'batch')) as readonly KeptHandle[]) : [];
}

/**
 * Reads the files of an interrupted batch again, and scores those that are left. Must be called while a click is
 * handled, because the browser may ask the person.
 *
 * @returns false when they may not be read
 */
export async function goOnWith(page: FileTaker, handles: readonly KeptHandle[]): Promise<boolean> {
  for (const handle of handles) if (!(await askFor(handle))) return false;
  await takeKept(page, handles);
  return true;
}

/** Takes files by their handles as if they were dropped. */
export async function takeKept(page: FileTaker, handles: readonly KeptHandle[]): Promise<void> {
  const { files, failed } = await page.arrivals.ofHandles((onRead) => filesOfHandles(handles, onRead));
  page.arrivals.failed = failed;
  await page.take(files, handles);
}
