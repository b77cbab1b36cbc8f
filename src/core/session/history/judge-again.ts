import { Breather } from '../../browser/breather';
import type { Camera } from '../../domain/camera/camera';
import { isOfSameHistory, type CompletedJob } from '../../domain/camera/job';
import type { Reference } from '../../domain/camera/reference';
import { isSetAside } from '../../domain/camera/verdict';
import { isJudgedAlike } from '../../domain/camera/judged';
import { Stream } from '../../domain/camera/stream';
import { isSettledBy } from '../../domain/drift/persistence';
import { countedNeeded, GLASS_MEMORY, GLASS_THRESHOLDS, VISIT_MEMORY } from '../../domain/glass/glass-facts';
import { loadEmbeddings, loadThumbnail } from '../../storage/jobs';
import type { JudgedAgain } from '../../storage/judged-again';
import type { LearnedContent } from '../reference/cycle-reference';
import { Contents, type FreshContent, type Sources } from './contents';
import { ReferencesInForce, type InForceThen } from './references-in-force';
import { fit, type WatchedCamera } from './window';

/** Number of jobs before a place that are read first to prepare a judgement there. */
const FEW = 128;
/** Number of contents read at a time: few first, because most changes end soon. */
const FIRST_READ = 48;
const MOST_READ = 400;

/** A change of the facts that a camera's verdicts depend on. */
export interface Change {
  /** jobs of its model whose times are believed, after the change, in capture order */
  readonly jobs: readonly CompletedJob[];
  /** ids of jobs without a verdict yet, or with one from another place */
  readonly fresh?: ReadonlySet<string>;
  /** capture times from which another fact changed: a snapshot that went, an event */
  readonly from?: readonly number[];
  /** content made from snapshots that are not stored, by job id */
  readonly contents?: ReadonlyMap<string, FreshContent>;
  /** the last capture time that is judged in any case; Infinity for all, as by other settings */
  readonly until?: number;
  /** so many jobs are judged at most */
  readonly most?: number;
}

/** A history after a change. */
interface JudgedOn extends JudgedAgain {
  /** the capture times to continue from, and to, if `most` jobs were judged first; null if all is judged */
  readonly left: { readonly from: number; readonly to: number } | null;
}

/** Judges a camera's history again after a change, all or nothing: the results are stored with the change itself. */
export function judgeAgain(sources: Sources, watched: WatchedCamera, change: Change): Promise<JudgedOn> {
  return new HistoryJudge(sources, watched).judge(change);
}

/**
 * The one judge of a camera's history, for new snapshots and for every change: a late snapshot, a corrected time, an
 * event, a mask, a deletion, an import, other settings. It starts right before the first place that the change reaches,
 * judges on from there, and ends when the next verdict rests only on unchanged facts. So stored results never depend on
 * the order in which anything came.
 */
export class HistoryJudge {
  readonly #sources: Sources;
  readonly #watched: WatchedCamera;
  readonly #contents: Contents;
  readonly #streams = new Map<string, Promise<Stream>>();
  /** the stream that judged last, the job that it stands right after, and the break before that */
  #standing: { readonly stream: Stream; readonly after: string; readonly since: number | null } | null = null;

  constructor(sources: Sources, watched: WatchedCamera) {
    this.#sources = sources;
    this.#watched = watched;
    this.#contents = new Contents(sources);
  }

  /** True if it judges by the settings, references and events that are watched now. */
  isFor(watched: WatchedCamera): boolean {
    return this.#watched === watched;
  }

