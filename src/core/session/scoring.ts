import { v4 as uuid } from 'uuid';
import { AppError } from '../domain/errors';
import {
  compareJobs,
  isOfSameHistory,
  lastBreak,
  withByEye,
  type CompletedJob,
  type Job,
} from '../domain/camera/job';
import { faultOf, isFinal, placeOf, scoredJob, setAside, snapshotFacts } from '../domain/camera/snapshot-job';
import { isBetterWitness } from '../domain/camera/time/witness';
import { uncounted, type Judge } from '../domain/drift/judge';
import type { GlassPicture } from '../domain/glass/picture';
import { unreadSha256 } from '../encoder/content';
import type { EncodeResult } from '../encoder/encoder-api';
import { saveJobs, type NewJob } from '../storage/jobs';
import { GlassWatch, type WatchedSight } from './glass/glass-watch';
import type { Snapshot } from './capture-order';
import { positionIn, type KnownJobs } from './known-jobs';
import type { CountedArrival, MonitorParts, Scored } from './monitor.svelte';
import { restoreJudge, type Watched } from './history/window';

/** Judges encoded snapshots of one camera, each after those before it, and stores what they say. */
export class Scoring {
  readonly #parts: MonitorParts;
  /** it stands after the snapshot counted last */
  #judge: Judge | null = null;
  #counted: CompletedJob | null = null;
  /** it stands there too; null where the reference has no fit */
  #glass: GlassWatch | null = null;
  /** the last break before that snapshot */
  #since: number | null = null;

  constructor(parts: MonitorParts) {
    this.#parts = parts;
  }

  /** What is stored was changed: the judge is made to stand right anew before the next snapshot. */
  forgetPlace(): void {
    this.#counted = null;
  }

  /**
   * Counts encoded snapshots in capture order and stores them, each whole or not at all.
   *
   * @param known - takes what was stored
   */
  async count(
    watched: Watched,
    known: KnownJobs,
    snapshots: readonly Snapshot[],
    results: readonly EncodeResult[],
    { isAnswered, begunAt }: CountedArrival,
  ): Promise<Scored> {
    const byFile = new Map<File, Job | null>();
    let unsaved: (NewJob & { readonly replaced: Job | undefined; readonly file: File })[] = [];
    const jobs: Job[] = [];
    let seenBefore = 0;
    const save = async () => {
      if (unsaved.length === 0) return;
      await saveJobs(this.#parts.db, unsaved.map(asStored));
      for (const { job, replaced, file } of unsaved) {
        if (replaced) known.remove(replaced);
        known.insert(job);
        if (job.jobStatus === 'Completed') this.#parts.onScored(job, file);
      }
      this.#parts.onWrite(unsaved.map(({ job }) => job));
      unsaved = [];
    };
    let isAhead = false;
    for (const [i, snapshot] of snapshots.entries()) {
      const result = results[i];
      if (!result) break;
      const { contentSha256 } = result;
      const found =
        known.byContent(contentSha256) ??
        unsaved.find(({ job }) => isFinal(job, watched.reference) && job.contentSha256 === contentSha256)
          ?.job ??
        // What was set aside stays as it is stored until there is something better.
        (snapshot.fault || !result.ok ? known.asideByContent(contentSha256) : undefined);
      if (found) {
        seenBefore += 1;
        const isCorrected = isBetterWitness(snapshot, found) && faresAlike(found, result);
        const job = isCorrected ? await this.#correct(watched, known, snapshot, result, found, save) : found;
        jobs.push(job);
        byFile.set(snapshot.file, job);
        continue;
      }
      if (!result.ok && !isAnswered(snapshot.file)) {
        byFile.set(snapshot.file, null);
        continue;
      }
      const fault = faultOf(snapshot, result.ok);
      if (result.ok && !fault) await this.#placeJudge(watched, known, snapshot, save);
      if (result.ok && !fault && this.#glass && !isAhead) {
        isAhead = true;
        await this.#glass.lookAhead(inARow(known, snapshots.slice(i), results.slice(i)));
      }
      const seen = result.ok && !fault ? await this.#glass?.see(result.glass) : undefined;
      const judged = fault
        ? { job: setAside(factsOf(watched, snapshot, result), fault, snapshot.file.lastModified) }
        : this.#judged(watched, snapshot, result, seen);
      const replaced =
        known.replacedBy(contentSha256) ??
        (known.hasUnread ? known.replacedBy(await unreadSha256(snapshot.file), begunAt) : undefined) ??
        known.replacedBy(placeOf(snapshot), begunAt);
      const entry = { ...judged, ...(replaced && { replaces: replaced.id }), replaced, file: snapshot.file };
      unsaved.push(entry);
      jobs.push(entry.job);
      byFile.set(snapshot.file, entry.job);
      if (entry.job.jobStatus === 'Completed') {
        this.#counted = entry.job;
        this.#glass?.passed(entry.job);
      }
    }
    await save();
    return { jobs, byFile, seenBefore };
  }

  /**
   * Judges a known content by a better witness of its time, as a snapshot that comes late. Its job keeps its id and what a
   * person has said of it; what was judged after it stays as it is. A judgement by an earlier reference or other settings
   * stays too.
   */
  async #correct(
    watched: Watched,
    known: KnownJobs,
    snapshot: Snapshot,
    result: EncodeResult,
    found: Job,
    save: () => Promise<void>,
  ): Promise<Job> {
    await save();
    this.#counted = null;
    const entry = await this.#judgedAgain(watched, known, snapshot, result, found, save);
    await saveJobs(this.#parts.db, [{ ...asStored(entry), replaces: found.id }]);
    const before = known.byContent(result.contentSha256);
    const areCompleted = entry.job.jobStatus === 'Completed' && before?.jobStatus === 'Completed';
    const job = areCompleted ? withByEye(entry.job, before.byEye ?? null) : entry.job;
    known.remove(found);
    known.insert(job);
    if (job.jobStatus === 'Completed' && isOfSameHistory(job, watched.camera)) {
      this.#counted = job;
      this.#glass?.passed(job);
    }
    this.#parts.onCorrected(job, found);
    return job;
  }

  async #judgedAgain(
    watched: Watched,
    known: KnownJobs,
    snapshot: Snapshot,
    result: EncodeResult,
    found: Job,
    save: () => Promise<void>,
  ): Promise<NewJob> {
    if (!result.ok) return this.#judged(watched, snapshot, result, undefined, found);
    if (found.jobStatus === 'Completed' && !isOfSameHistory(found, watched.camera)) {
      const { statedAt: _, ...judged } = found;
      const job = { ...judged, ...factsOf(watched, snapshot, result, found) };
      return { job, embedding: result.embedding, thumbnail: result.thumbnail, sight: null };
    }
    await this.#placeJudge(watched, known, snapshot, save, found);
    return this.#judged(watched, snapshot, result, await this.#glass?.see(result.glass), found);
  }

