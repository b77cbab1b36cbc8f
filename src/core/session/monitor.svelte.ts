import { clockFacts, type AsideJob, type ClockFacts } from '../domain/camera/time/clock';
import { clockStand, type ClockStand } from '../domain/camera/time/clock-stand';
import { AppError } from '../domain/errors';
import {
  awaiting,
  compareJobs,
  isAwaiting,
  withByEye,
  type ByEye,
  type CompletedJob,
  type Job,
  type Reference,
} from '../domain/camera/job';
import { isFinal } from '../domain/camera/snapshot-job';
import type { EncodeResult } from '../encoder/encoder-api';
import type { OpenBatch } from '../storage/schema';
import {
  BY_HAND,
  type Arrival,
  type Counted,
  type CountedArrival,
  type MonitorParts,
  type Scored,
} from './batch';
import type { BatchNote } from './batch-note';
import type { KeptHandle } from '../browser/file-handles';
import { fetched } from '../browser/late';
import { onSight } from '../browser/sight';
import { appWords } from '../i18n/app-words';
import { asOf, oncePerSnapshot } from './history/history';
import type { Snapshot } from './capture-order';
import { KnownJobs } from './known-jobs';
import { Progress } from './progress.svelte';
import type { Scoring } from './scoring';
import type { Watched } from './history/window';

/**
 * Interval between redraws while a batch runs, in milliseconds: at 250, drawing took a tenth of the speed (two cores).
 */
const REDRAW_INTERVAL = 1000;
/** With thousands of jobs less often, because each redraw reads all of them. */
const REDRAW_INTERVAL_PER_JOB = 0.3;

/** A batch that ended before all of its files were checked. */
export interface LeftBehind {
  readonly checked: number;
  readonly total: number;
}

/** A batch, and the way it came. */
interface Batch extends Arrival {
  /** ends when it has been noted; null if it is not */
  readonly noted: Promise<void> | null;
  readonly signal: AbortSignal;
}

/** Counts of a batch's files by result. */
export interface BatchTally {
  /** scored for the first time */
  readonly checked: number;
  readonly failed: number;
  readonly seenBefore: number;
  /** names of those scored for the first time that the reference holds: their windows are nearer to it than others */
  readonly inReference: readonly string[];
}

/** Scores snapshots of one camera in capture order, and holds the results that the page shows. */
export class Monitor {
  watched = $state.raw<Watched | null>(null);
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
  /** a batch that an earlier page did not end, or this one could not; null when there is none */
  leftBehind = $state.raw<LeftBehind | null>(null);
  /** true if the whole history is here: of a long one its newest part comes first */
  isWhole = $state(true);
  /** counts of the last batch given by hand; null once a person has seen it, and before the first */
  lastBatch = $state.raw<BatchTally | null>(null);
  /** true if files are being scored or wait for their turn */
  isWorking = $state(false);
  /** when the batch began that is being scored, in milliseconds since 1970; null when none is */
  batchSince = $state.raw<number | null>(null);
  readonly progress = new Progress();

  readonly #parts: MonitorParts;
  #known: KnownJobs;
  /** judges new snapshots; null before the first batch of the camera watched */
  #scoring: Scoring | null = null;
  #whole: Promise<void> = Promise.resolve();
  /** counts cameras shown, so that the history of one never becomes another's */
  #turn = 0;
  readonly #note: BatchNote | null;
  /** the note of the batch that was left behind; null when there is none */
  #open: OpenBatch | null = null;
  #waiting = 0;
  #abort = new AbortController();
  #redrawnAt = 0;

  constructor(parts: MonitorParts) {
    this.#parts = parts;
    this.#note = parts.note;
    this.#known = this.#knowing(null, []);
  }

  /** All of `jobs` that are stored by now; while a batch runs, `jobs` is drawn less often than they come. */
  get stored(): readonly Job[] {
    return this.#known.stand.believed;
  }

