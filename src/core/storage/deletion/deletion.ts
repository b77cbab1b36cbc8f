import type { Delivery, RecordFate } from '../../domain/camera/records/delivery';
import type { Embedding } from '../../domain/drift/embedding';
import type { GlassSight } from '../../domain/glass/glass';
import type { Job } from '../../domain/camera/job';
import type { Detections } from '../../domain/detection/detection';
import { allOrNothing, orStorageError, type Database } from '../database';
import { withdraw } from './withdraw';
import { detectionsOf } from '../detections';
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

const STORES = ['jobs', 'embeddings', 'thumbnails', 'sights', 'detections', 'deliveries'] as const;

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
 * @returns what was deleted, by which it can be put back
 * @throws AppError `storage-failed`; then nothing was deleted
 */
export async function deleteJobs(
  db: Database,
  jobIds: readonly string[],
  fateOf: (delivery: Delivery) => RecordFate,
): Promise<readonly DeletedJob[]> {
  const tx = db.transaction(STORES, 'readwrite');
  const [jobs, embeddings] = [tx.objectStore('jobs'), tx.objectStore('embeddings')];
  const [thumbnails, sights] = [tx.objectStore('thumbnails'), tx.objectStore('sights')];
  const [detections, deliveries] = [tx.objectStore('detections'), tx.objectStore('deliveries')];
  const deleted: DeletedJob[] = [];
  const remove = async (id: string) => {
    const [job, embedding, thumbnail, sight, found, records] = await Promise.all([
      jobs.get(id),
      embeddings.get(id),
      thumbnails.get(id),
      sights.get(id),
      detections.getAll(detectionsOf(id)),
      deliveries.index('jobId').getAll(id),
    ]);
    if (!job) return;
    deleted.push({
      job,
      embedding: embedding ?? null,
      thumbnail: thumbnail ?? null,
      sight: sight ?? null,
      detections: found,
      deliveries: records,
    });
    await Promise.all([
      jobs.delete(id),
      embeddings.delete(id),
      thumbnails.delete(id),
      sights.delete(id),
      detections.delete(detectionsOf(id)),
      withdraw(deliveries, id, fateOf),
    ]);
  };
  await allOrNothing(
    tx,
    jobIds.map((id) => () => remove(id)),
  );
  return deleted;
}

/**
 * Puts deleted jobs back as they were, all or none. Their records may have been taken back meanwhile: each that was ever
 * sent is looked up before it is sent again.
 *
 * @throws AppError `disk-full` or `storage-failed`; then none was put back
 */
export async function restoreJobs(db: Database, deleted: readonly DeletedJob[]): Promise<void> {
  const tx = db.transaction(STORES, 'readwrite');
  const deliveries = tx.objectStore('deliveries');
  const putBack = async (delivery: Delivery) => {
    const present = await deliveries.get([delivery.lane, delivery.jobId]);
    // It was left where it is.
    if (present && present.state !== 'withdrawing') return;
    await deliveries.put(delivery.state === 'queued' ? delivery : { ...delivery, state: 'unknown' });
  };
  await allOrNothing(
    tx,
    deleted.flatMap(({ job, embedding, thumbnail, sight, detections, deliveries: records }) => [
      () => tx.objectStore('jobs').add(job),
      ...(embedding ? [() => tx.objectStore('embeddings').put(embedding, job.id)] : []),
      ...(thumbnail ? [() => tx.objectStore('thumbnails').put(thumbnail, job.id)] : []),
      ...(sight ? [() => tx.objectStore('sights').put(sight, job.id)] : []),
      ...detections.map((found) => () => tx.objectStore('detections').put(found)),
      ...records.map((delivery) => () => putBack(delivery)),
    ]),
  );
}
