import { captureTimeFromName, nameTime } from '../../../core/domain/camera/time/capture-time';
import { isAhead } from '../../../core/domain/camera/time/clock';
import { laneKey, type DeliveryState } from '../../../core/domain/camera/records/delivery';
import { isMeantFor } from '../../../core/domain/camera/records/next-state';
import type { Job } from '../../../core/domain/camera/job';
import type { GlassSight } from '../../../core/domain/glass/sight';
import { neededByJudge, type AgedKind } from '../pure/retention';
import { loadCameras } from '../../../core/storage/cameras';
import { deleteCamera } from './delete-camera';
import { allOrNothing, orStorageError, type Database } from '../../../core/storage/database';
import { allDeliveriesOf, loadDestination } from '../../../core/storage/deliveries';
import { loadJobs } from '../../../core/storage/jobs';
import { BY_JOB } from '../../../core/storage/job-rows';
import { loadModels } from '../../../core/storage/models';
import {
  camerasWithOriginals,
  deleteOriginals,
  listOriginals,
  originalNames,
} from '../../../core/storage/originals';

interface Amount {
  readonly count: number;
  readonly bytes: number;
}

export interface Usage {
  readonly snapshots: Amount;
  readonly thumbnails: Amount;
  readonly originals: Amount;
  readonly models: Amount;
  /** snapshots among them that are the demo camera's */
  readonly demo: number;
}

/** Number of rows weighed to estimate the size of all. */
const SAMPLE = 60;
const BATCH = 500;
/** States of records that only this device holds. */
const WAITING: ReadonlySet<DeliveryState> = new Set([
  'queued',
  'sending',
  'unknown',
  'refused',
  'withdrawing',
]);

export async function measureUsage(db: Database): Promise<Usage> {
  const cameras = await loadCameras(db);
  const sample = <S extends 'jobs' | 'embeddings' | 'sights' | 'thumbnails'>(store: S) =>
    orStorageError(Promise.all([db.count(store), db.getAll(store, undefined, SAMPLE)]));
  const [snapshots, jobs] = await sample('jobs');
  const [, embeddings] = await sample('embeddings');
  const [sighted, sights] = await sample('sights');
  const [thumbnails, pictures] = await sample('thumbnails');
  const keeping = new Set(await camerasWithOriginals());
  const kept = cameras.filter(({ id }) => keeping.has(id));
  const originals = (await Promise.all(kept.map(({ id }) => listOriginals(id)))).flat();
  const models = (await loadModels(db)).map(({ manifest }) => manifest);
  const demo = await Promise.all(
    cameras
      .filter(({ isDemo }) => isDemo)
      .map(({ id }) => orStorageError(db.countFromIndex('jobs', 'cameraId', id))),
  );
  const perSnapshot = mean(jobs.map(lengthOf)) + mean(embeddings.map((e) => e.byteLength));
  const besides = sighted * mean(sights.map(bytesOf));
  return {
    snapshots: { count: snapshots, bytes: snapshots * perSnapshot + besides },
    thumbnails: { count: thumbnails, bytes: thumbnails * mean(pictures.map((p) => p.byteLength)) },
    originals: { count: originals.length, bytes: originals.reduce((sum, { bytes }) => sum + bytes, 0) },
    models: { count: models.length, bytes: models.reduce((sum, { bytes }) => sum + bytes, 0) },
    demo: demo.reduce((sum, count) => sum + count, 0),
  };
}

export interface AgedItems {
  readonly kind: AgedKind;
  /** milliseconds since 1970 */
  readonly before: number;
  readonly jobIds: readonly string[];
  /** names of kept pictures, by camera */
  readonly originals: ReadonlyMap<string, readonly string[]>;
  readonly count: number;
  /** snapshots old enough that stay all the same: they wait to be sent, or the next verdict rests on them */
  readonly staying: number;
}

/**
 * Items older than an instant, by capture time. References stay, as do items that wait to be sent or that the next
 * verdict rests on.
 */
export async function findAged(db: Database, kind: AgedKind, before: number): Promise<AgedItems> {
  const now = Date.now();
  const jobIds: string[] = [];
  const originals = new Map<string, readonly string[]>();
  let staying = 0;
  for (const camera of await loadCameras(db)) {
    const jobs = await loadJobs(db, camera.id);
    // A time ahead of now is in no window, and never old.
    const inTime = jobs.filter(({ capturedAt }) => !isAhead(capturedAt, now));
    const old = jobs.filter(({ capturedAt }) => capturedAt < before);
    const waiting = await keptSnapshots(db, camera.id, jobs);
    const young = jobs.filter(({ capturedAt }) => capturedAt >= before).map(({ id }) => id);
    const needed =
      kind === 'snapshots'
        ? new Set([...waiting, ...neededByJudge(camera, inTime, new Set([...waiting, ...young]))])
        : new Set<string>();
    const going = old.filter(({ id }) => !needed.has(id));
    staying += old.length - going.length;
    if (kind === 'snapshots') jobIds.push(...going.map(({ id }) => id));
    if (kind === 'thumbnails') jobIds.push(...(await withThumbnail(db, going)));
    if (kind !== 'thumbnails') {
      // Names of kept pictures begin with their second, also under an earlier name of the camera, and without their
      // job.
      const staying = jobs.filter((job) => job.capturedAt >= before || needed.has(job.id));
      const seconds = new Set(staying.map((job) => secondOf(nameTime(job))));
      const isGoing = (name: string) => {
        const at = captureTimeFromName(name);
        return at !== null && at < before && !seconds.has(secondOf(at));
      };
      originals.set(camera.id, (await originalNames(camera.id)).filter(isGoing));
    }
  }
  return { kind, before, jobIds, originals, staying, count: countOf(kind, jobIds, originals) };
}