  /** All of the camera, in capture order, as they are stored: those too whose time can't be right. */
  get asStored(): readonly Job[] {
    return this.#known.stored;
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
   * @param open - the batch that some page began and did not end
   * @throws AppError when the others can't be read
   */
  watch(
    watched: Watched | null,
    newest: readonly Job[],
    earlier: AsyncIterable<readonly Job[]> | null,
    open: OpenBatch | null,
  ): Promise<void> {
    const isSame = this.watched?.camera.id === watched?.camera.id;
    this.#turn += 1;
    if (!isSame) {
      this.asideSeen = 0;
      this.isSkewSeen = false;
    }
    this.#scoring = null;
    this.watched = watched;
    if (!isSame) this.lastBatch = null;
    this.leftBehind = null;
    this.#open = open?.cameraId === watched?.camera.id ? open : null;
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

  /** The person has seen the notice on the batch that was left behind. */
  async dismissLeftBehind(): Promise<void> {
    this.leftBehind = null;
    this.#open = null;
    if (this.watched) await this.#note?.end(this.watched.camera.id);
  }

  /** The person has seen the offer to judge again, for this camera and model. */
  dismissRejudge(): void {
    if (this.watched) this.#dismissed = [...this.#dismissed, modelKey(this.watched)];
  }

  /**
   * Scores snapshots, oldest first, after those already queued.
   *
   * @param handles - by which they can be read again when the page is closed before they are scored
   * @throws AppError when the model can't be used or storage fails; what was stored before stays
   */
  async score(
    files: readonly File[],
    handles: readonly KeptHandle[] = [],
    arrival: Arrival = BY_HAND,
  ): Promise<Scored> {
    const { watched } = this;
    if (!watched) throw new AppError('not-fitted');
    this.progress.add(files.length);
    this.isWorking = true;
    this.#waiting += 1;
    const { signal } = this.#abort;
    // A waiting batch is noted too: a page may be closed before its turn.
    const isNoted = arrival.isByHand || this.#open === null;
    if (isNoted) this.#open = null;
    const noted = (isNoted && this.#note?.add(watched.camera.id, files.length, handles)) || null;
    noted?.catch(() => undefined);
    return this.#parts.turns.take(() => this.#run(watched, files, { ...arrival, noted, signal }));
  }

  /** Stops after the snapshots that are being encoded; scored ones stay. */
  cancel(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.progress.resume();
  }

  /** Shows new results of scored jobs, by id. */
  takeJudged(judged: ReadonlyMap<string, CompletedJob>): void {
    this.#known.change({ judged });
    this.#show(this.#known.stand);
    // The next snapshot is judged with them.
    this.#scoring?.forgetPlace();
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
    this.#scoring?.forgetPlace();
  }

  /** Shows scored jobs as they are after something was added to them. */
  #change(changed: (job: CompletedJob) => CompletedJob): void {
    this.#known.add(changed);
    this.#show(this.#known.stand);
  }

  /** Removes deleted jobs, or adds restored ones, with the changed results of others. Nothing may be at work. */
  replace(
    goneIds: ReadonlySet<string>,
    back: readonly Job[],
    judged: ReadonlyMap<string, CompletedJob>,
  ): void {
    this.#scoring?.forgetPlace();
    this.#known.change({ judged });
    const left = this.asStored.filter(({ id }) => !goneIds.has(id));
    this.#settle(this.#knowing(this.watched, [...left, ...back].sort(compareJobs)));
  }

  async #takeEarlier(
    watched: Watched | null,
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

  /** Takes all jobs of the camera. */
  #settle(known: KnownJobs): void {
    this.#known = known;
    this.#show(known.stand);
    this.leftBehind = this.#open && leftOf(this.#open, known.stored);
    if (!this.leftBehind) this.#open = null;
  }

  /** @param stored - in capture order */
  #knowing(watched: Watched | null, stored: readonly Job[]): KnownJobs {
    return new KnownJobs(watched, stored, () => this.#clock(watched));
  }

  #clock(watched: Watched | null): ClockFacts {
    const now = this.#parts.now();
    return watched ? clockFacts(watched.camera, watched.reference, now) : { now, corrections: [], clean: [] };
  }

