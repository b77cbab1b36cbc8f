import type { IDBPTransaction } from 'idb';
import type { HistoryChange } from '../../domain/camera/history-change';
import type { Delivery } from '../../domain/camera/records/delivery';
import type { RecordFate } from '../../domain/camera/records/fate';
import type { Job } from '../../domain/camera/job';
import { judgedOf, withJudged } from '../../domain/camera/judged';
import { allOrNothing, orStorageError, type Database } from '../database';
import { forgetWithin } from '../changes';
import type { Schema } from '../schema';
import { withdraw } from './withdraw';
import { addJobRows, BY_JOB, rowsOfJob, type JobRows } from '../job-rows';
import { JUDGED_STORES, judgedWrites, putAnother, type JudgedAgain } from '../judged-again';
import { soundRows } from '../sound-rows';

export interface DeletedJob extends JobRows {
  /** its records as they stood before */
  readonly deliveries: readonly Delivery[];
}

const STORES = ['embeddings', 'thumbnails', 'deliveries', ...JUDGED_STORES] as const;

export async function deliveriesOfJobs(db: Database, jobIds: readonly string[]): Promise<Delivery[]> {
  const index = db.transaction('deliveries').store.index('jobId');
  const found = await orStorageError(Promise.all(jobIds.map((id) => index.getAll(id))));
  return soundRows('deliveries', found.flat());
}

/**
 * Deletes jobs with their embeddings, thumbnails and records in one transaction. A job that is gone already is passed
 * over.
 *
 * @param fateOf - decides on each record
 * @param again - the history without them
 * @returns the deleted rows, by which they can be put back
 * @throws AppError `storage-failed`; then nothing was deleted
 */
export async function deleteJobs(
  db: Database,
  jobIds: readonly string[],
  fateOf: (delivery: Delivery) => RecordFate,
  again: JudgedAgain,
): Promise<readonly DeletedJob[]> {
  const tx = db.transaction(STORES, 'readwrite');
  const deleted: DeletedJob[] = [];
  await allOrNothing(tx, [
    ...jobIds.map((id) => async () => {
      const found = await remove(tx, id, fateOf);
      if (found) deleted.push(found);
    }),
    ...judgedWrites((name) => tx.objectStore(name), again),
  ]);
  return deleted;
}

/**
 * Takes back late snapshots and better times, and restores the rows that they replaced.
 *
 * @param jobIds - those that were not there before
 * @param former - as they were before
 * @param again - the history without them
 * @throws AppError `disk-full` or `storage-failed`; then nothing was taken back
 */
export async function takeBackLate(
  db: Database,
  change: HistoryChange,
  jobIds: readonly string[],
  former: readonly Job[],
  fateOf: (delivery: Delivery) => RecordFate,
  again: JudgedAgain,
): Promise<void> {
  const tx = db.transaction(STORES, 'readwrite');
  const judged = new Map(again.judged);
  const back = former.map((job) => {
    const now = judged.get(job.id);
    // Put once: a judgement would be added to the row that this one takes the place of.
    judged.delete(job.id);
    return now && job.jobStatus === 'Completed' ? withJudged(job, judgedOf(now)) : job;
  });
  await allOrNothing(tx, [
    ...jobIds.map((id) => () => remove(tx, id, fateOf)),
    ...back.map((job) => () => putAnother((name) => tx.objectStore(name), job)),
    ...judgedWrites((name) => tx.objectStore(name), { ...again, judged }),
    () => forgetWithin((name) => tx.objectStore(name), change),
  ]);
}

async function remove(
  tx: IDBPTransaction<Schema, typeof STORES, 'readwrite'>,
  id: string,
  fateOf: (delivery: Delivery) => RecordFate,
): Promise<DeletedJob | null> {
  const deliveries = tx.objectStore('deliveries');
  const [rows, records] = await Promise.all([
    rowsOfJob((name) => tx.objectStore(name), id),
    deliveries.index('jobId').getAll(id),
  ]);
  if (!rows) return null;
  await Promise.all([
    ...BY_JOB.map((name) => tx.objectStore(name).delete(id)),
    withdraw(deliveries, id, fateOf),
  ]);
  return { ...rows, deliveries: records };
}

/**
 * Restores deleted jobs, all or none. Their records may have been taken back meanwhile: each that was ever sent is
 * looked up before it is sent again.
 *
 * @param again - the history with them
 * @throws AppError `disk-full` or `storage-failed`; then none was put back
 */
export async function restoreJobs(
  db: Database,
  deleted: readonly DeletedJob[],
  again: JudgedAgain,
): Promise<void> {
  const tx = db.transaction(STORES, 'readwrite');
  const deliveries = tx.objectStore('deliveries');
  const putBack = async (delivery: Delivery) => {
    const present = await deliveries.get([delivery.lane, delivery.jobId]);
    // Its record was not taken back.
    if (present && present.state !== 'withdrawing') return;
    await deliveries.put(delivery.state === 'queued' ? delivery : { ...delivery, state: 'unknown' });
  };
  await allOrNothing(tx, [
    ...deleted.flatMap(({ deliveries: records, ...rows }) => [
      () => addJobRows((name) => tx.objectStore(name), rows),
      ...records.map((delivery) => () => putBack(delivery)),
    ]),
    ...judgedWrites((name) => tx.objectStore(name), again),
  ]);
}
