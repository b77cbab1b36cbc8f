import { breathe } from '../../browser/breather';
import { isAside, placeOf, type AsideJob, type ClockFacts } from '../../domain/camera/time/clock';
import { clockStand, type ClockStand } from '../../domain/camera/time/clock-stand';
import {
  compareJobs,
  withByEye,
  type CaptureOrder,
  type CompletedJob,
  type Job,
} from '../../domain/camera/job';
import { isFinal, isUnjudged } from '../../domain/camera/snapshot-job';
import { asOf } from '../history/history';
import type { WatchedCamera } from '../history/window';

/** So many jobs are recognised in a few milliseconds. */
const PIECE = 5000;

/** A stored job whose result has changed. */
export interface ChangedJob<T extends Job = CompletedJob> {
  readonly before: T;
  readonly after: T;
}

/** Changes of a camera's jobs. */
interface Changes {
  readonly gone?: readonly Job[];
  readonly more?: readonly Job[];
  /** scored jobs as they are from now on, by id */
  readonly judged?: ReadonlyMap<string, CompletedJob>;
}

/** The jobs of a camera as they are stored: in capture order, found by content and by place. */
export class KnownJobs {
  #stored: readonly Job[];
  #stand: ClockStand = { believed: [], aside: [], doubted: [] };
  readonly #watched: WatchedCamera | null;
  readonly #facts: () => ClockFacts;
  /** the job of each content: the present model's, or the failed one of a file that is no picture */
  readonly #bySha256 = new Map<string, Job>();
  /** failed jobs, by the keys that their files may come again with: a copy may have been half */
  readonly #failedReads = new Map<string, readonly Job[]>();
  /** when a file of a failed job was given again, by job id; milliseconds since 1970 */
  readonly #givenAt = new Map<string, number>();
  /** files that earlier versions set aside for their time without reading them, by content */
  readonly #asideBySha256 = new Map<string, AsideJob>();
  readonly #names = new Set<string>();

  /** @param stored - in capture order */
  constructor(watched: WatchedCamera | null, stored: readonly Job[], facts: () => ClockFacts) {
    this.#watched = watched;
    this.#stored = stored;
    this.#facts = facts;
    this.#stand = clockStand(stored, facts());
    this.#recogniseAll(stored);
  }

  /** The same for a long history, in pieces between which others have their turn. */
  static async inPieces(
    watched: WatchedCamera | null,
    stored: readonly Job[],
    facts: () => ClockFacts,
  ): Promise<KnownJobs> {
    const known = new KnownJobs(watched, [], facts);
    for (let from = 0; from < stored.length; from += PIECE) {
      known.#recogniseAll(stored.slice(from, from + PIECE));
      await breathe();
    }
    known.#stored = stored;
    known.#stand = clockStand(stored, facts());
    await breathe();
    return known;
  }

  /** All, in capture order. */
  get stored(): readonly Job[] {
    return this.#stored;
  }

  /** The same jobs, split by how far their clocks are believed. */
  get stand(): ClockStand {
    return this.#stand;
  }

  /** A picture's job as it is shown. */
  shown(job: Job): Job {
    if (job.jobStatus === 'Failed') return job;
    return this.#stand.aside.find(({ id }) => id === job.id) ?? job;
  }

  /** The present model's job for a file, or the failed job of a file that is no picture for any. */
  byContent(sha256: string): Job | undefined {
    return this.#bySha256.get(sha256);
  }

  /** The job of a file that was set aside for its time. */
  asideByContent(sha256: string): AsideJob | undefined {
    return this.#asideBySha256.get(sha256);
  }

