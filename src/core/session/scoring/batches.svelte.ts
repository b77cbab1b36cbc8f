import { isAside } from '../../domain/camera/time/clock';
import { AppError } from '../../domain/errors';
import { compareJobs, type Job } from '../../domain/camera/job';
import type { EncodeResult } from '../../encoder/encoder-api';
import type { OpenBatch } from '../../storage/schema';
import type { KeptHandle } from '../../browser/file-handles';
import { fetched } from '../../browser/late';
import { onSight } from '../../browser/sight';
import { appWords } from '../../i18n/app-words';
import type { Watched } from '../history/window';
import {
  BY_HAND,
  type Arrival,
  type BatchParts,
  type Counted,
  type CountedArrival,
  type Scored,
} from './batch';
import type { BatchNote } from './batch-note';
import type { Snapshot } from './capture-order';
import type { History } from './history.svelte';
import type { JobWriter } from './job-writer';
import { Progress } from './progress.svelte';

/**
 * Interval between redraws while a batch runs, in milliseconds: at 250, drawing took a tenth of the speed (two cores).
 */
const REDRAW_INTERVAL = 1000;
/** With thousands of jobs less often, because each redraw reads all of them. */
const REDRAW_INTERVAL_PER_JOB = 0.3;
/** For the title of a tab that is hidden. */
const HIDDEN_INTERVAL = 10_000;

/** A batch that ended before all of its files were checked. */
export interface InterruptedBatch {
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
  /** set aside, since their time can't be right or is not known */
  readonly aside: number;
  readonly seenBefore: number;
  /** left over because the person cancelled */
  readonly notChecked: number;
  /** names of those scored for the first time that the reference holds: their windows are nearer to it than others */
  readonly inReference: readonly string[];
}

/** Scores batches of snapshots of the camera whose history it adds to, in capture order, one after the other. */
export class Batches {
  /** a batch that an earlier page did not end, or this one could not; null when there is none */
  interrupted = $state.raw<InterruptedBatch | null>(null);
  /** counts of the last batch given by hand; null once a person has seen it, and before the first */
  lastBatch = $state.raw<BatchTally | null>(null);
  /** true if files are being scored or wait for their turn */
  isWorking = $state(false);
  /** when the batch began that is being scored, in milliseconds since 1970; null when none is */
  batchSince = $state.raw<number | null>(null);
  readonly progress = new Progress();

  readonly #history: History;
  readonly #parts: BatchParts;
  readonly #note: BatchNote | null;
  /** writes new jobs; null before the first batch */
  #writer: JobWriter | null = null;
  /** the one of the history that the writer has judged by */
  #revision = 0;
  #cameraId: string | undefined;
  /** the note of the interrupted batch; null when there is none */
  #open: OpenBatch | null = null;
  #waiting = 0;
  #abort = new AbortController();
  /** files that were left over since the last cancelling: batches that waited end with it */
  #cancelled = 0;
  #redrawnAt = 0;

  constructor(history: History, parts: BatchParts) {
    this.#history = history;
    this.#parts = parts;
    this.#note = parts.note;
  }