  /**
   * Makes the judge stand right before this snapshot in capture order. It does already unless the page has just been
   * loaded, the lens was cleaned in between, or the snapshot arrives late and belongs between others: then it gets
   * the window of its own time, and the distances that stand stay as they are. Only what the camera's present model
   * has scored counts: where an earlier model went further, nothing is late.
   *
   * @param but - the job of the snapshot itself, where it has one
   */
  async #placeJudge(
    watched: Watched,
    known: KnownJobs,
    snapshot: Snapshot,
    save: () => Promise<void>,
    but?: Job,
  ): Promise<void> {
    const since = lastBreak(watched.events, snapshot.capturedAt);
    const counted = this.#counted;
    const isRightBefore =
      counted !== null &&
      compareJobs(counted, snapshot) <= 0 &&
      positionIn(known.scored, counted) === positionIn(known.scored, snapshot);
    if (this.#judge && since === this.#since && isRightBefore) return;
    await save();
    const { db, looker } = this.#parts;
    const earlier = known.scored
      .slice(0, positionIn(known.scored, snapshot))
      .filter(({ id }) => id !== but?.id);
    this.#judge = await restoreJudge(db, watched, earlier, since, this.#judge);
    if (!this.#glass?.isFor(watched)) this.#glass = await GlassWatch.open(db, looker, watched);
    await this.#glass?.place(db, earlier, since);
    this.#since = since;
    this.#counted = earlier.at(-1) ?? null;
  }

  #judged(
    watched: Watched,
    snapshot: Snapshot,
    result: EncodeResult,
    seen: WatchedSight | null | undefined,
    known?: Job,
  ): NewJob {
    const { reference } = watched;
    const facts = factsOf(watched, snapshot, result, known);
    if (!result.ok) {
      return { job: { ...facts, jobStatus: 'Failed', code: result.code, detail: result.detail } };
    }
    const judge = this.#judge;
    if (!judge) throw new Error('the judge was not restored');
    try {
      const counts = seen?.facts.growth !== null;
      const isAwaited = seen === undefined && this.#glass !== null && reference.isOwnModel === false;
      const judgement = counts ? judge.update(result.embedding) : uncounted(judge);
      const glass = seen === null ? null : seen?.facts;
      return {
        job: {
          ...scoredJob(facts, watched, judgement, result.properties, glass),
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
}

/** What the next snapshots show, as far as they are new and nothing that was scored before lies between them. */
function inARow(
  known: KnownJobs,
  snapshots: readonly Snapshot[],
  results: readonly EncodeResult[],
): GlassPicture[] {
  const [first] = snapshots;
  const place = first && positionIn(known.scored, first);
  const pictures: GlassPicture[] = [];
  for (const [i, snapshot] of snapshots.entries()) {
    const result = results[i];
    if (!result?.ok || faultOf(snapshot, result.ok) || known.byContent(result.contentSha256)) break;
    if (positionIn(known.scored, snapshot) !== place) break;
    pictures.push(result.glass);
  }
  return pictures;
}

/** Without what is known only while the page is open. */
function asStored<T extends NewJob>(entry: T): T {
  if (entry.job.jobStatus === 'Failed' || !entry.job.awaitsGlass) return entry;
  const { awaitsGlass: _, ...job } = entry.job;
  return { ...entry, job };
}

/** True if a content fared the same again. */
function faresAlike(job: Job, result: EncodeResult): boolean {
  return job.jobStatus === 'Completed' ? result.ok : !result.ok && result.code === job.code;
}

/** @param known - the job that it has already */
function factsOf({ camera }: Watched, snapshot: Snapshot, { contentSha256 }: EncodeResult, known?: Job) {
  const { id, createdAt } = known ?? { id: uuid(), createdAt: Date.now() };
  return snapshotFacts(camera.id, snapshot, { id, contentSha256, createdAt });
}
