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
  /** ids of jobs whose file could not be read, by the snapshot's place: the same file may come again */
  readonly #unread = new Map<string, string>();
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

  /** The job of the same snapshot whose file could not be read an earlier time, or whose time was wrong. */
  replacedBy(snapshot: Snapshot, contentSha256: string): string | undefined {
    return this.#asideBySha256.get(contentSha256)?.id ?? this.#unread.get(placeOf(snapshot));
  }

  /** Names of what is known by content. */
  names(): ReadonlySet<string> {
    return new Set([...this.#bySha256.values(), ...this.#aside].map(({ imageName }) => imageName));
  }

  /** Knows by their content jobs that come before all of these. */
  recall({ believed, aside }: Pick<ClockStand, 'believed' | 'aside'>): void {
    if (!this.#watched) return;
    const { camera, reference } = this.#watched;
    const final = asOf(camera.modelSha256, believed).filter((job) => isFinal(job, reference));
    for (const job of final.toReversed()) {
      if (!this.#bySha256.has(job.contentSha256)) this.#bySha256.set(job.contentSha256, job);
    }
    for (const job of aside.toReversed()) {
      if (!this.#asideBySha256.has(job.contentSha256)) this.#asideBySha256.set(job.contentSha256, job);
    }
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

  /** @param place - where the job stands: of the same snapshot, or of its neighbours of the same instant and name */
  remove(id: string, place: Job): void {
    let i = positionIn(this.#all, place) - 1;
    while (i >= 0 && this.#all[i]?.id !== id) i -= 1;
    if (i >= 0) this.#all.splice(i, 1);
    const aside = this.#aside.find((job) => job.id === id);
    if (!aside) return;
    this.#aside = this.#aside.filter((job) => job !== aside);
    this.#asideBySha256.delete(aside.contentSha256);
    this.#unread.delete(placeOf(aside));
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
    if (isFinal(job, this.#watched?.reference)) {
      this.#bySha256.set(job.contentSha256, job);
      this.#unread.delete(placeOf(job));
      return;
    }
    this.#unread.set(placeOf(job), job.id);
    if (isAside(job) && job.contentSha256 !== '') this.#asideBySha256.set(job.contentSha256, job);
  }
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
