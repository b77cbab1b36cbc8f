import { clockFacts, type AsideJob, type ClockFacts } from '../../domain/camera/time/clock';
import { clockStand, type ClockStand } from '../../domain/camera/time/clock-stand';
import type { CameraEvent } from '../../domain/camera/event';
import { compareJobs, withByEye, type ByEye, type CompletedJob, type Job } from '../../domain/camera/job';
import type { Reference } from '../../domain/camera/reference';
import { awaiting, isAwaiting } from '../../domain/camera/verdict';
import { isFinal } from '../../domain/camera/snapshot-job';
import { asOf, oncePerSnapshot } from '../history/history';
import type { WatchedCamera } from '../history/window';
import { KnownJobs } from './known-jobs';

/** The jobs of one camera in memory, as they are stored: what the page shows, and what new snapshots are added to. */
export class History {
  watched = $state.raw<WatchedCamera | null>(null);
  /**
   * all jobs of the camera whose capture time may be right, in capture order; a snapshot that several models have judged
   * has one of each
   */
  jobs = $state.raw<readonly Job[]>([]);
  /** jobs whose capture time can't be right: they count for nothing */
  aside = $state.raw<readonly AsideJob[]>([]);
  /** those of `jobs` that lie in the future: the device's clock may be wrong as well as the camera's */
  doubted = $state.raw<readonly CompletedJob[]>([]);
  /** how many of those set aside a person has seen, and whether how far ahead the newest is; as long as it is watched */
  asideSeen = $state.raw(0);
  isSkewSeen = $state.raw(false);
  readonly everything = $derived.by((): readonly Job[] => [...this.jobs, ...this.aside]);
  /** jobs of the camera's present model, and the files that could not be read */
  readonly present = $derived.by(() => {
    const { watched, jobs } = this;
    return watched ? asOf(watched.camera.modelSha256, jobs) : jobs;
  });
  /** one job for each snapshot, whichever model judged it: for when and how often the camera looks */
  readonly snapshots = $derived.by(() => oncePerSnapshot(this.jobs));
  /** number of snapshots that an earlier model has judged and the present one has not */
  readonly rejudgeable = $derived.by(() => {
    const { watched, jobs, present } = this;
    if (!watched || present.length === jobs.length) return 0;
    const known = new Set(
      present.filter((job) => isFinal(job, watched.reference)).map(({ contentSha256 }) => contentSha256),
    );
    const others = jobs
      .filter((job) => job.jobStatus === 'Completed')
      .map(({ contentSha256 }) => contentSha256);
    return new Set(others.filter((sha256) => !known.has(sha256))).size;
  });
  /** cameras and models for which a person has seen that; as long as the page is open */
  #dismissed = $state.raw<readonly string[]>([]);
  readonly isRejudgeDismissed = $derived.by(
    () => this.watched !== null && this.#dismissed.includes(modelKey(this.watched)),
  );
  /** true if the whole history is here: of a long one its newest part comes first */
  isWhole = $state(true);

  readonly #now: () => number;
  /** none before the first camera */
  #known = new KnownJobs(null, [], () => ({ now: 0, corrections: [], clean: [] }));
  #whole: Promise<void> = Promise.resolve();
  /** counts cameras shown, so that the history of one never becomes another's */
  #turn = 0;
  #revision = 0;

  /** @param now - the time if known, in milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** All of `jobs` that are stored by now; while a batch runs, `jobs` is drawn less often than they come. */
  get stored(): readonly Job[] {
    return this.#known.stand.believed;
  }

  /** All of the camera, in capture order, as they are stored: those too whose time can't be right. */
  get asStored(): readonly Job[] {
    return this.#known.stored;
  }

  /** The same by content and place, for a batch that adds to them. */
  get known(): KnownJobs {
    return this.#known;
  }

  /** Counts changes that are not of a batch: the next snapshot is judged with them. */
  get revision(): number {
    return this.#revision;
  }

  /** Ends when the whole history is here. @throws AppError when it can't be read */
  get whole(): Promise<void> {
    return this.#whole;
  }

  /**
   * Shows a camera, or its data in storage now. Nothing may be at work.
   *
   * @param newest - its newest jobs, in capture order
   * @param earlier - the others, in parts, the newest first
   * @throws AppError when the others can't be read
   */
  watch(
    watched: WatchedCamera | null,
    newest: readonly Job[],
    earlier: AsyncIterable<readonly Job[]> | null,
  ): Promise<void> {
    const isSame = this.watched?.camera.id === watched?.camera.id;
    this.#turn += 1;
    this.#revision += 1;
    if (!isSame) {
      this.asideSeen = 0;
      this.isSkewSeen = false;
    }
    this.watched = watched;
    this.isWhole = earlier === null;
    if (earlier) {
      // The same camera's known facts stay in sight until they have been read again.
      const [first] = newest;
      if (!isSame) this.#known = this.#knowing(null, []);
      const known = this.#known.stored.filter((job) => first && compareJobs(job, first) < 0);
      this.#show(clockStand([...known, ...newest], this.#clock(watched)));
      this.#whole = this.#takeEarlier(watched, newest, earlier);
    } else {
      this.#settle(this.#knowing(watched, newest));
      this.#whole = Promise.resolve();
    }
    return this.#whole;
  }

