import type { Embedding } from '../domain/drift/embedding';
import type { GlassSight } from '../domain/glass/sight';
import { withByEye, type ByEye, type CompletedJob, type FailedJob, type Job } from '../domain/camera/job';
import { allOrNothing, type Database } from './database';
import { withdraw } from './deletion/withdraw';
import { BY_JOB } from './job-rows';
import { JUDGED_STORES, judgedWrites, putAnother, UNCHANGED, type JudgedAgain } from './judged-again';

/** A job with its computed content, ready to be stored. */
export type NewJob = (
  | {
      readonly job: CompletedJob;
      readonly embedding: Embedding;
      readonly thumbnail: ArrayBuffer | null;
      /** its sight through the fit of its reference; null if there is none */
      readonly sight?: GlassSight | null;
    }
  | { readonly job: FailedJob }
) & {
  /**
   * id of the job that it replaces: its file could not be read then, or its time was wrong. Its own id if its time has
   * got a better witness: then a person's judgement stays, and waiting records are made again
   */
  readonly replaces?: string;
};

/**
 * Stores jobs with their embeddings, thumbnails and sights, and with their changes to other jobs, in one transaction:
 * after a crash each is there whole or not at all.
 *
 * @throws AppError `disk-full` or `storage-failed`; then none of them was stored
 */
export async function saveJobs(
  db: Database,
  newJobs: readonly NewJob[],
  again: JudgedAgain = UNCHANGED,
): Promise<void> {
  const stores = ['embeddings', 'thumbnails', 'deliveries', ...JUDGED_STORES] as const;
  const tx = db.transaction(stores, 'readwrite', { durability: 'relaxed' });
  const [jobs, deliveries] = [tx.objectStore('jobs'), tx.objectStore('deliveries')];
  const correct = async (job: Job) => {
    await putAnother((name) => tx.objectStore(name), job);
    await withdraw(deliveries, job.id, ({ state }) => (state === 'queued' ? 'dropped' : 'left'));
  };
  const late = new Set(again.judged.size > 0 ? again.told?.snapshots.map(({ id }) => id) : []);
  const keepFormer = async ({ id, cameraId }: Job, replaces: string) => {
    const formerRows = tx.objectStore('formerRows');
    const [job, known, change] = await Promise.all([
      jobs.get(replaces),
      formerRows.getKey([cameraId, 'late', id]),
      tx.objectStore('changes').get([cameraId, 'late']),
    ]);
    // A batch that was never announced can't be undone any more.
    const isStanding = change && (change.items.length > 0 || change.batch === again.told?.batch);
    if (!job || (known !== undefined && isStanding)) return;
    await formerRows.put({ cameraId, cause: 'late', jobId: id, job });
  };
  const writes = newJobs.flatMap((entry) => {
    const { job, replaces } = entry;
    const isCorrected = replaces === job.id;
    return [
      ...(replaces !== undefined && late.has(job.id) ? [() => keepFormer(job, replaces)] : []),
      ...(replaces === undefined || isCorrected
        ? []
        : [
            ...BY_JOB.map((name) => () => tx.objectStore(name).delete(replaces)),
            () => withdraw(deliveries, replaces),
          ]),
      () => (isCorrected ? correct(job) : jobs.add(job)),
      ...('embedding' in entry
        ? [
            () => tx.objectStore('embeddings').put(entry.embedding, job.id),
            ...(entry.thumbnail ? [() => tx.objectStore('thumbnails').put(entry.thumbnail!, job.id)] : []),
          ]
        : []),
      ...sightOf(entry).map((sight) => () => tx.objectStore('sights').put(sight, job.id)),
    ];
  });
  await allOrNothing(tx, [...writes, ...judgedWrites((name) => tx.objectStore(name), again)]);
}

function sightOf(entry: NewJob): GlassSight[] {
  return 'sight' in entry && entry.sight ? [entry.sight] : [];
}

/**
 * Stores a person's judgements of scored jobs; a job that is gone, or was not scored, stays unchanged.
 *
 * @param called - by job id; null takes back what was said
 */
export async function saveByEye(db: Database, called: ReadonlyMap<string, ByEye | null>): Promise<void> {
  const tx = db.transaction('jobs', 'readwrite');
  const writes = [...called].map(([id, byEye]) => async () => {
    const job = await tx.store.get(id);
    if (job?.jobStatus === 'Completed') await tx.store.put(withByEye(job, byEye));
  });
  await allOrNothing(tx, writes);
}
