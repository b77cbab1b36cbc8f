import {
  changedVerdict,
  withChange,
  type Because,
  type FormerRow,
  type HistoryChange,
} from '../domain/camera/history-change';
import type { Camera } from '../domain/camera/camera';
import { calledAs, type CompletedJob } from '../domain/camera/job';
import { inZone } from '../domain/camera/time/job-time';
import { allOrNothing, orStorageError, rowsOf, type Database } from './database';
import { markJudgedAnew, MARKING_STORES, type Store } from './judged-anew';

/** Stores of changes that can be undone. */
export const CHANGE_STORES = ['changes', 'formerRows'] as const;

type StoreOf = <Name extends (typeof CHANGE_STORES)[number]>(name: Name) => Store<Name>;

/** Changed verdicts of a camera that no person has dismissed. */
export async function loadChanges(db: Database, cameraId: string): Promise<readonly HistoryChange[]> {
  return orStorageError(db.getAll('changes', rowsOf(cameraId)));
}

export async function loadFormerRows(
  db: Database,
  { cameraId, cause }: HistoryChange,
): Promise<readonly FormerRow[]> {
  return orStorageError(db.getAll('formerRows', rowsOf(cameraId, cause)));
}

/**
 * Notes verdicts that are others from now on, in the transaction that writes them.
 *
 * @param jobs - each as it was and as it is
 */
export async function noteChange(
  changes: Store<'changes'>,
  because: Because,
  jobs: readonly { readonly before: CompletedJob; readonly after: CompletedJob }[],
): Promise<void> {
  const cameraId = jobs[0]?.after.cameraId;
  if (cameraId === undefined) return;
  const items = jobs.flatMap(({ before, after }) => changedVerdict(before, after) ?? []);
  const known = await changes.get([cameraId, because.cause]);
  await changes.put(withChange(known, { ...because, cameraId, items }));
}

/** Forgets a change, in a transaction: it can't be undone from then on. */
export async function forgetWithin(storeOf: StoreOf, { cameraId, cause }: HistoryChange): Promise<void> {
  await Promise.all([
    storeOf('changes').delete([cameraId, cause]),
    storeOf('formerRows').delete(rowsOf(cameraId, cause)),
  ]);
}

/** Notes that a person has seen a change. */
export async function dismissChange(db: Database, change: HistoryChange): Promise<void> {
  const tx = db.transaction(CHANGE_STORES, 'readwrite');
  await allOrNothing(tx, [() => forgetWithin((name) => tx.objectStore(name), change)]);
}

/**
 * Restores a camera's history from before it was judged in capture order, to the byte. A job that is gone, or has
 * another time by now, stays.
 *
 * @throws AppError `disk-full` or `storage-failed`; then nothing was changed
 */
export async function undoUpgrade(db: Database, change: HistoryChange): Promise<void> {
  const stores = ['cameras', 'jobs', 'sights', ...CHANGE_STORES, ...MARKING_STORES] as const;
  const tx = db.transaction(stores, 'readwrite');
  const [jobs, sights] = [tx.objectStore('jobs'), tx.objectStore('sights')];
  const putBack = async ({ jobId, job: former, sight }: FormerRow, camera: Camera) => {
    // The camera may have got another zone since then.
    const job = inZone(former, camera);
    const present = await jobs.get(jobId);
    if (present?.jobStatus !== 'Completed' || present.capturedAt !== job.capturedAt) return;
    await jobs.put(calledAs(job, present));
    if (sight) await sights.put(sight, jobId);
    if (sight === null) await sights.delete(jobId);
  };
  const undo = async () => {
    const { cameraId, cause } = change;
    const camera = await tx.objectStore('cameras').get(cameraId);
    // Its changes are gone with it.
    if (!camera) return;
    const former = await tx.objectStore('formerRows').getAll(rowsOf(cameraId, cause));
    await Promise.all(former.map((row) => putBack(row, camera)));
    const { judgedInOrder: _, ...before } = camera;
    await tx.objectStore('cameras').put(before);
    await forgetWithin((name) => tx.objectStore(name), change);
  };
  const mark = () =>
    markJudgedAnew(tx.objectStore('settings'), tx.objectStore('destinations'), change.cameraId);
  await allOrNothing(tx, [undo, mark]);
}
