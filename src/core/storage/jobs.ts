import type { Embedding } from '../domain/drift/embedding';
import type { GlassSight } from '../domain/glass/sight';
import {
  calledAs,
  compareJobs,
  withByEye,
  type ByEye,
  type CompletedJob,
  type FailedJob,
  type Job,
} from '../domain/camera/job';
import type { Because } from '../domain/camera/history-change';
import { judgedOf, withJudged } from '../domain/camera/judged';
import { allOrNothing, orStorageError, type Database } from './database';
import { CHANGE_STORES, noteChange } from './changes';
import { markJudgedAnew, MARKING_STORES, type Store } from './judged-anew';
import type { Schema } from './schema';
import { shareFacts } from './shared-facts';
import { soundRows } from './rows/sound-rows';
import { withdraw } from './deletion/withdraw';

/** A job with its computed content, ready to be stored. */
export type NewJob = (
  | {
      readonly job: CompletedJob;
      readonly embedding: Embedding;
      readonly thumbnail: ArrayBuffer;
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

/** The stores in which a job's id is the key. */
export const BY_JOB = ['jobs', 'embeddings', 'thumbnails', 'sights'] as const;

/** Jobs that are read at a time: about 30 ms of work for the page. */
export const JOBS_AT_A_TIME = 2000;

type InOrder = Schema['jobs']['indexes']['inOrder'];

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
    const job = await jobs.get(replaces);
    const row = { cameraId, cause: 'late', jobId: id } as const;
    const known = await tx.objectStore('formerRows').getKey([cameraId, 'late', id]);
    if (job && known === undefined) await tx.objectStore('formerRows').put({ ...row, job });
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
            () => tx.objectStore('thumbnails').put(entry.thumbnail, job.id),
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

/** All jobs of a camera in capture order, those left out that can't be used. */
export async function loadJobs(db: Database, cameraId: string): Promise<Job[]> {
  const parts: Job[][] = [];
  for await (const part of loadJobsNewestFirst(db, cameraId)) parts.push(part);
  return parts.reverse().flat();
}

/**
 * All jobs of a camera in parts, the newest first and each in capture order: reading 100,000 at once would hold the
 * page up for seconds. A part of fewer than `JOBS_AT_A_TIME` is the last one. Rows that can't be used are left out.
 *
 * @param most - so many are in the first part, at least, where there are so many
 */
export async function* loadJobsNewestFirst(
  db: Database,
  cameraId: string,
  most = JOBS_AT_A_TIME,
): AsyncGenerator<Job[]> {
  const first = [cameraId] as unknown as InOrder;
  // Arrays come after everything else in the order of keys.
  let end = [cameraId, []] as unknown as InOrder;
  let part: Job[] = [];
  for (;;) {
    const index = db.transaction('jobs').store.index('inOrder');
    const range = IDBKeyRange.bound(first, end, false, true);
    const newest = await orStorageError(index.openKeyCursor(range, 'prev'));
    if (!newest) break;
    const oldest = await orStorageError(newest.advance(most - 1));
    const start = oldest?.key ?? first;
    const found = await orStorageError(index.getAll(IDBKeyRange.bound(start, end, false, true)));
    // The index leaves those of one instant and name in the order of their ids.
    const jobs = soundRows('jobs', found).sort(compareJobs);
    shareFacts(jobs);
    part = [...jobs, ...part];
    if (!oldest) break;
    end = start;
    if (part.length < most) continue;
    yield part;
    part = [];
    most = JOBS_AT_A_TIME;
  }
  if (part.length > 0) yield part;
}

/** All that a camera's jobs say of these contents, in capture order; rows that can't be used are left out. */
export async function loadJobsOfContents(
  db: Database,
  cameraId: string,
  contents: readonly string[],
): Promise<Job[]> {
  const index = db.transaction('jobs').store.index('byContent');
  const found = await orStorageError(
    Promise.all([...new Set(contents)].map((sha256) => index.getAll([cameraId, sha256]))),
  );
  return soundRows('jobs', found.flat()).sort(compareJobs);
}

/** At most so many of a camera's newest jobs, in capture order. */
export async function loadNewestJobs(db: Database, cameraId: string, most: number): Promise<Job[]> {
  const index = db.transaction('jobs').store.index('inOrder');
  const [first, end] = [[cameraId], [cameraId, []]] as unknown as InOrder[];
  const newest = await orStorageError(index.openKeyCursor(IDBKeyRange.bound(first, end), 'prev'));
  const oldest = await orStorageError(newest?.advance(most - 1) ?? Promise.resolve(null));
  return soundRows('jobs', await orStorageError(index.getAll(IDBKeyRange.bound(oldest?.key ?? first, end))));
}

/**
 * The first job of a camera in each stretch of time, in capture order: a month at a glance costs a hundredth of reading it.
 *
 * @param from - where the first stretch begins, and `to` where the last one ends, in milliseconds since 1970
 * @param stretch - milliseconds
 */
export async function loadSampledJobs(
  db: Database,
  cameraId: string,
  { from, to, stretch }: { readonly from: number; readonly to: number; readonly stretch: number },
): Promise<Job[]> {
  const index = db.transaction('jobs').store.index('inOrder');
  const found: Promise<Job | undefined>[] = [];
  for (let at = from; at < to; at += stretch) {
    const [begin, end] = [at, Math.min(at + stretch, to)].map(
      (edge) => [cameraId, edge] as unknown as InOrder,
    );
    found.push(index.get(IDBKeyRange.bound(begin, end, false, true)));
  }
  const jobs = await orStorageError(Promise.all(found));
  return soundRows(
    'jobs',
    jobs.filter((job) => job !== undefined),
  );
}

/**
 * The embeddings of these jobs by job id, in the order asked for. Jobs without one, because they failed or it is lost,
 * are left out.
 */
export async function loadEmbeddings(
  db: Database,
  jobIds: readonly string[],
): Promise<ReadonlyMap<string, Embedding>> {
  const tx = db.transaction('embeddings');
  const found = await orStorageError(Promise.all(jobIds.map((id) => tx.store.get(id))));
  const byId = new Map<string, Embedding>();
  for (const [i, id] of jobIds.entries()) {
    const embedding: unknown = found[i];
    if (embedding instanceof Float32Array) byId.set(id, embedding);
  }
  return byId;
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

/** A camera's history after a change. */
export interface JudgedAgain {
  /** the jobs that change, by id, in capture order; all others stay */
  readonly judged: ReadonlyMap<string, CompletedJob>;
  /** new sights, by job id */
  readonly sights: ReadonlyMap<string, GlassSight>;
  /** the reason shown to a person; absent if they asked for the change */
  readonly told?: Because;
}

export const UNCHANGED: JudgedAgain = { judged: new Map(), sights: new Map() };

/** The stores that a transaction needs for {@link judgedWrites}. */
export const JUDGED_STORES = ['jobs', 'sights', ...CHANGE_STORES, ...MARKING_STORES] as const;

type StoreOf = <Name extends (typeof JUDGED_STORES)[number]>(name: Name) => Store<Name>;

/** Replaces a job's result in a transaction; a person's judgement of it stays. */
export async function putAnother(storeOf: StoreOf, job: Job): Promise<void> {
  const jobs = storeOf('jobs');
  await jobs.put(calledAs(job, await jobs.get(job.id)));
  await markJudgedAnew(storeOf('settings'), storeOf('destinations'), job.cameraId);
}

/** The writes of a history judged again, for the transaction with its cause; a deleted job stays deleted. */
export function judgedWrites(
  storeOf: StoreOf,
  { judged, sights, told }: JudgedAgain,
): (() => Promise<unknown>)[] {
  const jobs = storeOf('jobs');
  const [first] = judged.values();
  const changed: { readonly before: CompletedJob; readonly after: CompletedJob }[] = [];
  const keep = async (id: string) => {
    // A sight that stays need not be kept twice.
    const [job, sight] = await Promise.all([
      jobs.get(id),
      sights.has(id) ? storeOf('sights').get(id) : undefined,
    ]);
    if (!job) return;
    const row = { cause: 'upgrade', cameraId: job.cameraId, jobId: id, job } as const;
    await storeOf('formerRows').put({ ...row, ...(sights.has(id) && { sight: sight ?? null }) });
  };
  const judge = async ([id, job]: readonly [string, CompletedJob]) => {
    const before = await jobs.get(id);
    if (before?.jobStatus !== 'Completed') return;
    const after = withJudged(before, judgedOf(job));
    await jobs.put(after);
    changed.push({ before, after });
  };
  const judgeAll = async () => {
    await Promise.all([...judged].map(judge));
    if (told) await noteChange(storeOf('changes'), told, changed);
  };
  return [
    // Former rows are read before anything is written over.
    ...(told?.cause === 'upgrade' ? [...new Set([...judged.keys(), ...sights.keys()])] : []).map(
      (id) => () => keep(id),
    ),
    judgeAll,
    ...[...sights].map(([id, sight]) => async () => {
      if ((await jobs.getKey(id)) !== undefined) await storeOf('sights').put(sight, id);
    }),
    ...(first ? [() => markJudgedAnew(storeOf('settings'), storeOf('destinations'), first.cameraId)] : []),
  ];
}

/** JPEG bytes of a job's thumbnail, or null for a file that was no picture. */
export async function loadThumbnail(db: Database, jobId: string): Promise<ArrayBuffer | null> {
  const bytes: unknown = await orStorageError(db.get('thumbnails', jobId));
  return bytes instanceof ArrayBuffer ? bytes : null;
}