  /** @throws AppError when the settings or a reference can't be used, or storage fails */
  async judge(change: Change): Promise<JudgedOn> {
    const inForce = new ReferencesInForce(this.#sources, this.#watched, change.jobs);
    const walk = new Walk(change, this.#watched, inForce);
    const learnedOf = (jobs: readonly CompletedJob[]) => this.#learnedOf(walk, jobs);
    const breather = new Breather();
    const judged = new Map<string, CompletedJob>();
    let read = FIRST_READ;
    let loadedUpTo = -1;
    let loadedFor: Stream | null = null;
    let left: JudgedOn['left'] = null;
    let count = 0;
    for (let i = walk.first; i < walk.all.length; i = walk.next(i)) {
      await breather.pause();
      const job = walk.all[i]!;
      count += 1;
      // Stopping within the first instant would begin there again for ever.
      const isLater = job.capturedAt > walk.all[walk.first]!.capturedAt;
      if (count > (change.most ?? Infinity) && isLater) {
        left = { from: job.capturedAt, to: Math.max(job.capturedAt, walk.reachedTo) };
        break;
      }
      await inForce.pass(walk.all, i, learnedOf);
      const then = inForce.at(job.capturedAt);
      const stream = await this.#streamOf(then.reference, inForce);
      if (i >= loadedUpTo || stream !== loadedFor) {
        loadedUpTo = await this.#loadAhead(walk, i, read, stream);
        loadedFor = stream;
        read = Math.min(MOST_READ, 2 * read);
      }
      if (!walk.isKept(i) || !this.#standsBefore(walk.all, i, stream, then.since))
        await this.#place(walk, i, stream, then);
      const content = this.#contents.of(job, then.reference.id);
      const next = stream.next(job, content, then.learns);
      this.#standing = { stream, after: job.id, since: then.since };
      walk.judged(i, next);
      if (walk.isFresh(job) || !isJudgedAlike(job, next)) judged.set(job.id, next);
      // A lost content is in no window: the windows after it start empty.
      const isLost = !isSetAside(next) && !content.embedding;
      if (isLost || (content.sight === undefined && stream.of.fit && next.glass !== null)) this.forgetPlace();
    }
    const renewed = inForce.renewed(left === null);
    return { judged, sights: this.#contents.takeSeen(judged), left, ...(renewed && { renewed }) };
  }

  /** Forgets its place: jobs were changed elsewhere, or not stored. */
  forgetPlace(): void {
    this.#standing = null;
  }

  #standsBefore(all: readonly CompletedJob[], i: number, stream: Stream, since: number | null): boolean {
    const standing = this.#standing;
    return standing?.stream === stream && standing.after === all[i - 1]?.id && standing.since === since;
  }

  #streamOf(reference: Reference, inForce: ReferencesInForce): Promise<Stream> {
    const fit = inForce.fitOf(reference.id);
    if (fit) this.#contents.holdFit(reference.id, fit);
    const known = this.#streams.get(reference.id) ?? this.#open(reference);
    this.#streams.set(reference.id, known);
    return known;
  }

  async #open(reference: Reference): Promise<Stream> {
    const { camera, events } = this.#watched;
    const [glassFit, judge] = await Promise.all([
      this.#contents.fitOf(reference.id),
      fit(camera, reference.embeddings),
    ]);
    return new Stream({ camera, reference, fit: glassFit, events }, judge);
  }

  /** Moves the stream to right before a place. */
  async #place(walk: Walk, i: number, stream: Stream, { since, isWarm }: InForceThen): Promise<void> {
    const { camera, reference } = stream.of;
    let count = FEW;
    let jobs = walk.before(i, count);
    const isEnough = () => restsOn({ camera, reference, since, hasFit: stream.of.fit !== null }, jobs);
    while (count === jobs.length && !isEnough()) {
      count *= 4;
      jobs = walk.before(i, count);
    }
    const { windowSize } = camera.detector;
    const counted = jobs.filter((job) => !isSetAside(job) && (since === null || job.capturedAt >= since));
    const isSeen = (job: CompletedJob) => job.referenceId === reference.id && Boolean(job.glass);
    const seen = jobs.filter(isSeen);
    const earlier = seen.filter((job) => !isSetAside(job) && since !== null && job.capturedAt < since);
    const needed = new Set([
      ...seen.slice(-GLASS_MEMORY),
      ...earlier.slice(-VISIT_MEMORY),
      ...counted.filter(isSeen).slice(-countedNeeded(windowSize)),
    ]);
    await this.#contents.load(stream.of, counted.slice(-windowSize), [...needed], walk.change.contents);
    const before = { jobs, since, ...(isWarm && { isWarm }) };
    stream.restore(before, (job) => this.#contents.of(job, reference.id));
  }

  /** Contents by which a cycle's reference is made. */
  async #learnedOf(
    { change }: Walk,
    jobs: readonly CompletedJob[],
  ): Promise<readonly (LearnedContent | null)[]> {
    const { db } = this.#sources;
    const stored = jobs.filter(({ id }) => !change.contents?.has(id)).map(({ id }) => id);
    const embeddings = await loadEmbeddings(db, stored);
    return Promise.all(
      jobs.map(async ({ id }) => {
        const { embedding = embeddings.get(id), thumbnail, glass } = change.contents?.get(id) ?? {};
        const picture = thumbnail ?? (await loadThumbnail(db, id));
        return embedding && picture ? { embedding, thumbnail: picture, glass: glass ?? picture } : null;
      }),
    );
  }

