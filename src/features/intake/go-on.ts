import { loadHandles } from '../../core/storage/handles';
import { askFor, type KeptHandle } from '../../core/browser/file-handles';
import { filesOfHandles } from '../../core/browser/folder-files';
import type { Session } from '../../core/session/session.svelte';

/** Handles of the chosen camera's last batch; empty when the person has to give it again. */
export async function keptOfBatch({ db, cameras }: Session): Promise<readonly KeptHandle[]> {
  const { chosen: camera } = cameras;
  return camera ? ((await loadHandles(db, camera.id, 'batch')) as readonly KeptHandle[]) : [];
}

/**
 * Reads the files of an interrupted batch again, and scores those that are left. Must be called while a click is
 * handled, because the browser may ask the person.
 *
 * @returns false when they may not be read
 */
export async function goOnWith(session: Session, handles: readonly KeptHandle[]): Promise<boolean> {
  for (const handle of handles) if (!(await askFor(handle))) return false;
  await takeKept(session, handles);
  return true;
}

/** Takes files by their handles as if they were dropped. */
export async function takeKept(session: Session, handles: readonly KeptHandle[]): Promise<void> {
  const { files, unreadable } = await session.arrivals.ofHandles((onRead) => filesOfHandles(handles, onRead));
  session.arrivals.unreadable = unreadable;
  await session.take(files, handles);
}