  /**
   * Turns to the camera that the history is of by now. Nothing may be at work.
   *
   * @param open - the batch that some page began and did not end
   */
  turn(open: OpenBatch | null): void {
    const cameraId = this.#history.watched?.camera.id;
    if (this.#cameraId !== cameraId) this.lastBatch = null;
    this.#cameraId = cameraId;
    this.interrupted = null;
    this.#open = open?.cameraId === cameraId ? open : null;
    const { isWhole, whole } = this.#history;
    if (isWhole) this.#lookBehind();
    else {
      const look = () => {
        if (whole === this.#history.whole) this.#lookBehind();
      };
      // Who reads the history says why it can't be read.
      whole.then(look, () => undefined);
    }
  }

  /** The person has seen the notice on the interrupted batch. */
  async dismissInterrupted(): Promise<void> {
    this.interrupted = null;
    this.#open = null;
    if (this.#cameraId !== undefined) await this.#note?.end(this.#cameraId);
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
    const { watched } = this.#history;
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
    this.#cancelled = 0;
    this.progress.resume();
  }

  #lookBehind(): void {
    this.interrupted = this.#open && interruptedOf(this.#open, this.#history.asStored);
    if (!this.interrupted) this.#open = null;
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
      this.#history.draw();
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
      await this.#history.whole;
      await noted;
      await this.#parts.models.open(watched.camera.modelSha256, signal);
      const { sortByContent } = await fetched(appWords.app.places.monitor, import('./sort-by-content'));
      const sort = () =>
        sortByContent(files, this.#history.known, { ...this.#parts, camera: watched.camera, signal });
      let sorted = await sort();
      const { beside } = this.#parts;
      if (beside && sorted.correctsBeside) {
        this.#history.settle(await beside.all());
        sorted = await sort();
      }
      const { fresh, known } = sorted;
      this.#history.known.give(known.values());
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
        const withoutJob = results.length - counted.jobs.length;
        if (noted) await this.#note?.know(counted.seenBefore + withoutJob);
        this.#redraw();
        await this.progress.whileRunning();
      }
      this.interrupted = this.#open && interruptedOf(this.#open, this.#history.asStored);
      if (!this.interrupted && this.#waiting === 1) {
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
      this.#writer?.forgetPlace();
      if (noted) this.#open = this.#note?.batch ?? null;
      const total = files.length;
      const ours = leftOver > 0 ? { checked: total - leftOver, total } : null;
      this.interrupted = noted ? ours : this.#open && interruptedOf(this.#open, this.#history.asStored);
      throw error;
    } finally {
      this.#waiting -= 1;
      this.batchSince = null;
      this.isWorking = this.#waiting > 0;
      this.#parts.preview?.end();
      if (signal.aborted) this.#cancelled += leftOver;
      const notChecked = signal.aborted ? this.#cancelled : 0;
      this.lastBatch = isByHand ? tallyOf({ jobs: scored, seenBefore, notChecked }, watched, began) : null;
      this.progress.finish(leftOver);
      stopShowing();
      this.#history.draw();
    }
  }

  /** Shows the newest of the snapshots just stored. */
  #pass(snapshots: readonly Snapshot[], results: readonly EncodeResult[]): void {
    const last = results.findLastIndex(({ ok }) => ok);
    const result = results[last];
    if (!result?.ok || !result.thumbnail) return;
    this.#parts.preview?.offer(result.thumbnail, snapshots[last]?.capturedAt ?? null);
  }

  async #count(
    watched: Watched,
    snapshots: readonly Snapshot[],
    results: readonly EncodeResult[],
    arrival: CountedArrival,
  ): Promise<Counted> {
    if (!this.#writer) {
      const { JobWriter } = await fetched(appWords.app.places.monitor, import('./job-writer'));
      this.#writer = new JobWriter(this.#parts);
    }
    const { known, revision } = this.#history;
    if (this.#revision !== revision) this.#writer.forgetPlace();
    this.#revision = revision;
    return this.#writer.count(watched, known, snapshots, results, arrival);
  }

  /** Shows the counts: at once when a person has paused, else not too often. */
  #redraw(): void {
    const now = performance.now();
    const least = document.hidden ? HIDDEN_INTERVAL : REDRAW_INTERVAL;
    const interval = Math.max(least, this.#history.asStored.length * REDRAW_INTERVAL_PER_JOB);
    if (now - this.#redrawnAt < interval && !this.progress.isPaused) return;
    this.#redrawnAt = now;
    this.#history.draw();
  }
}

/** @returns null when nothing of a batch is left */
function interruptedOf(
  { total, known = 0, startedAt }: OpenBatch,
  jobs: readonly Job[],
): InterruptedBatch | null {
  const checked = known + jobs.filter((job) => job.createdAt >= startedAt).length;
  return checked < total ? { checked, total } : null;
}

/** @returns null if there is nothing to tell */
function tallyOf(
  { jobs, seenBefore, notChecked }: Pick<Scored, 'jobs' | 'seenBefore'> & Pick<BatchTally, 'notChecked'>,
  { reference }: Watched,
  began: number,
): BatchTally | null {
  if (jobs.length + notChecked === 0) return null;
  const failed = jobs.filter((job) => job.jobStatus === 'Failed' && !isAside(job)).length;
  const aside = jobs.filter((job) => isAside(job) && job.createdAt >= began).length;
  const names = new Set(reference.names);
  const inReference = jobs.flatMap(({ jobStatus, imageName, createdAt }) =>
    jobStatus === 'Completed' && createdAt >= began && names.has(imageName) ? imageName : [],
  );
  const checked = Math.max(0, jobs.length - seenBefore - failed - aside);
  return { checked, failed, aside, seenBefore, notChecked, inReference };
}
