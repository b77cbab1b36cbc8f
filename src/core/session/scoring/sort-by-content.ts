import type { Job } from '../../domain/camera/job';
import { byBestWitness, isBetterWitness } from '../../domain/camera/time/witness';
import type { CameraTime } from '../../domain/camera/time/zone';
import { Breather } from '../../browser/breather';
import { unreadSha256 } from '../../encoder/content';
import { inCaptureOrder, type Snapshot } from './capture-order';
import type { KnownJobs } from './known-jobs';
import type { BatchParts } from './batch';

interface SortedFor extends Pick<BatchParts, 'pool' | 'beside' | 'now'> {
  readonly camera: CameraTime;
  readonly signal: AbortSignal;
}

/** Files sorted by content: those that were checked before, and the others, with those that know their time better. */
interface SortedFiles {
  /** in the order of the times that they state */
  readonly fresh: readonly Snapshot[];
  readonly known: ReadonlyMap<File, Job>;
  /** true if a file corrects the time of a snapshot that is not watched: all jobs from its place on are judged again */
  readonly correctsBeside: boolean;
}

/** Divides files into fresh and known ones; known ones are not decoded. */
export async function sortByContent(
  files: readonly File[],
  jobs: KnownJobs,
  { camera, pool, beside, now, signal }: SortedFor,
): Promise<SortedFiles> {
  const stated = await inCaptureOrder(files, camera, signal);
  const suspects = await suspectsAmong(stated, jobs, beside !== undefined);
  const hashes = suspects.length > 0 ? await pool.fingerprint(suspects, signal) : [];
  if (beside && suspects.length > 0) {
    const unread = await Promise.all(suspects.map(unreadSha256));
    jobs.recall(await beside.ofContents([...hashes, ...unread]));
  }
  const contents = new Map(hashes.map((hash, i) => [suspects[i]!, hash]));
  const contentOf = ({ file }: Snapshot) => contents.get(file) ?? '';
  const timed = byBestWitness(stated, contentOf, now());
  const known = new Map<File, Job>();
  let correctsBeside = false;
  const fresh = timed.filter((snapshot) => {
    const job = jobs.byContent(contentOf(snapshot));
    if (!job || isBetterWitness(snapshot, job, now())) {
      correctsBeside ||= job?.jobStatus === 'Completed' && !jobs.stored.includes(job);
      return true;
    }
    known.set(snapshot.file, jobs.shown(job));
    return false;
  });
  return { fresh, known, correctsBeside };
}

/**
 * Files that may be known, by their names, and those that may be copies of each other with another witness of their time,
 * by their sizes. If not all jobs are watched, every file may be known.
 */
async function suspectsAmong(
  stated: readonly Snapshot[],
  { names }: KnownJobs,
  areAll: boolean,
): Promise<readonly File[]> {
  const mixed = areAll ? new Set() : await mixedSizes(stated);
  return stated
    .filter(
      ({ imageName, file }) => areAll || names.has(imageName) || (mixed.size > 0 && mixed.has(file.size)),
    )
    .map(({ file }) => file);
}

/** Sizes that files with different witnesses of their time have; with one kind of witness none is asked for. */
async function mixedSizes(stated: readonly Snapshot[]): Promise<ReadonlySet<number>> {
  const mixed = new Set<number>();
  if (stated.every(({ capturedAtSource }) => capturedAtSource === stated[0]!.capturedAtSource)) return mixed;
  const sources = new Map<number, Snapshot['capturedAtSource']>();
  const breather = new Breather();
  for (const { file, capturedAtSource } of stated) {
    // The first question makes the page wait until the browser has asked the disk: .3 ms (Chromium 156).
    await breather.pause();
    const { size } = file;
    if ((sources.get(size) ?? capturedAtSource) !== capturedAtSource) mixed.add(size);
    sources.set(size, capturedAtSource);
  }
  return mixed;
}