  /**
   * The job that a snapshot takes the place of: its file could not be read an earlier time, or its time was wrong.
   *
   * @param key - its content, or what else it is known by: see `unreadSha256` and `placeOf`
   * @param before - only one whose file was given earlier, in milliseconds since 1970
   */
  replacedBy(key: string, before = Infinity): Job | undefined {
    const failed = this.#failedReads.get(key) ?? [];
    return (
      this.#asideBySha256.get(key) ??
      failed.find(({ id, createdAt }) => (this.#givenAt.get(id) ?? createdAt) < before)
    );
  }

  /** Notes that the files of these jobs are given again: what comes with them takes the place of none. */
  give(jobs: Iterable<Job>): void {
    for (const { id, jobStatus } of jobs) if (jobStatus === 'Failed') this.#givenAt.set(id, Date.now());
  }

  /** True if a file that could not be read may come again. */
  get hasFailedReads(): boolean {
    return this.#failedReads.size > 0;
  }

  /** Names of files that are, or were, known by content. */
  get names(): ReadonlySet<string> {
    return this.#names;
  }

  /** Adds jobs that come before all of these, to find them by content. */
  recall(jobs: readonly Job[]): void {
    if (!this.#watched) return;
    const known = new Set(this.#stored.map(({ id }) => id));
    const recalled = asOf(this.#watched.camera.modelSha256, jobs);
    for (const job of recalled.filter(({ id }) => !known.has(id))) this.#recognise(job);
  }

  /** @returns those that were judged before and are judged otherwise, each as it was and as it is */
  change({ gone = [], more = [], judged = new Map() }: Changes): readonly ChangedJob[] {
    const stored = [...this.#stored];
    const changed: ChangedJob[] = [];
    for (const job of gone) {
      const place = placeById(stored, job);
      // One that was only recalled is not among them.
      if (place >= 0) stored.splice(place, 1);
      this.#forget(job);
    }
    for (const job of judged.values()) {
      const place = placeById(stored, job);
      const before = stored[place];
      if (before?.jobStatus !== 'Completed') continue;
      const after = withByEye(job, before.byEye ?? null);
      if (after.capturedAt === before.capturedAt) stored[place] = after;
      else {
        stored.splice(place, 1);
        stored.splice(positionIn(stored, after), 0, after);
      }
      if (this.#bySha256.get(job.contentSha256) === before) this.#bySha256.set(job.contentSha256, after);
      if (!isUnjudged(before) && !isUnjudged(after)) changed.push({ before, after });
    }
    for (const job of more) {
      stored.splice(positionIn(stored, job), 0, job);
      this.#recognise(job);
    }
    this.#stored = stored;
    this.#stand = clockStand(stored, this.#facts());
    return changed;
  }

  /** Has scored jobs as they are after something was added to them. */
  add(changed: (job: CompletedJob) => CompletedJob): void {
    this.#stored = this.#stored.map((job) => {
      if (job.jobStatus === 'Failed') return job;
      const now = changed(job);
      if (now !== job && this.#bySha256.get(job.contentSha256) === job) {
        this.#bySha256.set(job.contentSha256, now);
      }
      return now;
    });
    this.#stand = clockStand(this.#stored, this.#facts());
  }

  #recogniseAll(jobs: readonly Job[]): void {
    if (this.#watched) for (const job of asOf(this.#watched.camera.modelSha256, jobs)) this.#recognise(job);
  }

  #forget(job: Job): void {
    if (this.#bySha256.get(job.contentSha256)?.id === job.id) this.#bySha256.delete(job.contentSha256);
    this.#asideBySha256.delete(job.contentSha256);
    for (const key of failedReadKeys(job)) {
      const others = this.#failedReads.get(key)?.filter(({ id }) => id !== job.id) ?? [];
      if (others.length > 0) this.#failedReads.set(key, others);
      else this.#failedReads.delete(key);
    }
  }

  #recognise(job: Job): void {
    const { contentSha256, imageName } = job;
    const isKept = isFinal(job, this.#watched?.reference);
    if (isKept || (isAside(job) && contentSha256 !== '')) this.#names.add(imageName);
    if (isKept) this.#bySha256.set(contentSha256, job);
    if (job.jobStatus === 'Completed') return;
    if (isAside(job) && contentSha256 !== '') this.#asideBySha256.set(contentSha256, job);
    else
      for (const key of failedReadKeys(job))
        this.#failedReads.set(key, [...(this.#failedReads.get(key) ?? []), job]);
  }
}

/** The place of a job among jobs in capture order; it may have had another time. */
function placeById(jobs: readonly Job[], job: Job): number {
  let i = positionIn(jobs, job) - 1;
  while (i >= 0 && jobs[i]!.id !== job.id) i = jobs[i]!.capturedAt < job.capturedAt ? -1 : i - 1;
  return i >= 0 ? i : jobs.findIndex(({ id }) => id === job.id);
}

/** Keys that find the failed read of a file when it comes again, perhaps with another date. */
function failedReadKeys(job: Job): readonly string[] {
  return [job.contentSha256, placeOf(job)].filter((key) => key !== '');
}

/** Insertion index in capture order; ties go after jobs with the same time and name. */
export function positionIn(jobs: readonly Job[], snapshot: CaptureOrder): number {
  let [low, high] = [0, jobs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareJobs(jobs[middle]!, snapshot) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