  /** @returns the place after the last one that was read */
  async #loadAhead(walk: Walk, i: number, count: number, { of }: Stream): Promise<number> {
    const some: CompletedJob[] = [];
    let end = i;
    for (; end < walk.all.length && some.length < count; end++) {
      const job = walk.all[end]!;
      if (walk.inForce.at(job.capturedAt).reference.id !== of.reference.id) break;
      some.push(job);
    }
    this.#contents.forgetOldest();
    await this.#contents.load(of, some, some, walk.change.contents);
    return end;
  }
}

/** Goes through a history from each place that a change reaches until the results after it stay the same. */
class Walk {
  readonly change: Change;
  readonly all: CompletedJob[];
  readonly first: number;
  readonly inForce: ReferencesInForce;
  readonly #watched: WatchedCamera;
  /** the first place from which all is kept: jobs that deletion by age left before it are in no window */
  readonly #begin: number;
  /** places that the change reaches, in order */
  readonly #reached: number[];
  #nextReached = 0;
  #settling: Settling;

  constructor(change: Change, watched: WatchedCamera, inForce: ReferencesInForce) {
    this.change = change;
    this.inForce = inForce;
    this.all = [...change.jobs];
    this.#watched = watched;
    this.#begin = firstAt(this.all, watched.camera.horizon ?? -Infinity);
    this.#reached = reachedBy(change, this.#begin);
    this.first = this.#reached[0] ?? this.all.length;
    this.#settling = new Settling(watched.camera);
  }

  /** The last jobs before a place, as far as they can be in its windows. */
  before(i: number, count: number): CompletedJob[] {
    return i < this.#begin ? [] : this.all.slice(Math.max(this.#begin, i - count), i);
  }

  /** True from the horizon on. */
  isKept(i: number): boolean {
    return i >= this.#begin;
  }

