import type { CompletedJob } from '../domain/camera/job';
import type { GlassFit, GlassSight } from '../domain/glass/glass';
import { inThisVersion, type EarlierFit } from '../domain/glass/fit-of-before';
import { isReadable, isSight, type GlassFacts } from '../domain/glass/glass-facts';
import { allOrNothing, orStorageError, type Database } from './database';
import { markJudgedAnew, MARKING_STORES } from './judged-anew';

/** null if it was not made yet, or by a later method. */
export async function loadGlassFit(db: Database, referenceId: string): Promise<GlassFit | null> {
  const fit: { version: unknown } | undefined = await orStorageError(db.get('glassFits', referenceId));
  return isReadable(fit?.version) ? inThisVersion(fit as GlassFit | EarlierFit) : null;
}

export async function fittedAmong(
  db: Database,
  referenceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { store } = db.transaction('glassFits');
  const keys = await orStorageError(Promise.all(referenceIds.map((id) => store.getKey(id))));
  return new Set(keys.filter((key) => key !== undefined));
}

/** Keeps what was made of a reference's pictures after it was frozen. */
export async function saveGlassFit(db: Database, referenceId: string, fit: GlassFit): Promise<void> {
  await orStorageError(db.put('glassFits', fit, referenceId));
}

/** The sights of these jobs by job id; one that is not there, or of an earlier version, is left out. */
export async function loadSights(
  db: Database,
  jobIds: readonly string[],
): Promise<ReadonlyMap<string, GlassSight>> {
  const { store } = db.transaction('sights');
  const found = await orStorageError(Promise.all(jobIds.map((id) => store.get(id))));
  return new Map(
    jobIds.flatMap((id, i) => {
      const sight = found[i];
      return isSight(sight) ? [[id, sight] as const] : [];
    }),
  );
}

export interface LateGlass {
  /** null where nothing can be seen in it */
  readonly glass: GlassFacts | null;
  /** null where the one that is stored stays */
  readonly sight: GlassSight | null;
}

/** Leaves other cells out of growth and keeps its jobs' facts by id, all or nothing; a deleted job stays gone. */
export async function saveOffGlass(
  db: Database,
  referenceId: string,
  offGlass: readonly number[],
  facts: ReadonlyMap<string, GlassFacts>,
): Promise<void> {
  const tx = db.transaction(['references', 'jobs', ...MARKING_STORES], 'readwrite');
  const [references, jobs] = [tx.objectStore('references'), tx.objectStore('jobs')];
  await allOrNothing(tx, [
    async () => {
      const reference = await references.get(referenceId);
      if (!reference) return;
      await references.put({ ...reference, offGlass });
      await markJudgedAnew(tx.objectStore('settings'), tx.objectStore('destinations'), reference.cameraId);
    },
    ...[...facts].map(([id, glass]) => async () => {
      const job = await jobs.get(id);
      if (job?.jobStatus === 'Completed') await jobs.put({ ...job, glass });
    }),
  ]);
}

/** Adds late facts and sights to scored jobs, by job id, all or none; a deleted job stays gone. */
export async function saveLateGlass(db: Database, found: ReadonlyMap<string, LateGlass>): Promise<void> {
  const tx = db.transaction(['jobs', 'sights', ...MARKING_STORES], 'readwrite', {
    durability: 'relaxed',
  });
  const jobs = tx.objectStore('jobs');
  const cameraIds = new Set<string>();
  const writes = [...found].map(([id, { glass, sight }]) => async () => {
    const job = await jobs.get(id);
    if (job?.jobStatus !== 'Completed') return;
    const changed: CompletedJob = { ...job, glass };
    await jobs.put(changed);
    if (!cameraIds.has(job.cameraId)) {
      cameraIds.add(job.cameraId);
      await markJudgedAnew(tx.objectStore('settings'), tx.objectStore('destinations'), job.cameraId);
    }
    if (sight) await tx.objectStore('sights').put(sight, id);
  });
  await allOrNothing(tx, writes);
}
