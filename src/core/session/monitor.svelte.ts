import { v4 as uuid } from 'uuid';
import {
  clockStand,
  inRightTime,
  isAside,
  statedTime,
  type AsideJob,
  type ClockFault,
} from '../domain/camera/clock';
import { AppError } from '../domain/errors';
import { isoInstant } from '../domain/instant';
import {
  compareJobs,
  isAwaiting,
  lastBreak,
  withByEye,
  type ByEye,
  type CompletedJob,
  type Job,
  type Reference,
} from '../domain/camera/job';
import type { Judge } from '../domain/drift/judge';
import type { GlassFacts } from '../domain/glass/glass-facts';
import type { GlassPicture } from '../domain/glass/picture';
import type { EncodeResult } from '../encoder/api';
import type { GlassLooker } from '../encoder/glass-looker';
import type { EncoderPool } from '../encoder/pool';
import type { Database } from '../storage/database';
import { saveJobs, type NewJob } from '../storage/jobs';
import type { OpenBatch } from '../storage/schema';
import type { BatchNote } from './batch-note';
import type { KeptHandle } from '../browser/file-handles';
import { fetched } from '../browser/late';
import { awaiting } from './hindsight';
import { asOf, oncePerSnapshot, scoredBy } from './history';
import { inCaptureOrder, type Snapshot } from './intake';
import type { Models } from './models.svelte';
import { Progress } from './progress.svelte';
import type { GlassWatch, Seen } from './glass-watch';
import type { Turns } from './turns';
import { restoreJudge, uncounted, type Watched } from './window';

/** How often jobs are redrawn while a batch runs, in milliseconds: at 250 drawing took a tenth of the speed (two cores). */
const REDRAW_INTERVAL = 1000;
/** With thousands of jobs less often, since each redraw looks at all of them. */
const REDRAW_INTERVAL_PER_JOB = 0.3;

/** A batch that ended before all of its files were come to. */
export interface LeftBehind {
  readonly checked: number;
  readonly total: number;
}

/** What became of the files of one call. */
export interface Scored {
  /** one for each file, in capture order; a file seen before gives the job it had */
  readonly jobs: readonly Job[];
  /** how many of them had been checked before */
  readonly seenBefore: number;
}

export interface MonitorParts {
  readonly db: Database;
  readonly pool: EncoderPool;
  readonly looker: GlassLooker;
  readonly models: Models;
  /** the batches of all monitors: nothing may be encoding when another model is opened */
  readonly turns: Turns;
  /** what is kept of the files at work; null where they come again by themselves */
  readonly note: BatchNote | null;
  /** the time, as far as it is known, in milliseconds since 1970 */
  readonly now: () => number;
  /** called after each write with the jobs that it stored, and with none when other ones count from now on */
  readonly onWrite: (jobs: readonly Job[]) => void;
  /** called with each snapshot that was scored and stored */
  readonly onScored: (job: CompletedJob, file: File) => void;
}

/** How a batch came. */
interface Batch {
  /** ends when it has been noted; null where it is not */
  readonly noted: Promise<void> | null;
  readonly isByHand: boolean;
  readonly signal: AbortSignal;
}

/** What became of a batch's files. */
export interface BatchTally {
  /** scored for the first time */
  readonly checked: number;
  readonly failed: number;
  readonly seenBefore: number;
  /** names of those scored for the first time that the reference holds: their windows are nearer to it than others */
  readonly inReference: readonly string[];
}

