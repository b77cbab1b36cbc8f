import type { Job } from '../domain/camera/job';
import { byBestWitness, isBetterWitness } from '../domain/camera/time/witness';
import { unreadSha256 } from '../encoder/content';
import { inCaptureOrder, type Snapshot } from './capture-order';
import type { Watched } from './history/window';
import type { KnownJobs } from './known-jobs';
import type { MonitorParts } from './monitor.svelte';

interface SortedFor extends Pick<MonitorParts, 'pool' | 'recalled' | 'now'> {
  readonly watched: Watched;
  readonly signal: AbortSignal;
}

/** Files that were checked before, told by their contents, and the others: those too that know better when they were taken. */
interface Sorted {
  /** in the order of the times that they are judged by */
  readonly fresh: readonly Snapshot[];
  readonly known: ReadonlyMap<File, Job>;
}

/** Divides files into fresh and known ones; known ones are not decoded. */
export async function sortByContent(
  files: readonly File[],
  jobs: KnownJobs,
  { pool, recalled, now, watched, signal }: SortedFor,
): Promise<Sorted> {
  const stated = await inCaptureOrder(files, signal);
  const suspects = suspectsAmong(stated, jobs, recalled !== undefined);
  const hashes = suspects.length > 0 ? await pool.fingerprint(suspects, signal) : [];
  if (recalled && suspects.length > 0) {
    const unread = await Promise.all(suspects.map(unreadSha256));
    jobs.recall(await recalled([...hashes, ...unread]));
  }
  const contents = new Map(hashes.map((hash, i) => [suspects[i]!, hash]));
  const contentOf = ({ file }: Snapshot) => contents.get(file) ?? '';
  const { camera, reference } = watched;
  const scored = jobs.all.filter(({ jobStatus }) => jobStatus === 'Completed');
  const clean = reference.capturedAt?.filter((at) => at !== null) ?? [];
  const timed = byBestWitness(stated, contentOf, {
    now: now(),
    known: [...clean, ...scored.map(({ capturedAt }) => capturedAt)],
    corrections: camera.clockCorrections ?? [],
    wasAside: (snapshot) => jobs.asideByContent(contentOf(snapshot)) !== undefined,
  });
  const known = new Map<File, Job>();
  const fresh = timed.filter((snapshot) => {
    const hash = contentOf(snapshot);
    const job = jobs.byContent(hash) ?? (snapshot.fault ? jobs.asideByContent(hash) : undefined);
    if (!job || isBetterWitness(snapshot, job)) return true;
    known.set(snapshot.file, job);
    return false;
  });
  return { fresh, known };
}

/**
 * Files that may be known, by their names, and those that may be copies of each other with another witness of their time,
 * by their sizes. If not all jobs are watched, every file may be known.
 */
function suspectsAmong(stated: readonly Snapshot[], jobs: KnownJobs, areAll: boolean): readonly File[] {
  const names = jobs.names();
  const sources = new Map<number, Snapshot['capturedAtSource']>();
  const mixed = new Set<number>();
  for (const { file, capturedAtSource } of stated) {
    if ((sources.get(file.size) ?? capturedAtSource) !== capturedAtSource) mixed.add(file.size);
    sources.set(file.size, capturedAtSource);
  }
  return stated
    .filter(({ imageName, file }) => areAll || names.has(imageName) || mixed.has(file.size))
    .map(({ file }) => file);
}
