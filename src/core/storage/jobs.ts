import type { Embedding } from '../domain/drift/embedding';
import { compareJobs, type Job } from '../domain/camera/job';
import { orStorageError, type Database } from './database';
import type { Schema } from './schema';
import { shareFacts } from './shared-facts';
import { soundRows } from './sound-rows';

/** Jobs that are read at a time: about 30 ms of work for the page. */
export const JOBS_AT_A_TIME = 2000;

type InOrder = Schema['jobs']['indexes']['inOrder'];

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

/** JPEG bytes of a job's thumbnail, or null for a file that was no picture. */
export async function loadThumbnail(db: Database, jobId: string): Promise<ArrayBuffer | null> {
  const bytes: unknown = await orStorageError(db.get('thumbnails', jobId));
  return bytes instanceof ArrayBuffer ? bytes : null;
}