/** Scores snapshots of one camera in capture order, and holds what the page shows of them. */
export class Monitor {
  watched = $state.raw<Watched | null>(null);
  /**
   * all jobs of the camera whose capture time may be right, in capture order; a snapshot that several models have judged
   * has one of each
   */
  jobs = $state.raw<readonly Job[]>([]);
  /** those whose capture time can't be right: no part of anything that is said of the camera */
  aside = $state.raw<readonly AsideJob[]>([]);
  /** those of `jobs` that lie ahead of now: the device's clock may be wrong as well as the camera's */
  doubted = $state.raw<readonly CompletedJob[]>([]);
  /** how many of those set aside a person has seen, and whether how far ahead the newest is; as long as it is watched */
  asideSeen = $state.raw(0);
  isSkewSeen = $state.raw(false);
  readonly everything = $derived.by((): readonly Job[] => [...this.jobs, ...this.aside]);
  /** those of the camera's present model, and the files that could not be read: what is said of the camera now */
  readonly present = $derived.by(() => {
    const { watched, jobs } = this;
    return watched ? asOf(watched.camera.modelSha256, jobs) : jobs;
  });
  /** one job for each snapshot, whichever model judged it: for when and how often the camera looks */
  readonly snapshots = $derived.by(() => oncePerSnapshot(this.jobs));
  /** how many snapshots an earlier model has judged and the present one has not */
  readonly rejudgeable = $derived.by(() => {
    const { watched, jobs, present } = this;
    if (!watched || present.length === jobs.length) return 0;
    const known = new Set(
      present.filter((job) => isFinal(job, watched)).map(({ contentSha256 }) => contentSha256),
    );
    const others = jobs
      .filter((job) => job.jobStatus === 'Completed')
      .map(({ contentSha256 }) => contentSha256);
    return new Set(others.filter((sha256) => !known.has(sha256))).size;
  });
  /** of which camera and model a person has seen that; as long as the page is open */
  #dismissed = $state.raw<readonly string[]>([]);
  readonly isRejudgeDismissed = $derived.by(
    () => this.watched !== null && this.#dismissed.includes(modelKey(this.watched)),
  );
  /** what an earlier page began and did not end, or this one could not; null when there is nothing */
  leftBehind = $state.raw<LeftBehind | null>(null);
  /** whether the whole history is here: of a long one its newest part comes first */
  isWhole = $state(true);
  /** what became of the last batch that was given by hand; null once a person has seen it, and before the first */
  lastBatch = $state.raw<BatchTally | null>(null);
  /** whether files are being scored or wait for their turn */
  isWorking = $state(false);
  readonly progress = new Progress();

  readonly #parts: MonitorParts;
  #all: Job[] = [];
  /** those of them that the camera's present model has scored: what earlier ones said has no part in judging */
  #scored: CompletedJob[] = [];
  /** what is known of a file by its content: the present model's job, or that it is no picture for any */
  #bySha256 = new Map<string, Job>();
  /** ids of jobs whose file could not be read, by the snapshot's place: the same file may come again */
  #unread = new Map<string, string>();
  /** jobs that were set aside for their time, by content: the same file is judged once its clock is set right */
  #asideBySha256 = new Map<string, AsideJob>();
  /** it stands after the snapshot counted last */
  #judge: Judge | null = null;
  #counted: CompletedJob | null = null;
  /** it stands there too; null where the reference has no fit */
  #glass: GlassWatch | null = null;
  /** the last break before that snapshot */
  #since: number | null = null;
  #whole: Promise<void> = Promise.resolve();
  /** counts what was shown, so that the history of one camera never becomes another's */
  #turn = 0;
  readonly #note: BatchNote | null;
  /** what is noted of the batch that was left behind; null when there is none */
  #open: OpenBatch | null = null;
  #waiting = 0;
  #abort = new AbortController();
  #redrawnAt = 0;

  constructor(parts: MonitorParts) {
    this.#parts = parts;
    this.#note = parts.note;
  }

  /** All of `jobs` that are stored by now; while a batch runs, `jobs` is drawn less often than they come. */
  get stored(): readonly Job[] {
    return this.#all;
  }

  /** Ends when the whole history is here. @throws AppError when it can't be read */
  get whole(): Promise<void> {
    return this.#whole;
  }

  /**
   * Shows a camera, or what storage holds of it now. Nothing may be at work.
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
    this.#judge = null;
    this.#glass = null;
    this.#counted = null;
    this.watched = watched;
    if (!isSame) this.lastBatch = null;
    this.leftBehind = null;
    this.#open = open?.cameraId === watched?.camera.id ? open : null;
    this.isWhole = earlier === null;
    if (earlier) {
      // What was known of the same camera stays in sight until it has been read again.
      const [first] = newest;
      if (!isSame) this.#all = [];
      const known = this.#all.filter((job) => first && compareJobs(job, first) < 0);
      this.#show(watched, [...known, ...newest]);
      this.#whole = this.#takeEarlier(watched, newest, earlier);
    } else {
      this.#settle(watched, newest);
      this.#whole = Promise.resolve();
    }
    return this.#whole;
  }

  /** The person has seen what was left behind. */
  async dismissLeftBehind(): Promise<void> {
    this.leftBehind = null;
    this.#open = null;
    if (this.watched) await this.#note?.end(this.watched.camera.id);
  }

