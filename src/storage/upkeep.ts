import { originalName } from '../domain/capture-time';
import type { DeliveryState } from '../domain/delivery';
import type { Job } from '../domain/job';
import { neededByJudge, type Aged } from '../domain/retention';
import { loadCameras } from './cameras';
import { orStorageError, type Database } from './database';
import { allDeliveriesOf } from './deliveries';
import { loadJobs } from './jobs';
import { loadModels } from './models';
import { deleteOriginals, listOriginals } from './originals';

/** How much of a kind is kept; bytes are an estimate from some of them. */
interface Amount {
  readonly count: number;
  readonly bytes: number;
}

/** What the device's room is used for, as far as it can be told. */
export interface Usage {
  readonly snapshots: Amount;
  readonly thumbnails: Amount;
  readonly originals: Amount;
  readonly models: Amount;
  /** snapshots among them that are the demo camera's */
  readonly demo: number;
}

/** How many are weighed to tell how much all of them weigh. */
const SAMPLE = 60;
/** How many are deleted in one transaction. */
const BATCH = 500;
/** Nobody but this device has what is in these states. */
const WAITING: ReadonlySet<DeliveryState> = new Set([
  'queued',
  'sending',
  'unknown',
  'refused',
  'withdrawing',
]);

/** Weighs what is kept. */
export async function measureUsage(db: Database): Promise<Usage> {
  const cameras = await loadCameras(db);
  const [snapshots, thumbnails] = await orStorageError(
    Promise.all([db.count('jobs'), db.count('thumbnails')]),
  );
  const jobs = await orStorageError(db.getAll('jobs', undefined, SAMPLE));
  const embeddings = await orStorageError(db.getAll('embeddings', undefined, SAMPLE));
  const pictures = await orStorageError(db.getAll('thumbnails', undefined, SAMPLE));
  const originals = (await Promise.all(cameras.map(({ id }) => listOriginals(id)))).flat();
  const models = await loadModels(db);
  const demo = await Promise.all(
    cameras
      .filter(({ isDemo }) => isDemo)
      .map(({ id }) => orStorageError(db.countFromIndex('jobs', 'cameraId', id))),
  );
  const perSnapshot =
    mean(jobs.map((job) => JSON.stringify(job).length)) + mean(embeddings.map((e) => e.byteLength));
  return {
    snapshots: { count: snapshots, bytes: snapshots * perSnapshot },
    thumbnails: { count: thumbnails, bytes: thumbnails * mean(pictures.map((p) => p.byteLength)) },
    originals: { count: originals.length, bytes: originals.reduce((sum, { bytes }) => sum + bytes, 0) },
    models: { count: models.length, bytes: models.reduce((sum, { manifest }) => sum + manifest.bytes, 0) },
    demo: demo.reduce((sum, count) => sum + count, 0),
  };
}

/** What a deletion by age would take. */
export interface AgedItems {
  readonly kind: Aged;
  /** ids of jobs; for pictures those that have one */
  readonly jobIds: readonly string[];
  /** names of kept pictures, by camera */
  readonly originals: ReadonlyMap<string, readonly string[]>;
  readonly count: number;
  /** snapshots old enough that stay all the same: they wait to be sent, or the next verdict rests on them */
  readonly staying: number;
}

/**
 * What is older than an instant, by capture time. References stay, and so does what waits to be sent and what the next
 * verdict rests on.
 */
export async function findAged(db: Database, kind: Aged, before: number): Promise<AgedItems> {
  const jobIds: string[] = [];
  const originals = new Map<string, readonly string[]>();
  let staying = 0;
  for (const camera of await loadCameras(db)) {
    const jobs = await loadJobs(db, camera.id);
    const old = jobs.filter(({ capturedAt }) => capturedAt < before);
    const kept = await keptSnapshots(db, camera.id);
    const needed =
      kind === 'snapshots' ? new Set([...kept, ...neededByJudge(camera, jobs)]) : new Set<string>();
    const going = old.filter(({ id }) => !needed.has(id));
    staying += old.length - going.length;
    if (kind === 'snapshots') jobIds.push(...going.map(({ id }) => id));
    if (kind === 'thumbnails') jobIds.push(...(await withThumbnail(db, going)));
    if (kind !== 'thumbnails') {
      const names = new Set((await listOriginals(camera.id)).map(({ name }) => name));
      const stay = new Set(
        jobs
          .filter((job) => job.capturedAt >= before || needed.has(job.id))
          .map(({ contentSha256 }) => contentSha256),
      );
      const gone = going.filter(({ contentSha256 }) => !stay.has(contentSha256));
      const found = gone.map((job) => keptName(job, camera.name, names)).filter((name) => name !== null);
      originals.set(camera.id, [...new Set(found)]);
    }
  }
  const pictures = [...originals.values()].reduce((sum, names) => sum + names.length, 0);
  return { kind, jobIds, originals, count: kind === 'originals' ? pictures : jobIds.length, staying };
}

/** Deletes what was found, some hundred at a time; what was deleted before a failure stays so. */
export async function deleteAged(db: Database, { kind, jobIds, originals }: AgedItems): Promise<void> {
  const stores =
    kind === 'snapshots' ? (['jobs', 'embeddings', 'thumbnails'] as const) : (['thumbnails'] as const);
  for (let from = 0; from < jobIds.length; from += BATCH) {
    const tx = db.transaction(stores, 'readwrite');
    const batch = jobIds.slice(from, from + BATCH);
    const work = batch.flatMap((id) => stores.map((store) => tx.objectStore(store).delete(id)));
    await orStorageError(Promise.all([...work, tx.done]));
  }
  for (const [cameraId, names] of originals) if (names.length > 0) await deleteOriginals(cameraId, names);
}

async function keptSnapshots(db: Database, cameraId: string): Promise<ReadonlySet<string>> {
  const deliveries = await allDeliveriesOf(db, cameraId);
  return new Set(deliveries.filter(({ state }) => WAITING.has(state)).map(({ jobId }) => jobId));
}

async function withThumbnail(db: Database, jobs: readonly Job[]): Promise<string[]> {
  const store = db.transaction('thumbnails').store;
  const keys = await orStorageError(Promise.all(jobs.map(({ id }) => store.getKey(id))));
  return keys.filter((key) => key !== undefined);
}

/** Under which name a picture is kept, told by names alone: a picture of the same name and second is not touched. */
function keptName(job: Job, cameraName: string, names: ReadonlySet<string>): string | null {
  const name = originalName(job, cameraName);
  const suffixed = name.replace(
    /(\.[^.]*)?$/,
    (extension) => `-${job.contentSha256.slice(0, 8)}${extension}`,
  );
  if (names.has(suffixed)) return suffixed;
  return names.has(name) ? name : null;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
