import { compareJobs, type Job } from '../../domain/camera/job';
import { isAside } from '../../domain/camera/time/clock';
import type { WatchedCamera } from '../history/window';
import type { CountedFiles, ScoredFiles } from './batch';

/** A batch that ended before all of its files were checked. */
export interface InterruptedBatch {
  readonly checked: number;
  readonly total: number;
}

/** Counts of a batch's files by result. */
export interface BatchTally {
  /** scored for the first time */
  readonly checked: number;
  readonly failed: number;
  /** set aside, since their time can't be right or is not known */
  readonly aside: number;
  readonly seenBefore: number;
  /** left over because the person cancelled */
  readonly notChecked: number;
  /** names of those scored for the first time that the reference holds: their windows are nearer to it than others */
  readonly inReference: readonly string[];
}

/** The files of a batch that is at work, and what came of them so far. */
export class BatchOutcome {
  /** in milliseconds since 1970 */
  readonly began = Date.now();
  readonly #total: number;
  readonly #jobs: Job[] = [];
  readonly #byFile = new Map<File, Job | null>();
  readonly #written = new Map<string, CountedFiles['written'][number]>();
  #seenBefore = 0;
  #leftOver: number;

  /** @param total - number of files */
  constructor(total: number) {
    this.#total = total;
    this.#leftOver = total;
  }

  /** Number of files that were not reached. */
  get leftOver(): number {
    return this.#leftOver;
  }

  /** @param files - as many of the batch's have been answered by it */
  take(counted: CountedFiles, files: number): void {
    for (const job of counted.jobs) this.#jobs.push(job);
    for (const [file, job] of counted.byFile) this.#byFile.set(file, job);
    for (const { before, after } of counted.written) {
      const first = this.#written.get(after.id);
      this.#written.set(after.id, { before: first ? first.before : before, after });
    }
    this.#seenBefore += counted.seenBefore;
    this.#leftOver -= files;
  }

  scored(): ScoredFiles {
    // Late snapshots change jobs that were counted before.
    const asNow = (job: Job) => this.#written.get(job.id)?.after ?? job;
    return {
      jobs: this.#jobs.map(asNow).sort(compareJobs),
      byFile: new Map([...this.#byFile].map(([file, job]) => [file, job && asNow(job)])),
      seenBefore: this.#seenBefore,
      changed: [...this.#written.values()].flatMap(({ before, after }) => (before ? { before, after } : [])),
    };
  }

  /** @returns null when nothing is left over */
  interrupted(): InterruptedBatch | null {
    const total = this.#total;
    return this.#leftOver > 0 ? { checked: total - this.#leftOver, total } : null;
  }

  /**
   * @param notChecked - files that a person cancelled, of this batch and those that waited
   * @returns null if there is nothing to tell
   */
  tally({ reference }: WatchedCamera, notChecked: number): BatchTally | null {
    const jobs = this.#jobs;
    if (jobs.length + notChecked === 0) return null;
    const isNew = ({ createdAt }: Job) => createdAt >= this.began;
    const failed = jobs.filter((job) => job.jobStatus === 'Failed' && !isAside(job)).length;
    const aside = jobs.filter((job) => isAside(job) && isNew(job)).length;
    const names = new Set(reference.names);
    const inReference = jobs.flatMap((job) =>
      job.jobStatus === 'Completed' && isNew(job) && names.has(job.imageName) ? job.imageName : [],
    );
    const checked = Math.max(0, jobs.length - this.#seenBefore - failed - aside);
    return { checked, failed, aside, seenBefore: this.#seenBefore, notChecked, inReference };
  }
}
