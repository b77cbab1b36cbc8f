import { isAside, type AsideJob, type ClockStand } from '../domain/camera/time/clock';
import { compareJobs, type CompletedJob, type Job } from '../domain/camera/job';
import { isFinal, placeOf } from '../domain/camera/snapshot-job';
import { asOf, scoredBy } from './history/history';
import type { Snapshot } from './capture-order';
import type { Watched } from './history/window';

/** The jobs of a camera as they are stored: in capture order, found by content and by place. */
export class KnownJobs {
  #all: Job[];
  #scored: CompletedJob[] = [];
  #aside: readonly AsideJob[];
  readonly #watched: Watched | null;
  /** what is known of a file by its content: the present model's job, or that it is no picture for any */
  readonly #bySha256 = new Map<string, Job>();
  /** jobs whose file could not be read, by the keys that it may come again with */
  readonly #unread = new Map<string, readonly Job[]>();
  /** jobs that were set aside for their time, by content: the same file is judged once its clock is set right */
  readonly #asideBySha256 = new Map<string, AsideJob>();

  /** @param believed - in capture order */
  constructor(watched: Watched | null, believed: readonly Job[] = [], aside: readonly AsideJob[] = []) {
    this.#watched = watched;
    this.#all = [...believed];
    this.#aside = aside;
    if (!watched) return;
    const { modelSha256 } = watched.camera;
    this.#scored = scoredBy(modelSha256, believed);
    for (const job of [...aside, ...asOf(modelSha256, believed)]) this.#recognise(job);
  }

  /** All whose capture time may be right, in capture order. */
  get all(): readonly Job[] {
    return this.#all;
  }

  /** Those of them that the camera's present model has scored: what earlier ones said has no part in judging. */
  get scored(): readonly CompletedJob[] {
    return this.#scored;
  }

  /** Those whose capture time can't be right, in capture order. */
  get aside(): readonly AsideJob[] {
    return this.#aside;
  }

  /** What the present model said of a file, or that it is no picture for any. */
  byContent(sha256: string): Job | undefined {
    return this.#bySha256.get(sha256);
  }

  /** What of a file was set aside for its time. */
  asideByContent(sha256: string): AsideJob | undefined {
    return this.#asideBySha256.get(sha256);
  }

  /**
   * The job that a snapshot takes the place of: its file could not be read an earlier time, or its time was wrong.
   *
   * @param key - its content, or what else it is known by: see `unreadSha256` and `placeOf`
   * @param before - only one that is older, in milliseconds since 1970
   */
  replacedBy(key: string, before = Infinity): Job | undefined {
    return this.#asideBySha256.get(key) ?? this.#unread.get(key)?.find(({ createdAt }) => createdAt < before);
  }

  /** True if a file that could not be read may come again. */
  get hasUnread(): boolean {
    return this.#unread.size > 0;
  }

  /** Names of what is known by content. */
  names(): ReadonlySet<string> {
    return new Set([...this.#bySha256.values(), ...this.#aside].map(({ imageName }) => imageName));
  }

  /** Knows by their content jobs that come before all of these. */
  recall({ believed, aside }: Pick<ClockStand, 'believed' | 'aside'>): void {
    if (!this.#watched) return;
    const known = new Set([...this.#all, ...this.#aside].map(({ id }) => id));
    const recalled = [...aside, ...asOf(this.#watched.camera.modelSha256, believed)];
    for (const job of recalled.filter(({ id }) => !known.has(id))) this.#recognise(job);
  }

  insert(job: Job): void {
    if (isAside(job)) {
      this.#aside = [...this.#aside, job].sort(compareJobs);
    } else {
      this.#all.splice(positionIn(this.#all, job), 0, job);
      if (job.jobStatus === 'Completed') {
        this.#scored.splice(positionIn(this.#scored, job), 0, job);
      }
    }
    this.#recognise(job);
  }

  remove(job: Job): void {
    for (const jobs of [this.#all, this.#scored]) {
      let i = positionIn(jobs, job) - 1;
      while (i >= 0 && jobs[i]?.id !== job.id) i -= 1;
      if (i >= 0) jobs.splice(i, 1);
    }
    this.#aside = this.#aside.filter(({ id }) => id !== job.id);
    this.#asideBySha256.delete(job.contentSha256);
    for (const key of unreadKeys(job)) {
      const others = this.#unread.get(key)?.filter(({ id }) => id !== job.id) ?? [];
      if (others.length > 0) this.#unread.set(key, others);
      else this.#unread.delete(key);
    }
  }

  /** Has scored jobs as they are after something was added to them. */
  change(changed: (job: CompletedJob) => CompletedJob): void {
    this.#all = this.#all.map((job) => {
      if (job.jobStatus === 'Failed') return job;
      const now = changed(job);
      if (now !== job && this.#bySha256.get(job.contentSha256) === job) {
        this.#bySha256.set(job.contentSha256, now);
      }
      return now;
    });
    if (this.#watched) this.#scored = scoredBy(this.#watched.camera.modelSha256, this.#all);
  }

  #recognise(job: Job): void {
    const { contentSha256 } = job;
    if (isFinal(job, this.#watched?.reference)) this.#bySha256.set(contentSha256, job);
    else if (isAside(job) && contentSha256 !== '') this.#asideBySha256.set(contentSha256, job);
    else for (const key of unreadKeys(job)) this.#unread.set(key, [...(this.#unread.get(key) ?? []), job]);
  }
}

/** Keys of a file that could not be read, by which it is known when it comes again, perhaps with another date. */
function unreadKeys(job: Job): readonly string[] {
  return [job.contentSha256, placeOf(job)].filter((key) => key !== '');
}

/** Where a snapshot belongs among jobs in capture order, after those of the same instant and name. */
export function positionIn(
  jobs: readonly Job[],
  snapshot: Pick<Snapshot, 'capturedAt' | 'imageName'>,
): number {
  let [low, high] = [0, jobs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareJobs(jobs[middle]!, snapshot) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