  /** The last capture time that the change is known to reach. */
  get reachedTo(): number {
    return this.all[this.#reached.at(-1) ?? -1]?.capturedAt ?? -Infinity;
  }

  isFresh({ id }: CompletedJob): boolean {
    return this.change.fresh?.has(id) ?? false;
  }

  judged(i: number, job: CompletedJob): void {
    const before = this.all[i]!;
    const isReached = this.#reached[this.#nextReached] === i;
    if (isReached) this.#nextReached += 1;
    const isOther = isReached || this.isFresh(before) || !isSeenAlike(before, job);
    const last = this.all[i - 1];
    const isAfterBreak =
      last !== undefined && this.inForce.at(job.capturedAt).since !== this.inForce.at(last.capturedAt).since;
    if (last !== undefined && last.referenceId !== job.referenceId) this.#leave(last, i);
    this.#settling.pass(before, job, { isOther, isAfterBreak });
    this.all[i] = job;
  }

  /** A reference that is in force again later uses its last sights, which may still change. */
  #leave({ referenceId }: CompletedJob, i: number): void {
    if (this.#settling.isFresh || this.#settling.isSettled) return;
    this.#settling = new Settling(this.#watched.camera);
    const again = this.all.findIndex((job, place) => place > i && job.referenceId === referenceId);
    if (again < 0 || this.#reached.includes(again)) return;
    this.#reached.push(again);
    this.#reached.sort((a, b) => a - b);
  }

  /** @returns the place to go on from */
  next(i: number): number {
    const { capturedAt } = this.all[i]!;
    const isDue = capturedAt <= (this.change.until ?? -Infinity) || this.inForce.isOpenAt(capturedAt);
    if (this.isKept(i) && (isDue || !this.#settling.isSettled)) return i + 1;
    const next = this.#reached[this.#nextReached] ?? this.all.length;
    if (next > i + 1) this.#settling = new Settling(this.#watched.camera);
    return next;
  }
}

/** Finds out when, after a change, the next judgement rests only on unchanged facts. */
class Settling {
  readonly #camera: Camera;
  /** number of counted jobs since the last one that the change has reached */
  #counted = 0;
  #hasOwnWindow = false;
  #learned: (number | null)[] = [];
  #growth: (number | null)[] = [];
  #loss: (number | null)[] = [];
  #isAlike = false;
  isFresh = true;

  constructor(camera: Camera) {
    this.#camera = camera;
  }

  get isSettled(): boolean {
    const { thresholds, persistence } = this.#camera;
    return (
      this.#isAlike &&
      this.#hasOwnWindow &&
      this.#counted >= VISIT_MEMORY &&
      isSettledBy(this.#learned, thresholds, persistence) &&
      [this.#growth, this.#loss].every((distances) => isSettledBy(distances, GLASS_THRESHOLDS, persistence))
    );
  }

  pass(
    before: CompletedJob,
    now: CompletedJob,
    { isOther, isAfterBreak }: { readonly isOther: boolean; readonly isAfterBreak: boolean },
  ): void {
    this.isFresh = false;
    if (isOther) {
      [this.#counted, this.#hasOwnWindow] = [0, false];
      [this.#learned, this.#growth, this.#loss] = [[], [], []];
      this.#isAlike = false;
      return;
    }
    // Nothing before a break is in a window after it, and no alarm is.
    if (isAfterBreak) this.#hasOwnWindow = true;
    this.#isAlike = isJudgedAlike(before, now);
    if (isSetAside(now)) return;
    this.#counted += 1;
    if (this.#counted >= countedNeeded(this.#camera.detector.windowSize)) this.#hasOwnWindow = true;
    if (!this.#hasOwnWindow || !this.#isAlike) return;
    this.#learned.push(now.distance);
    // Without growth and loss there is nothing to settle.
    this.#growth.push(now.glass?.growth?.distance ?? null);
    this.#loss.push(now.glass?.loss?.distance ?? null);
  }
}

/** True if a snapshot with either judgement stands alike in windows and in the memory of the view. */
function isSeenAlike(one: CompletedJob, other: CompletedJob): boolean {
  return (
    isSetAside(one) === isSetAside(other) &&
    one.glass?.view.isAside === other.glass?.view.isAside &&
    one.referenceId === other.referenceId &&
    (one.glass === undefined) === (other.glass === undefined)
  );
}

/** @param begin - the place before which only fresh jobs are reached */
function reachedBy({ jobs, fresh, from }: Change, begin: number): number[] {
  const reached = new Set<number>();
  if (fresh && fresh.size > 0) jobs.forEach(({ id }, i) => fresh.has(id) && reached.add(i));
  for (const at of from ?? []) {
    const place = Math.max(begin, firstAt(jobs, at));
    if (place < jobs.length) reached.add(place);
  }
  return [...reached].sort((a, b) => a - b);
}

/** The place of the first job at a capture time or after it. */
function firstAt(jobs: readonly CompletedJob[], at: number): number {
  let [low, high] = [0, jobs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (jobs[middle]!.capturedAt < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * True if these jobs hold everything that a judgement right after them rests on, as the whole history would.
 *
 * @param jobs - the last ones before it, in capture order
 */
export function restsOn(
  {
    camera,
    reference,
    since,
    hasFit,
  }: {
    readonly camera: Camera;
    readonly reference: Reference;
    readonly since: number | null;
    readonly hasFit: boolean;
  },
  jobs: readonly CompletedJob[],
): boolean {
  const { detector, thresholds, persistence } = camera;
  const [oldest] = jobs;
  if (!oldest) return false;
  // The oldest of these may have others of its instant before it.
  const hasBreak = since !== null && oldest.capturedAt < since;
  const counts = (job: CompletedJob) => !isSetAside(job) && (since === null || job.capturedAt >= since);
  const inForce = { ...camera, referenceId: reference.id };
  if (!hasBreak) {
    const counted = jobs.filter(counts);
    const others = counted.findLastIndex((job) => !isOfSameHistory(job, inForce));
    const distances = counted.slice(others + 1).map(({ distance }) => distance);
    const isSettled = others >= 0 || isSettledBy(distances, thresholds, persistence);
    if (counted.length < detector.windowSize || !isSettled) return false;
  }
  if (!hasFit) return true;
  const own = jobs.filter(({ referenceId }) => referenceId === reference.id);
  if (own.some(({ glass }) => glass === undefined)) return true;
  const seen = own.filter(({ glass }) => glass);
  if (seen.length < GLASS_MEMORY || seen.filter((job) => !isSetAside(job)).length < VISIT_MEMORY)
    return false;
  if (hasBreak) return true;
  const counted = seen.filter(counts);
  return (
    counted.length > countedNeeded(detector.windowSize) &&
    (['growth', 'loss'] as const).every((stream) =>
      isSettledBy(
        counted.map(({ glass }) => glass?.[stream]?.distance ?? null),
        GLASS_THRESHOLDS,
        persistence,
      ),
    )
  );
}

/** All of a history, as by other settings. */
export const WHOLE = { from: [-Infinity], until: Infinity } as const;