  /** The person has seen what could be judged again, for this camera and model. */
  dismissRejudge(): void {
    if (this.watched) this.#dismissed = [...this.#dismissed, modelKey(this.watched)];
  }

  /**
   * Scores snapshots, oldest first, after those already queued.
   *
   * @param handles - by which they can be read again when the page is closed before they are scored
   * @param isByHand - false for what came by itself: then the note of a batch that was interrupted stays
   * @throws AppError when the model can't be used or storage fails; what was stored before stays
   */
  async score(files: readonly File[], handles: readonly KeptHandle[] = [], isByHand = true): Promise<Scored> {
    const { watched } = this;
    if (!watched) throw new AppError('not-fitted');
    this.progress.add(files.length);
    this.isWorking = true;
    this.#waiting += 1;
    const { signal } = this.#abort;
    // What waits for its turn is noted too: a page may be closed before it comes.
    const isNoted = isByHand || this.#open === null;
    if (isNoted) this.#open = null;
    const noted = (isNoted && this.#note?.add(watched.camera.id, files.length, handles)) || null;
    noted?.catch(() => undefined);
    return this.#parts.turns.take(() => this.#run(watched, files, { noted, isByHand, signal }));
  }

  /** Stops after the snapshots that are being encoded; what was scored stays. */
  cancel(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.progress.resume();
  }

  /** Shows what was computed of scored jobs afterwards, by job id; jobs of other cameras are not looked for. */
  takeReconstructionErrors(errors: ReadonlyMap<string, number | null>): void {
    this.#change((job) => {
      const reconstructionError = errors.get(job.id);
      if (reconstructionError === undefined) return job;
      return { ...job, properties: { ...job.properties, reconstructionError } };
    });
  }

  /** Shows what growth and loss say of scored jobs, computed afterwards, by job id. */
  takeGlass(found: ReadonlyMap<string, { readonly glass: GlassFacts | null }>): void {
    this.#change((job) => {
      const known = found.get(job.id);
      return known ? { ...job, glass: known.glass } : job;
    });
    // The next snapshot is judged with them.
    this.#counted = null;
  }

  /** Shows what a person called scored jobs, by job id; null takes it back. */
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
    if (this.#all.some(isAwaited)) this.#change((job) => awaiting(job, awaited) as CompletedJob);
  }

  /** Goes on with the reference that is watched as it is after something was added to it. */
  takeReference(reference: Reference): void {
    if (this.watched?.reference.id !== reference.id) return;
    this.watched = { ...this.watched, reference };
    this.#counted = null;
  }

  /** Shows scored jobs as they are after something was added to them. */
  #change(changed: (job: CompletedJob) => CompletedJob): void {
    this.#all = this.#all.map((job) => {
      if (job.jobStatus === 'Failed') return job;
      const now = changed(job);
      if (now !== job && this.#bySha256.get(job.contentSha256) === job) {
        this.#bySha256.set(job.contentSha256, now);
      }
      return now;
    });
    if (this.watched) this.#scored = scoredBy(this.watched.camera.modelSha256, this.#all);
    this.jobs = this.#all.slice();
  }

  /**
   * Takes jobs away that were deleted, or adds some that were put back. Distances that stand stay as they are; the next
   * snapshot gets the window that it would have after a reload. Nothing may be at work.
   */
  replace(goneIds: ReadonlySet<string>, back: readonly Job[] = []): void {
    this.#counted = null;
    const left = [...this.#all, ...this.aside].filter(({ id }) => !goneIds.has(id));
    this.#settle(this.watched, [...left, ...back].sort(compareJobs));
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
    if (turn !== this.#turn) return this.#whole;
    this.#settle(watched, parts.reverse().flat());
    this.isWhole = true;
  }

  /** Takes all jobs of the camera, in capture order. */
  #settle(watched: Watched | null, stored: readonly Job[]): void {
    const jobs = this.#show(watched, stored);
    this.#all = [...jobs];
    this.#scored = watched ? scoredBy(watched.camera.modelSha256, jobs) : [];
    const known = watched ? asOf(watched.camera.modelSha256, jobs) : [];
    this.#bySha256 = new Map();
    this.#unread = new Map();
    this.#asideBySha256 = new Map();
    for (const job of [...this.aside, ...known]) this.#recognise(job, watched);
    this.leftBehind = this.#open && leftOf(this.#open, stored);
    if (!this.leftBehind) this.#open = null;
  }

  /** What came last may show which clock is right. */
  #reconsider(watched: Watched): void {
    this.#settle(watched, [...this.#all, ...this.aside].sort(compareJobs));
    this.#counted = null;
    this.#parts.onWrite([]);
  }

  /** Shows stored jobs, each for what its clock is worth. @returns those whose capture time may be right */
  #show(watched: Watched | null, stored: readonly Job[]): readonly Job[] {
    const stand = clockStand(stored, this.#parts.now(), watched?.camera.clockCorrections ?? []);
    this.aside = stand.aside;
    this.doubted = stand.doubted;
    this.jobs = stand.believed;
    return stand.believed;
  }

  async #run(watched: Watched, files: readonly File[], { noted, isByHand, signal }: Batch): Promise<Scored> {
    const scored: Job[] = [];
    const began = Date.now();
    let seenBefore = 0;
    let leftOver = files.length;
    this.progress.start();
    const take = (counted: Scored, files: number) => {
      for (const job of counted.jobs) scored.push(job);
      seenBefore += counted.seenBefore;
      leftOver -= files;
      this.progress.advance(files);
    };
    try {
      await this.#whole;
      await noted;
      await this.#parts.models.open(watched.camera.modelSha256, signal);
      const snapshots = this.#timed(watched, await inCaptureOrder(files, signal));
      const { fresh, known } = await this.#withoutKnown(snapshots, signal);
      take({ jobs: known, seenBefore: known.length }, known.length);
      if (noted) await this.#note?.know(known.length);
      let next = 0;
      const encoded = this.#parts.pool.encode(
        fresh.map((snapshot) => snapshot.file),
        watched.camera.transform,
        signal,
      );
      for await (const results of encoded) {
        const snapshots = fresh.slice(next, next + results.length);
        next += results.length;
        const counted = await this.#count(watched, snapshots, results);
        take(counted, results.length);
        if (noted) await this.#note?.know(counted.seenBefore);
        this.#redraw();
        await this.progress.whileRunning();
      }
      if (this.doubted.length > 0) this.#reconsider(watched);
      this.leftBehind = this.#open && leftOf(this.#open, [...this.#all, ...this.aside]);
      if (!this.leftBehind && this.#waiting === 1) {
        await this.#note?.end(watched.camera.id);
        this.#open = null;
      }
      return { jobs: scored.sort(compareJobs), seenBefore };
    } catch (error) {
      // What was not come to stays noted: a page that is being closed ends here too, when its workers die.
      this.#counted = null;
      if (noted) this.#open = this.#note?.batch ?? null;
      const total = files.length;
      const ours = leftOver > 0 ? { checked: total - leftOver, total } : null;
      this.leftBehind = noted ? ours : this.#open && leftOf(this.#open, [...this.#all, ...this.aside]);
      throw error;
    } finally {
      this.#waiting -= 1;
      this.isWorking = this.#waiting > 0;
      this.lastBatch = isByHand ? tallyOf({ jobs: scored, seenBefore }, watched, began) : null;
      this.progress.finish(leftOver);
      this.jobs = this.#all.slice();
    }
  }

  /** Snapshots in the order of the times that they are judged by. */
  #timed({ camera, reference }: Watched, snapshots: readonly Snapshot[]): Snapshot[] {
    const scored = this.#all.filter(({ jobStatus }) => jobStatus === 'Completed');
    const clean = reference.capturedAt?.filter((at) => at !== null) ?? [];
    const asidePlaces = new Set(this.aside.map(placeOf));
    const times = inRightTime(snapshots, {
      now: this.#parts.now(),
      known: [...clean, ...scored.map(({ capturedAt }) => capturedAt)],
      corrections: camera.clockCorrections ?? [],
      wasAside: (file) => asidePlaces.has(placeOf(file)),
    });
    return snapshots.map((snapshot, i) => ({ ...snapshot, ...times[i] })).sort(compareJobs);
  }

  /** Counts encoded snapshots in capture order and stores them, each whole or not at all. */
  async #count(
    watched: Watched,
    snapshots: readonly Snapshot[],
    results: readonly EncodeResult[],
  ): Promise<Scored> {
    let unsaved: (NewJob & { readonly file: File })[] = [];
    const jobs: Job[] = [];
    let seenBefore = 0;
    const save = async () => {
      if (unsaved.length === 0) return;
      await saveJobs(this.#parts.db, unsaved.map(asStored));
      for (const { job, replaces, file } of unsaved) {
        if (replaces !== undefined) this.#remove(replaces, job);
        this.#insert(job, watched);
        if (job.jobStatus === 'Completed') this.#parts.onScored(job, file);
      }
      this.#parts.onWrite(unsaved.map(({ job }) => job));
      unsaved = [];
    };
    let isAhead = false;
    for (const [i, snapshot] of snapshots.entries()) {
      const result = results[i];
      if (!result) break;
      const known =
        this.#bySha256.get(result.contentSha256) ??
        unsaved.find(({ job }) => isFinal(job, watched) && job.contentSha256 === result.contentSha256)?.job ??
        // What was set aside stays as it is stored until there is something better.
        (snapshot.fault || !result.ok ? this.#asideBySha256.get(result.contentSha256) : undefined);
      if (known) {
        seenBefore += 1;
        jobs.push(known);
        continue;
      }
      const fault = faultOf(snapshot, result);
      if (result.ok && !fault) await this.#placeJudge(watched, snapshot, save);
      if (result.ok && !fault && this.#glass && !isAhead) {
        isAhead = true;
        await this.#glass.lookAhead(this.#inARow(snapshots.slice(i), results.slice(i)));
      }
      const seen = result.ok && !fault ? await this.#glass?.see(result.glass) : undefined;
      const judged = fault
        ? { job: setAside(factsOf(watched, snapshot, result), fault, snapshot) }
        : this.#judged(watched, snapshot, result, seen);
      const entry = { ...judged, ...this.#replaced(snapshot, result), file: snapshot.file };
      unsaved.push(entry);
      jobs.push(entry.job);
      if (entry.job.jobStatus === 'Completed') {
        this.#counted = entry.job;
        this.#glass?.passed(entry.job);
      }
    }
    await save();
    return { jobs, seenBefore };
  }

  /** What the next snapshots show, as far as they are new and nothing that was scored before lies between them. */
  #inARow(snapshots: readonly Snapshot[], results: readonly EncodeResult[]): GlassPicture[] {
    const [first] = snapshots;
    const place = first && positionIn(this.#scored, first);
    const pictures: GlassPicture[] = [];
    for (const [i, snapshot] of snapshots.entries()) {
      const result = results[i];
      if (!result?.ok || faultOf(snapshot, result) || this.#bySha256.has(result.contentSha256)) break;
      if (positionIn(this.#scored, snapshot) !== place) break;
      pictures.push(result.glass);
    }
    return pictures;
  }

  /**
   * Makes the judge stand right before this snapshot in capture order. It does already unless the page has just been
   * loaded, the lens was cleaned in between, or the snapshot arrives late and belongs between others: then it gets
   * the window of its own time, and the distances that stand stay as they are. Only what the camera's present model
   * has scored counts: where an earlier model went further, nothing is late.
   */
  async #placeJudge(watched: Watched, snapshot: Snapshot, save: () => Promise<void>): Promise<void> {
    const since = lastBreak(watched.events, snapshot.capturedAt);
    const counted = this.#counted;
    const isRightBefore =
      counted !== null &&
      compareJobs(counted, snapshot) <= 0 &&
      positionIn(this.#scored, counted) === positionIn(this.#scored, snapshot);
    if (this.#judge && since === this.#since && isRightBefore) return;
    await save();
    const earlier = this.#scored.slice(0, positionIn(this.#scored, snapshot));
    this.#judge = await restoreJudge(this.#parts.db, watched, earlier, since, this.#judge);
    if (!this.#glass?.isFor(watched)) {
      const { GlassWatch } = await fetched('glass', import('./glass-watch'));
      this.#glass = await GlassWatch.open(this.#parts.db, this.#parts.looker, watched);
    }
    await this.#glass?.place(this.#parts.db, earlier, since);
    this.#since = since;
    this.#counted = earlier.at(-1) ?? null;
  }

  /** The job of the same snapshot whose file could not be read an earlier time, or whose time was wrong. */
  #replaced(snapshot: Snapshot, { contentSha256 }: EncodeResult): { replaces?: string } {
    const earlier = this.#asideBySha256.get(contentSha256)?.id ?? this.#unread.get(placeOf(snapshot));
    return earlier === undefined ? {} : { replaces: earlier };
  }

  #judged(watched: Watched, snapshot: Snapshot, result: EncodeResult, seen: Seen | null | undefined): NewJob {
    const { camera, reference } = watched;
    const facts = factsOf(watched, snapshot, result);
    if (!result.ok) {
      return { job: { ...facts, jobStatus: 'Failed', code: result.code, detail: result.detail } };
    }
    const judge = this.#judge;
    if (!judge) throw new Error('the judge was not restored');
    try {
      const counts = seen?.facts.growth !== null;
      const isAwaited = seen === undefined && this.#glass !== null && reference.isOwnModel === false;
      return {
        job: {
          ...facts,
          jobStatus: 'Completed',
          ...(counts ? judge.update(result.embedding) : uncounted(judge)),
          thresholds: camera.thresholds,
          detector: camera.detector,
          persistence: camera.persistence,
          calibrationId: camera.calibrationId,
          referenceId: reference.id,
          modelSha256: camera.modelSha256,
          properties: result.properties,
          ...(seen !== undefined && { glass: seen?.facts ?? null }),
          ...(isAwaited && { awaitsGlass: true as const }),
        },
        embedding: result.embedding,
        thumbnail: result.thumbnail,
        sight: seen?.sight ?? null,
      };
    } catch (error) {
      // The judge refuses an embedding with NaN in it and stays as it was: so does the batch.
      if (!(error instanceof AppError)) throw error;
      // What was seen of it is in the windows of growth and loss, where it has no place.
      this.#counted = null;
      return { job: { ...facts, jobStatus: 'Failed', code: error.code, detail: error.detail } };
    }
  }

  /** @param place - where the job stands: of the same snapshot, or of its neighbours of the same instant and name */
  #remove(id: string, place: Job): void {
    let i = positionIn(this.#all, place) - 1;
    while (i >= 0 && this.#all[i]?.id !== id) i -= 1;
    if (i >= 0) this.#all.splice(i, 1);
    const aside = this.aside.find((job) => job.id === id);
    if (!aside) return;
    this.aside = this.aside.filter((job) => job !== aside);
    this.#asideBySha256.delete(aside.contentSha256);
    this.#unread.delete(placeOf(aside));
  }

  #insert(job: Job, watched: Watched): void {
    if (isAside(job)) {
      this.aside = [...this.aside, job].sort(compareJobs);
      this.#recognise(job, watched);
      return;
    }
    this.#all.splice(positionIn(this.#all, job), 0, job);
    if (job.jobStatus === 'Completed') this.#scored.splice(positionIn(this.#scored, job), 0, job);
    this.#recognise(job, watched);
  }

  #recognise(job: Job, watched: Watched | null): void {
    if (isFinal(job, watched)) {
      this.#bySha256.set(job.contentSha256, job);
      this.#unread.delete(placeOf(job));
      return;
    }
    this.#unread.set(placeOf(job), job.id);
    if (isAside(job) && job.contentSha256 !== '') this.#asideBySha256.set(job.contentSha256, job);
  }

  /** Files that were checked before, found by content without decoding them; only those with a known name are read. */
  async #withoutKnown(
    snapshots: Snapshot[],
    signal: AbortSignal,
  ): Promise<{ fresh: Snapshot[]; known: Job[] }> {
    const names = new Set([...this.#bySha256.values(), ...this.aside].map((job) => job.imageName));
    const suspects = snapshots.filter((snapshot) => names.has(snapshot.imageName));
    if (suspects.length === 0) return { fresh: snapshots, known: [] };
    const hashes = await this.#parts.pool.fingerprint(
      suspects.map((snapshot) => snapshot.file),
      signal,
    );
    const known = new Map<Snapshot, Job>();
    for (const [i, snapshot] of suspects.entries()) {
      const hash = hashes[i] ?? '';
      const aside = snapshot.fault && this.#asideBySha256.get(hash);
      const job = this.#bySha256.get(hash) ?? aside;
      if (job) known.set(snapshot, job);
    }
    return { fresh: snapshots.filter((snapshot) => !known.has(snapshot)), known: [...known.values()] };
  }

  /** Shows what was counted; at once when the person has paused, else not too often. */
  #redraw(): void {
    const now = performance.now();
    const interval = Math.max(REDRAW_INTERVAL, this.#all.length * REDRAW_INTERVAL_PER_JOB);
    if (now - this.#redrawnAt < interval && !this.progress.isPaused) return;
    this.#redrawnAt = now;
    this.jobs = this.#all.slice();
  }
}

/** Without what is known only while the page is open. */
function asStored<T extends NewJob>(entry: T): T {
  if (entry.job.jobStatus === 'Failed' || !entry.job.awaitsGlass) return entry;
  const { awaitsGlass: _, ...job } = entry.job;
  return { ...entry, job };
}

/** @returns null when nothing of a batch is left */
function leftOf({ total, known = 0, startedAt }: OpenBatch, jobs: readonly Job[]): LeftBehind | null {
  const checked = known + jobs.filter((job) => job.createdAt >= startedAt).length;
  return checked < total ? { checked, total } : null;
}

/** Where a snapshot belongs among jobs in capture order, after those of the same instant and name. */
function positionIn(jobs: readonly Job[], snapshot: Pick<Snapshot, 'capturedAt' | 'imageName'>): number {
  let [low, high] = [0, jobs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareJobs(jobs[middle]!, snapshot) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Whether the same file would fare the same again. A lost worker, a card taken out or a damaged archive says nothing of
 * the picture, nor does an embedding that the model of an earlier reference could not give; a clock can be set right. One
 * whose content is not known can't be known again.
 */
function isFinal(job: Job, watched: Watched | null): boolean {
  if (job.jobStatus === 'Completed') return true;
  if (job.contentSha256 === '') return false;
  switch (job.code) {
    case 'worker-lost':
    case 'file-unreadable':
    case 'entry-damaged':
    case 'clock-ahead':
    case 'clock-impossible':
      return false;
    case 'embedding-not-finite':
    case 'embedding-length':
      return job.createdAt >= (watched?.reference.createdAt ?? 0);
    default:
      return true;
  }
}

/** What a snapshot is set aside for; that a file is no picture says more than that it is too old to be one. */
function faultOf({ fault }: Snapshot, { ok }: EncodeResult): ClockFault | null {
  return fault === undefined || (!ok && fault === 'clock-impossible') ? null : fault;
}

function factsOf({ camera }: Watched, snapshot: Snapshot, { contentSha256 }: EncodeResult) {
  const { imageName, capturedAt, capturedAtSource, statedAt } = snapshot;
  return {
    id: uuid(),
    cameraId: camera.id,
    ...{ imageName, contentSha256, capturedAt, capturedAtSource },
    ...(statedAt !== undefined && { statedAt }),
    createdAt: Date.now(),
  };
}

/** The date of the file is kept with it: it may tell when the snapshot was taken. */
function setAside(facts: ReturnType<typeof factsOf>, code: ClockFault, { file }: Snapshot): AsideJob {
  const detail = facts.capturedAtSource === 'file-date' ? '' : isoInstant(file.lastModified);
  return { ...facts, jobStatus: 'Failed', code, detail };
}

function modelKey({ camera }: Watched): string {
  return `${camera.id} ${camera.modelSha256}`;
}

/** What stays the same of a snapshot whose content is not known. */
function placeOf(job: Pick<Job, 'imageName' | 'capturedAt' | 'statedAt'>): string {
  return `${statedTime(job)} ${job.imageName}`;
}

/** @returns null where nothing was done */
function tallyOf({ jobs, seenBefore }: Scored, { reference }: Watched, began: number): BatchTally | null {
  if (jobs.length === 0) return null;
  const failed = jobs.filter(({ jobStatus }) => jobStatus === 'Failed').length;
  const names = new Set(reference.names);
  const inReference = jobs.flatMap(({ jobStatus, imageName, createdAt }) =>
    jobStatus === 'Completed' && createdAt >= began && names.has(imageName) ? imageName : [],
  );
  return { checked: Math.max(0, jobs.length - seenBefore - failed), failed, seenBefore, inReference };
}
