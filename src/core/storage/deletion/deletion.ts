import type { IDBPTransaction } from 'idb';
import type { FormerRow, HistoryChange } from '../../domain/camera/history-change';
import type { Delivery, RecordFate } from '../../domain/camera/records/delivery';
import type { Embedding } from '../../domain/drift/embedding';
import type { GlassSight } from '../../domain/glass/sight';
import { withByEye, type Job } from '../../domain/camera/job';
import type { Detections } from '../../domain/detection/detection';
import { allOrNothing, orStorageError, type Database } from '../database';
import { forgetWithin } from '../changes';
import { markJudgedAnew } from '../judged-anew';
import type { Schema } from '../schema';
import { withdraw } from './withdraw';
import { detectionsOf } from '../detections';
import { JUDGED_STORES, judgedWrites, type JudgedAgain } from '../jobs';
import { soundRows } from '../rows/sound-rows';

export interface DeletedJob {
  readonly job: Job;
  readonly embedding: Embedding | null;
  readonly thumbnail: ArrayBuffer | null;
  readonly sight: GlassSight | null;
  /** of every detector */
  readonly detections: readonly Detections[];
  /** its records as they stood before */
  readonly deliveries: readonly Delivery[];
}

const STORES = ['embeddings', 'thumbnails', 'detections', 'deliveries', ...JUDGED_STORES] as const;

export async function deliveriesOfJobs(db: Database, jobIds: readonly string[]): Promise<Delivery[]> {
  const index = db.transaction('deliveries').store.index('jobId');
  const found = await orStorageError(Promise.all(jobIds.map((id) => index.getAll(id))));
  return soundRows('deliveries', found.flat());
}

/**
 * Deletes jobs with their embeddings, thumbnails, detections and records in one transaction. A job that is gone already is passed
 * over.
 *
 * @param fateOf - what becomes of each record
 * @param again - what the others say without them
 * @returns what was deleted, by which it can be put back
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
 * Takes back late snapshots and better times: what each took the place of is put back.
 *
 * @param again - what the others say without them
 * @throws AppError `disk-full` or `storage-failed`; then nothing was taken back
 */
export async function takeBackLate(
  db: Database,
  change: HistoryChange,
  former: readonly FormerRow[],
  fateOf: (delivery: Delivery) => RecordFate,
  again: JudgedAgain,
): Promise<void> {
  const tx = db.transaction(STORES, 'readwrite');
  const jobs = tx.objectStore('jobs');
  const kept = new Set(former.map(({ job }) => job.id));
  const gone = change.snapshots.filter(({ id }) => !kept.has(id));
  const putBack = async (job: Job) => {
    const present = await jobs.get(job.id);
    const areCompleted = job.jobStatus === 'Completed' && present?.jobStatus === 'Completed';
    await jobs.put(areCompleted ? withByEye(job, present.byEye ?? null) : job);
    await markJudgedAnew(tx.objectStore('settings'), tx.objectStore('destinations'), job.cameraId);
  };
  await allOrNothing(tx, [
    ...gone.map((each) => () => remove(tx, each.id, fateOf)),
    ...former.map((row) => () => putBack(row.job)),
    ...judgedWrites((name) => tx.objectStore(name), again),
    () => forgetWithin((name) => tx.objectStore(name), change),
  ]);
}

async function remove(
  tx: IDBPTransaction<Schema, typeof STORES, 'readwrite'>,
  id: string,
  fateOf: (delivery: Delivery) => RecordFate,
): Promise<DeletedJob | null> {
  const [jobs, embeddings] = [tx.objectStore('jobs'), tx.objectStore('embeddings')];
  const [thumbnails, sights] = [tx.objectStore('thumbnails'), tx.objectStore('sights')];
  const [detections, deliveries] = [tx.objectStore('detections'), tx.objectStore('deliveries')];
  const [job, embedding, thumbnail, sight, found, records] = await Promise.all([
    jobs.get(id),
    embeddings.get(id),
    thumbnails.get(id),
    sights.get(id),
    detections.getAll(detectionsOf(id)),
    deliveries.index('jobId').getAll(id),
  ]);
  if (!job) return null;
  await Promise.all([
    jobs.delete(id),
    embeddings.delete(id),
    thumbnails.delete(id),
    sights.delete(id),
    detections.delete(detectionsOf(id)),
    withdraw(deliveries, id, fateOf),
  ]);
  return {
    job,
    embedding: embedding ?? null,
    thumbnail: thumbnail ?? null,
    sight: sight ?? null,
    detections: found,
    deliveries: records,
  };
}

/**
 * Puts deleted jobs back as they were, all or none. Their records may have been taken back meanwhile: each that was ever
 * sent is looked up before it is sent again.
 *
 * @param again - what they and the others say then
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
    // It was left where it is.
    if (present && present.state !== 'withdrawing') return;
    await deliveries.put(delivery.state === 'queued' ? delivery : { ...delivery, state: 'unknown' });
  };
  await allOrNothing(tx, [
    ...deleted.flatMap(({ job, embedding, thumbnail, sight, detections, deliveries: records }) => [
      () => tx.objectStore('jobs').add(job),
      ...(embedding ? [() => tx.objectStore('embeddings').put(embedding, job.id)] : []),
      ...(thumbnail ? [() => tx.objectStore('thumbnails').put(thumbnail, job.id)] : []),
      ...(sight ? [() => tx.objectStore('sights').put(sight, job.id)] : []),
      ...detections.map((found) => () => tx.objectStore('detections').put(found)),
      ...records.map((delivery) => () => putBack(delivery)),
    ]),
    ...judgedWrites((name) => tx.objectStore(name), again),
  ]);
}