/** The part that may still be deleted: meanwhile a record may have begun to wait, or a camera got other settings. */
export async function stillAged(db: Database, found: AgedItems): Promise<AgedItems> {
  const now = await findAged(db, found.kind, found.before);
  const ids = new Set(now.jobIds);
  const jobIds = found.jobIds.filter((id) => ids.has(id));
  const originals = new Map<string, readonly string[]>();
  for (const [cameraId, names] of found.originals) {
    const there = new Set(now.originals.get(cameraId));
    originals.set(
      cameraId,
      names.filter((name) => there.has(name)),
    );
  }
  return { ...now, jobIds, originals, count: countOf(found.kind, jobIds, originals) };
}

function countOf(kind: AgedKind, jobIds: AgedItems['jobIds'], originals: AgedItems['originals']): number {
  if (kind !== 'originals') return jobIds.length;
  return [...originals.values()].reduce((sum, names) => sum + names.length, 0);
}

function secondOf(at: number): number {
  return Math.floor(at / 1000);
}

/**
 * Deletes the items found, some hundred at a time; items deleted before a failure stay deleted. A snapshot whose record
 * has begun to wait since then stays.
 */
export async function deleteAged(db: Database, { kind, jobIds, originals }: AgedItems): Promise<void> {
  for (let from = 0; from < jobIds.length; from += BATCH) {
    const stores = [...BY_JOB, 'cameras', 'deliveries'] as const;
    const tx = db.transaction(stores, 'readwrite');
    const cameras = tx.objectStore('cameras');
    /** capture time of the newest that goes, by camera id */
    const newest = new Map<string, number>();
    const setHorizon = async (cameraId: string, goneAt: number) => {
      const camera = await cameras.get(cameraId);
      if (!camera || goneAt < (camera.horizon ?? -Infinity)) return;
      const { horizonAsEntered: _, ...rest } = camera;
      await cameras.put({ ...rest, horizon: goneAt + 1 });
    };
    const remove = async (id: string) => {
      if (kind === 'snapshots') {
        const records = await tx.objectStore('deliveries').index('jobId').getAll(id);
        if (records.some(({ state }) => WAITING.has(state))) return;
        const job = await tx.objectStore('jobs').get(id);
        const { cameraId, capturedAt } = job ?? { cameraId: '', capturedAt: -Infinity };
        newest.set(cameraId, Math.max(newest.get(cameraId) ?? -Infinity, capturedAt));
      }
      const going = kind === 'snapshots' ? BY_JOB : (['thumbnails'] as const);
      await Promise.all(going.map((name) => tx.objectStore(name).delete(id)));
    };
    const removeAll = async () => {
      await Promise.all(jobIds.slice(from, from + BATCH).map(remove));
      await Promise.all([...newest].map(([cameraId, goneAt]) => setHorizon(cameraId, goneAt)));
    };
    await allOrNothing(tx, [removeAll]);
  }
  for (const [cameraId, names] of originals) if (names.length > 0) await deleteOriginals(cameraId, names);
}

/** Ids of cameras that are not here and of which something is: a page was closed while they were being taken in. */
export async function findStrays(db: Database): Promise<readonly string[]> {
  // A camera whose row can't be used is still here, so its rows are kept.
  const known = new Set(await orStorageError(db.getAllKeys('cameras')));
  const found = new Set(await camerasWithOriginals());
  // From each camera to the next, however many jobs it has.
  const index = db.transaction('jobs').store.index('cameraId');
  let cursor = await orStorageError(index.openKeyCursor(null, 'nextunique'));
  while (cursor) {
    found.add(cursor.key);
    cursor = await orStorageError(cursor.continue());
  }
  return [...found].filter((id) => !known.has(id));
}

/** Deletes rows of cameras that are not here. No import may be running. */
export async function forgetStrays(db: Database): Promise<void> {
  for (const cameraId of await findStrays(db)) await forgetCamera(db, cameraId);
}

/** Deletes a camera with everything that belongs to it, its kept pictures too. */
export async function forgetCamera(db: Database, cameraId: string): Promise<void> {
  await deleteCamera(db, cameraId);
  await deleteOriginals(cameraId);
}

/** Ids of jobs whose record waits, or is still to be made. */
async function keptSnapshots(
  db: Database,
  cameraId: string,
  jobs: readonly Job[],
): Promise<ReadonlySet<string>> {
  const deliveries = await allDeliveriesOf(db, cameraId);
  const destination = await loadDestination(db, cameraId);
  const kept = new Set(deliveries.filter(({ state }) => WAITING.has(state)).map(({ jobId }) => jobId));
  if (!destination) return kept;
  const lane = laneKey(destination);
  const made = new Set(deliveries.filter((delivery) => delivery.lane === lane).map(({ jobId }) => jobId));
  for (const job of jobs) if (isMeantFor(destination, job) && !made.has(job.id)) kept.add(job.id);
  return kept;
}

async function withThumbnail(db: Database, jobs: readonly Job[]): Promise<string[]> {
  const store = db.transaction('thumbnails').store;
  const keys = await orStorageError(Promise.all(jobs.map(({ id }) => store.getKey(id))));
  return keys.filter((key) => key !== undefined);
}

function lengthOf(row: object): number {
  return JSON.stringify(row).length;
}

/** Size of a sight of any version, without the descriptions of its arrays. */
function bytesOf(sight: GlassSight): number {
  return Object.values(sight).reduce<number>(
    (sum, value) => sum + (ArrayBuffer.isView(value) ? value.byteLength : 0),
    0,
  );
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
