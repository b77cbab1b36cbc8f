import type { Job } from '../../domain/camera/job';
import { byBestWitness, isBetterWitness } from '../../domain/camera/time/witness';
import type { CameraTime } from '../../domain/camera/time/zone';
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
  const suspects = suspectsAmong(stated, jobs, beside !== undefined);
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
function suspectsAmong(stated: readonly Snapshot[], jobs: KnownJobs, areAll: boolean): readonly File[] {
  const { names } = jobs;
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
