import { AppError } from '../../domain/errors';
import type { Job } from '../../domain/camera/job';
import type { EncodeResult } from '../../encoder/encoder-api';
import type { OpenBatch } from '../../storage/schema';
import type { KeptHandle } from '../../browser/file-handles';
import { breathe } from '../../browser/breather';
import { fetched } from '../../browser/late';
import { onSight } from '../../browser/sight';
import { appWords } from '../../i18n/app-words';
import { watchedAnew } from '../history/watched-anew';
import type { WatchedCamera } from '../history/window';
import {
  BY_HAND,
  type Arrival,
  type BatchParts,
  type CountedFiles,
  type CountedArrival,
  type ScoredFiles,
} from './batch';
import type { BatchNote } from './batch-note';
import { BatchOutcome, type BatchTally, type InterruptedBatch } from './batch-outcome';
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

/** A batch, and the way it came. */
interface Batch extends Arrival {
  /** ends when it has been noted; null if it is not */
  readonly noted: Promise<void> | null;
  readonly signal: AbortSignal;
}

/** A batch at work. */
interface RunningBatch {
  readonly batch: Batch;
  readonly outcome: BatchOutcome;
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
  ): Promise<ScoredFiles> {
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

  /** Loads the code of a batch before one begins. @throws AppError `fetch-failed` */
  load(): Promise<unknown> {
    const parts = Promise.all([import('./sort-by-content'), import('./job-writer')]);
    return fetched(appWords.app.places.monitor, parts);
  }

  /** Stops after the snapshots that are being encoded; scored ones stay. */
  cancel(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#cancelled = 0;
    this.progress.resume();
  }

  #lookBehind(): void {
    this.interrupted = this.#whatIsLeft();
    if (!this.interrupted) this.#open = null;
  }

  /** Recognises known files, encodes and counts the others, and settles the note of the batch. */
  async #run(watched: WatchedCamera, files: readonly File[], batch: Batch): Promise<ScoredFiles> {
    const outcome = new BatchOutcome(files.length);
    this.batchSince = outcome.began;
    this.progress.start();
    const stopShowing = onSight(() => {
      this.#history.draw();
    });
    try {
      await this.#history.whole;
      await batch.noted;
      await this.#parts.models.open(watched.camera.modelSha256, batch.signal);
      const fresh = await this.#recognise(watched, files, { batch, outcome });
      await this.#encode(watched, fresh, { batch, outcome });
      await this.#settle(watched);
      return outcome.scored();
    } catch (error) {
      // The unfinished rest stays noted: a page that is being closed ends here too, when its workers die.
      this.#writer?.forgetPlace();
      if (batch.noted) this.#open = this.#note?.batch ?? null;
      this.interrupted = batch.noted ? outcome.interrupted() : this.#whatIsLeft();
      throw error;
    } finally {
      this.#end(watched, batch, outcome);
      stopShowing();
      this.#history.draw();
    }
  }

  /** Answers the files whose content has a job. @returns the others, in capture order */
  async #recognise(
    { camera }: WatchedCamera,
    files: readonly File[],
    { batch: { noted, signal }, outcome }: RunningBatch,
  ): Promise<readonly Snapshot[]> {
    const { sortByContent } = await fetched(appWords.app.places.monitor, import('./sort-by-content'));
    const sort = () => sortByContent(files, this.#history.known, { ...this.#parts, camera, signal });
    let sorted = await sort();
    const { beside } = this.#parts;
    if (beside && sorted.correctsBeside) {
      this.#history.settle(await beside.all());
      sorted = await sort();
    }
    const { fresh, known } = sorted;
    this.#history.known.give(known.values());
    const counted = { jobs: [...known.values()], byFile: known, seenBefore: known.size, written: [] };
    outcome.take(counted, known.size);
    this.progress.advance(known.size);
    if (noted) await this.#note?.know(known.size);
    return fresh;
  }

  /** Encodes snapshots, and counts each part when it comes out. */
  async #encode(
    watched: WatchedCamera,
    fresh: readonly Snapshot[],
    { batch: { noted, isAnswered, signal }, outcome }: RunningBatch,
  ): Promise<void> {
    const files = fresh.map(({ file }) => file);
    let next = 0;
    for await (const results of this.#parts.pool.encode(files, watched.camera.transform, signal)) {
      const snapshots = fresh.slice(next, next + results.length);
      next += results.length;
      const arrival = { isAnswered, begunAt: outcome.began };
      const counted = await this.#count(this.#history.watched ?? watched, snapshots, results, arrival);
      if (counted.isRenewed) await this.#renew();
      outcome.take(counted, results.length);
      this.progress.advance(results.length);
      this.#pass(snapshots, results);
      const withoutJob = results.length - counted.jobs.length;
      if (noted) await this.#note?.know(counted.seenBefore + withoutJob);
      this.#redraw();
      // Else the drawing and the next part are one long task.
      await breathe();
      await this.progress.whileRunning();
    }
  }

  /** Ends the note when nothing is left that it is of. */
  async #settle({ camera }: WatchedCamera): Promise<void> {
    this.interrupted = this.#whatIsLeft();
    if (this.interrupted || this.#waiting > 1) return;
    await this.#note?.end(camera.id);
    this.#open = null;
  }

  #end(watched: WatchedCamera, { isByHand, signal }: Batch, outcome: BatchOutcome): void {
    this.#waiting -= 1;
    this.batchSince = null;
    this.isWorking = this.#waiting > 0;
    this.#parts.preview?.end();
    if (signal.aborted) this.#cancelled += outcome.leftOver;
    this.lastBatch = isByHand ? outcome.tally(watched, signal.aborted ? this.#cancelled : 0) : null;
    this.progress.finish(outcome.leftOver);
  }

  #whatIsLeft(): InterruptedBatch | null {
    return this.#open && interruptedOf(this.#open, this.#history.asStored);
  }

  /** Shows the newest of the snapshots just stored. */
  #pass(snapshots: readonly Snapshot[], results: readonly EncodeResult[]): void {
    const last = results.findLastIndex(({ ok }) => ok);
    const result = results[last];
    if (!result?.ok || !result.thumbnail) return;
    this.#parts.preview?.offer(result.thumbnail, snapshots[last]?.capturedAt ?? null);
  }

  async #count(
    watched: WatchedCamera,
    snapshots: readonly Snapshot[],
    results: readonly EncodeResult[],
    arrival: CountedArrival,
  ): Promise<CountedFiles> {
    if (!this.#writer) {
      const { JobWriter } = await fetched(appWords.app.places.monitor, import('./job-writer'));
      this.#writer = new JobWriter(this.#parts);
    }
    const { known, revision } = this.#history;
    if (this.#revision !== revision) this.#writer.forgetPlace();
    this.#revision = revision;
    return this.#writer.count(watched, known, snapshots, results, arrival);
  }

  /** Goes on with the references that the camera's cycles have by now. */
  async #renew(): Promise<void> {
    const { watched } = this.#history;
    if (!watched) return;
    const anew = await watchedAnew(this.#parts.db, watched);
    this.#history.takeWatched(anew);
    this.#parts.renewed?.(anew);
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