  /** Shows jobs by how far their clocks are believed. */
  #show({ believed, aside, doubted }: ClockStand): void {
    this.aside = aside;
    this.doubted = doubted;
    this.jobs = believed;
  }

  async #run(watched: Watched, files: readonly File[], batch: Batch): Promise<Scored> {
    const { noted, isByHand, isAnswered, signal } = batch;
    const scored: Job[] = [];
    const byFile = new Map<File, Job | null>();
    const written = new Map<string, Counted['written'][number]>();
    const began = Date.now();
    this.batchSince = began;
    let seenBefore = 0;
    let leftOver = files.length;
    this.progress.start();
    const stopShowing = onSight(() => {
      this.#show(this.#known.stand);
    });
    const take = (counted: Counted, files: number) => {
      for (const job of counted.jobs) scored.push(job);
      for (const [file, job] of counted.byFile) byFile.set(file, job);
      for (const { before, after } of counted.written) {
        const first = written.get(after.id);
        written.set(after.id, { before: first ? first.before : before, after });
      }
      seenBefore += counted.seenBefore;
      leftOver -= files;
      this.progress.advance(files);
    };
    try {
      await this.#whole;
      await noted;
      await this.#parts.models.open(watched.camera.modelSha256, signal);
      const { sortByContent } = await fetched(appWords.app.places.monitor, import('./sort-by-content'));
      const sort = () =>
        sortByContent(files, this.#known, { ...this.#parts, camera: watched.camera, signal });
      let sorted = await sort();
      const { beside } = this.#parts;
      if (beside && sorted.correctsBeside) {
        this.#settle(this.#knowing(watched, await beside.all()));
        sorted = await sort();
      }
      const { fresh, known } = sorted;
      take({ jobs: [...known.values()], byFile: known, seenBefore: known.size, written: [] }, known.size);
      if (noted) await this.#note?.know(known.size);
      let next = 0;
      const encoded = this.#parts.pool.encode(
        fresh.map((snapshot) => snapshot.file),
        watched.camera.transform,
        signal,
      );
      for await (const results of encoded) {
        const snapshots = fresh.slice(next, next + results.length);
        next += results.length;
        const counted = await this.#count(watched, snapshots, results, { isAnswered, begunAt: began });
        take(counted, results.length);
        this.#pass(snapshots, results);
        const unread = results.length - counted.jobs.length;
        if (noted) await this.#note?.know(counted.seenBefore + unread);
        this.#redraw();
        await this.progress.whileRunning();
      }
      this.leftBehind = this.#open && leftOf(this.#open, this.asStored);
      if (!this.leftBehind && this.#waiting === 1) {
        await this.#note?.end(watched.camera.id);
        this.#open = null;
      }
      // Late snapshots change jobs that were counted before.
      const asNow = (job: Job) => written.get(job.id)?.after ?? job;
      const jobOf = new Map([...byFile].map(([file, job]) => [file, job && asNow(job)]));
      const changed = [...written.values()].flatMap(({ before, after }) => (before ? { before, after } : []));
      return { jobs: scored.map(asNow).sort(compareJobs), byFile: jobOf, seenBefore, changed };
    } catch (error) {
      // The unfinished rest stays noted: a page that is being closed ends here too, when its workers die.
      this.#scoring?.forgetPlace();
      if (noted) this.#open = this.#note?.batch ?? null;
      const total = files.length;
      const ours = leftOver > 0 ? { checked: total - leftOver, total } : null;
      this.leftBehind = noted ? ours : this.#open && leftOf(this.#open, this.asStored);
      throw error;
    } finally {
      this.#waiting -= 1;
      this.batchSince = null;
      this.isWorking = this.#waiting > 0;
      this.#parts.passing?.end();
      this.lastBatch = isByHand ? tallyOf({ jobs: scored, seenBefore }, watched, began) : null;
      this.progress.finish(leftOver);
      stopShowing();
      this.#show(this.#known.stand);
    }
  }

  /** Shows the newest of the snapshots just stored. */
  #pass(snapshots: readonly Snapshot[], results: readonly EncodeResult[]): void {
    const last = results.findLastIndex(({ ok }) => ok);
    const result = results[last];
    if (!result?.ok) return;
    const picture = new Blob([result.thumbnail], { type: 'image/jpeg' });
    this.#parts.passing?.offer(picture, snapshots[last]?.capturedAt ?? null);
  }

  async #count(
    watched: Watched,
    snapshots: readonly Snapshot[],
    results: readonly EncodeResult[],
    arrival: CountedArrival,
  ): Promise<Counted> {
    if (!this.#scoring) {
      const { Scoring } = await fetched(appWords.app.places.monitor, import('./scoring'));
      this.#scoring = new Scoring(this.#parts);
    }
    return this.#scoring.count(watched, this.#known, snapshots, results, arrival);
  }

  /** Shows the counts to a person who looks; at once when they have paused, else not too often. */
  #redraw(): void {
    const now = performance.now();
    const interval = Math.max(REDRAW_INTERVAL, this.#known.stored.length * REDRAW_INTERVAL_PER_JOB);
    if (document.hidden || (now - this.#redrawnAt < interval && !this.progress.isPaused)) return;
    this.#redrawnAt = now;
    this.#show(this.#known.stand);
  }
}

/** @returns null when nothing of a batch is left */
function leftOf({ total, known = 0, startedAt }: OpenBatch, jobs: readonly Job[]): LeftBehind | null {
  const checked = known + jobs.filter((job) => job.createdAt >= startedAt).length;
  return checked < total ? { checked, total } : null;
}

function modelKey({ camera }: Watched): string {
  return `${camera.id} ${camera.modelSha256}`;
}

/** @returns null if nothing was done */
function tallyOf(
  { jobs, seenBefore }: Pick<Scored, 'jobs' | 'seenBefore'>,
  { reference }: Watched,
  began: number,
): BatchTally | null {
  if (jobs.length === 0) return null;
  const failed = jobs.filter(({ jobStatus }) => jobStatus === 'Failed').length;
  const names = new Set(reference.names);
  const inReference = jobs.flatMap(({ jobStatus, imageName, createdAt }) =>
    jobStatus === 'Completed' && createdAt >= began && names.has(imageName) ? imageName : [],
  );
  return { checked: Math.max(0, jobs.length - seenBefore - failed), failed, seenBefore, inReference };
}
