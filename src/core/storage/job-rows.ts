import type { Embedding } from '../domain/drift/embedding';
import type { GlassSight } from '../domain/glass/sight';
import type { Job } from '../domain/camera/job';
import type { Store } from './judged-anew';
import type { Schema } from './schema';

/** The stores in which a job's id is the key. */
export const BY_JOB = ['jobs', 'embeddings', 'thumbnails', 'sights'] as const;
type ByJob = (typeof BY_JOB)[number];

/** A job with its rows of other stores; null for those that are missing. */
export interface JobRows {
  readonly job: Job;
  readonly embedding: Embedding | null;
  /** JPEG bytes */
  readonly thumbnail: ArrayBuffer | null;
  /** its sight through the fit of its reference */
  readonly sight: GlassSight | null;
}

/** Reads a job in a transaction; null if it is gone. */
export async function rowsOfJob(
  storeOf: <Name extends ByJob>(
    name: Name,
  ) => { get(id: string): Promise<Schema[Name]['value'] | undefined> },
  id: string,
): Promise<JobRows | null> {
  const [job, embedding = null, thumbnail = null, sight = null] = await Promise.all([
    storeOf('jobs').get(id),
    storeOf('embeddings').get(id),
    storeOf('thumbnails').get(id),
    storeOf('sights').get(id),
  ]);
  return job ? { job, embedding, thumbnail, sight } : null;
}

/** Adds a job in a transaction, which fails if its id is there. */
export async function addJobRows(
  storeOf: <Name extends ByJob>(name: Name) => Store<Name>,
  { job, embedding, thumbnail, sight }: JobRows,
): Promise<void> {
  const writes = [
    () => storeOf('jobs').add(job),
    () => embedding && storeOf('embeddings').put(embedding, job.id),
    () => thumbnail && storeOf('thumbnails').put(thumbnail, job.id),
    () => sight && storeOf('sights').put(sight, job.id),
  ];
  // A store that throws at once leaves no other request without an answer.
  await Promise.all(writes.map(async (write) => write()));
}