  /** The person has seen the offer to judge again, for this camera and model. */
  dismissRejudge(): void {
    if (this.watched) this.#dismissed = [...this.#dismissed, modelKey(this.watched)];
  }

  /** Shows the present state of the jobs. */
  draw(): void {
    this.#show(this.#known.stand);
  }

  /** Shows new results of scored jobs, by id. */
  takeJudged(judged: ReadonlyMap<string, CompletedJob>): void {
    this.#revision += 1;
    this.#known.change({ judged });
    this.draw();
  }

  /** Goes on with other references of the same camera. */
  takeWatched(watched: WatchedCamera): void {
    this.watched = watched;
    this.#revision += 1;
  }

  /** Goes on with other events, and the results that they make of jobs, by id. */
  takeEvents(events: readonly CameraEvent[], judged: ReadonlyMap<string, CompletedJob>): void {
    if (this.watched) this.watched = { ...this.watched, events };
    this.takeJudged(judged);
  }

  /** Shows a person's judgements of scored jobs, by job id; null takes one back. */
  takeByEye(called: ReadonlyMap<string, ByEye | null>): void {
    this.#change((job) => {
      const byEye = called.get(job.id);
      return byEye === undefined ? job : withByEye(job, byEye);
    });
  }

  /** Concludes nothing of jobs of a reference that growth and loss can look at and have not yet. */
  awaitGlass(referenceId: string): void {
    const awaited = new Set([referenceId]);
    const isAwaited = (job: Job) =>
      job.jobStatus === 'Completed' && !isAwaiting(job) && awaiting(job, awaited) !== job;
    if (this.stored.some(isAwaited)) this.#change((job) => awaiting(job, awaited) as CompletedJob);
  }

  /** Continues with the watched reference after something was added to it. */
  takeReference(reference: Reference): void {
    const { watched } = this;
    if (watched?.reference.id !== reference.id) return;
    const references = watched.references.map((known) => (known.id === reference.id ? reference : known));
    this.watched = { ...watched, reference, references };
    this.#revision += 1;
  }

  /** Removes deleted jobs, or adds restored ones, with the changed results of others. Nothing may be at work. */
  replace(
    goneIds: ReadonlySet<string>,
    back: readonly Job[],
    judged: ReadonlyMap<string, CompletedJob>,
  ): void {
    this.#revision += 1;
    this.#known.change({ judged });
    const left = this.asStored.filter(({ id }) => !goneIds.has(id));
    this.settle([...left, ...back].sort(compareJobs));
  }

  /** Takes all jobs of the camera, in capture order. */
  settle(stored: readonly Job[]): void {
    this.#settle(this.#knowing(this.watched, stored));
  }

  #settle(known: KnownJobs): void {
    this.#known = known;
    this.draw();
  }

  /** Shows scored jobs as they are after something was added to them. */
  #change(changed: (job: CompletedJob) => CompletedJob): void {
    this.#known.add(changed);
    this.draw();
  }

  async #takeEarlier(
    watched: WatchedCamera | null,
    newest: readonly Job[],
    earlier: AsyncIterable<readonly Job[]>,
  ): Promise<void> {
    const turn = this.#turn;
    const parts = [newest];
    for await (const part of earlier) {
      if (turn !== this.#turn) return this.#whole;
      parts.push(part);
    }
    const known = await KnownJobs.inPieces(watched, parts.reverse().flat(), () => this.#clock(watched));
    if (turn !== this.#turn) return this.#whole;
    this.#settle(known);
    this.isWhole = true;
  }

  #knowing(watched: WatchedCamera | null, stored: readonly Job[]): KnownJobs {
    return new KnownJobs(watched, stored, () => this.#clock(watched));
  }

  #clock(watched: WatchedCamera | null): ClockFacts {
    const now = this.#now();
    return watched ? clockFacts(watched.camera, watched.reference, now) : { now, corrections: [], clean: [] };
  }

  /** Shows jobs by how far their clocks are believed. */
  #show({ believed, aside, doubted }: ClockStand): void {
    this.aside = aside;
    this.doubted = doubted;
    this.jobs = believed;
  }
}

function modelKey({ camera }: WatchedCamera): string {
  return `${camera.id} ${camera.modelSha256}`;
}
