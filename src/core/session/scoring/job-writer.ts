import { v4 as uuid } from 'uuid';
import { compareJobs, type CompletedJob, type Job } from '../../domain/camera/job';
import { isFinal, isUnjudged, snapshotFacts, unjudgedJob } from '../../domain/camera/snapshot-job';
import { clockFacts, placeOf } from '../../domain/camera/time/clock';
import { inRightTime, type InRightTime } from '../../domain/camera/time/clock-stand';
import { isBetterWitness } from '../../domain/camera/time/witness';
import { problemOf } from '../../domain/camera/unusable';
import type { GlassSight } from '../../domain/glass/sight';
import { unreadSha256 } from '../../encoder/content';
import type { EncodeResult } from '../../encoder/encoder-api';
import type { JudgedAgain } from '../../storage/judged-again';
import { saveJobs, type NewJob } from '../../storage/new-jobs';
import { HistoryJudge } from '../history/judge-again';
import type { Snapshot } from './capture-order';
import { positionIn, type KnownJobs } from './known-jobs';
import type { CountedFiles, CountedArrival, BatchParts } from './batch';
import type { WatchedCamera } from '../history/window';

type EncodedContent = Extract<EncodeResult, { readonly ok: true }>;
type Problem = Pick<Extract<EncodeResult, { readonly ok: false }>, 'code' | 'detail'>;

/** A snapshot on its way to a stored job, or to another place of the job that it has. */
interface Entry {
  readonly snapshot: Snapshot;
  readonly job: Job;
  /** null if it could not be read or can't be judged */
  readonly content: EncodedContent | null;
  /** the job that it replaces; itself, before the change, if its time has a better witness */
  readonly replaced: Job | undefined;
  /** null before it was judged, for another shape, and where growth and loss can't look */
  readonly sight: GlassSight | null;
}

/** Entries in their right time. */
interface PlacedEntries {
  readonly entries: readonly Entry[];
  readonly clock: InRightTime;
  /** jobs that the entries replace */
  readonly gone: readonly Job[];
}

/** Entries as judged, and stored jobs that are others for them. */
interface JudgedEntries {
  readonly entries: readonly Entry[];
  readonly others: ReadonlyMap<string, CompletedJob>;
  /** of stored jobs that had none */
  readonly sights: JudgedAgain['sights'];
  /** absent if the camera's references are as before */
  readonly renewed?: JudgedAgain['renewed'];
}

/** The camera that is added to. */
interface Place {
  readonly watched: WatchedCamera;
  readonly known: KnownJobs;
  readonly judge: HistoryJudge;
}

/**
 * Turns encoded snapshots of one camera into jobs. One whose content is known keeps its job; the others are placed, looked
 * at, judged and stored.
 */
export class JobWriter {
  readonly #parts: BatchParts;
  #judge: HistoryJudge | null = null;

  constructor(parts: BatchParts) {
    this.#parts = parts;
  }

  /** Makes the judge find its place again before the next snapshot: stored jobs were changed elsewhere. */
  forgetPlace(): void {
    this.#judge = null;
  }

  /**
   * Counts encoded snapshots and stores them with all that they change, in one transaction.
   *
   * @param known - takes what was stored
   * @param results - one for each snapshot
   */
  async count(
    watched: WatchedCamera,
    known: KnownJobs,
    snapshots: readonly Snapshot[],
    results: readonly EncodeResult[],
    arrival: CountedArrival,
  ): Promise<CountedFiles> {
    if (!this.#judge?.isFor(watched)) this.#judge = new HistoryJudge(this.#parts, watched);
    const place: Place = { watched, known, judge: this.#judge };
    const byFile = new Map<File, Job | null>();
    const entries: Entry[] = [];
    let seenBefore = 0;
    known.give(results.flatMap(({ contentSha256 }) => known.byContent(contentSha256) ?? []));
    for (const [i, snapshot] of snapshots.entries()) {
      const result = results[i]!;
      const found = knownAs(watched, known, result, entries);
      if (found) seenBefore += 1;
      byFile.set(snapshot.file, found ?? null);
      const isWanted = found
        ? this.#isCorrected(snapshot, found, result)
        : result.ok || arrival.isAnswered(snapshot.file);
      if (isWanted) entries.push(await this.#entryOf(place, snapshot, result, { found, arrival }));
    }
    const { stored, written, isRenewed } = await this.#write(place, entries, arrival.begunAt);
    for (const { snapshot, job } of stored) byFile.set(snapshot.file, job);
    for (const [file, job] of byFile) byFile.set(file, job && known.shown(job));
    return { jobs: [...byFile.values()].flatMap((job) => job ?? []), byFile, seenBefore, written, isRenewed };
  }

  /** True if a job of known content takes the time of a snapshot that came now. */
  #isCorrected(snapshot: Snapshot, found: Job, result: EncodeResult): boolean {
    return isBetterWitness(snapshot, found, this.#parts.now()) && faresAlike(found, result);
  }

  async #entryOf(
    { watched, known }: Place,
    snapshot: Snapshot,
    result: EncodeResult,
    { found, arrival }: { readonly found: Job | undefined; readonly arrival: CountedArrival },
  ): Promise<Entry> {
    const { camera } = watched;
    const { id, createdAt } = found ?? { id: uuid(), createdAt: Date.now() };
    const facts = snapshotFacts(camera.id, snapshot, { id, contentSha256: result.contentSha256, createdAt });
    const replaced = found ?? (await replacedBy(known, snapshot, result, arrival));
    const failed = ({ code, detail }: Problem): Entry => {
      const job: Job = { ...facts, jobStatus: 'Failed', code, detail };
      return { snapshot, job, content: null, replaced, sight: null };
    };
    if (!result.ok) return failed(result);
    const problem = problemOf(result.embedding, watched.reference);
    if (problem) return failed(problem);
    const job: CompletedJob = {
      // A time that is not believed yet has none in force; any order of arrival gives the same.
      ...unjudgedJob(facts, { camera, reference: watched.references[0]! }, result.properties),
      ...(found?.jobStatus === 'Completed' && found.byEye && { byEye: found.byEye }),
    };
    return { snapshot, job, content: result, replaced, sight: null };
  }

  /** Places, judges, stores and announces new entries. */
  async #write(
    place: Place,
    entries: readonly Entry[],
    batch: number,
  ): Promise<
    Pick<CountedFiles, 'written'> & { readonly isRenewed: boolean; readonly stored: readonly Entry[] }
  > {
    if (entries.length === 0) return { stored: [], written: [], isRenewed: false };
    const placing = this.#place(place, entries);
    const judging = await judgeAll(place.judge, placing);
    await this.#store(place, judging, batch);
    const written = this.#tell(place.known, judging, placing.gone);
    return { stored: judging.entries, written, isRenewed: judging.renewed !== undefined };
  }

  #place({ watched, known }: Place, entries: readonly Entry[]): PlacedEntries {
    const gone = entries.flatMap(({ replaced }) => replaced ?? []);
    const all = inOrder(
      known.stored,
      entries.map(({ job }) => job),
      new Set(gone.map(({ id }) => id)),
    );
    const facts = clockFacts(watched.camera, watched.reference, this.#parts.now());
    const clock = inRightTime(all, watched.camera, facts);
    const timed = new Map(clock.others);
    for (const job of clock.jobs) if (clock.fresh.has(job.id)) timed.set(job.id, job);
    const placed = entries.map((entry) => ({ ...entry, job: timed.get(entry.job.id) ?? entry.job }));
    return { entries: placed, clock, gone };
  }

  async #store(
    { known, judge }: Place,
    { entries, others, sights, renewed }: JudgedEntries,
    batch: number,
  ): Promise<void> {
    const newest = known.stand.believed.findLast(({ jobStatus }) => jobStatus === 'Completed');
    const isLate = (entry: Entry) =>
      wasJudged(entry.job) && (isSame(entry) || (newest && compareJobs(entry.job, newest) < 0));
    const late = entries.filter(isLate).map(({ job: { id, capturedAt } }) => ({ id, capturedAt }));
    try {
      await saveJobs(this.#parts.db, entries.map(newJob), {
        judged: others,
        sights,
        ...(renewed && { renewed }),
        told: { cause: 'late', snapshots: late, batch },
      });
    } catch (error) {
      judge.forgetPlace();
      throw error;
    }
  }

  /** Tells what was stored to those who know the history. @returns each job before and after, as shown */
  #tell(known: KnownJobs, { entries, others }: JudgedEntries, gone: readonly Job[]): CountedFiles['written'] {
    const { followers } = this.#parts;
    const jobs = entries.map(({ job }) => job);
    // Mostly a batch changes no other job, and thousands need not be looked through.
    const touched = others.size > 0 ? known.stored.filter(({ id }) => others.has(id)) : [];
    const came = touched.filter(isUnjudged).flatMap(({ id }) => others.get(id) ?? []);
    const corrected = entries.filter(isSame).map(({ replaced }) => replaced!);
    const before = new Map([...touched, ...corrected].map((job) => [job.id, known.shown(job)]));
    const changed = known.change({ gone, more: jobs, judged: others });
    for (const entry of entries) {
      const { job, replaced, snapshot } = entry;
      if (isSame(entry)) followers.corrected(job, replaced!);
      else if (wasJudged(job)) followers.scored(job, snapshot.file);
    }
    const fresh = entries.filter((entry) => !isSame(entry));
    followers.stored([...fresh.map(({ job }) => known.shown(job)), ...came.filter(wasJudged)]);
    if (changed.length > 0) followers.judgedAnew(changed, jobs);
    return [...jobs, ...others.values()]
      .map((job) => known.shown(job))
      .map((after) => ({ before: before.get(after.id) ?? null, after }));
  }
}

/** Judges the entries and all that their places reach. */
async function judgeAll(
  judge: HistoryJudge,
  { entries, clock, gone }: PlacedEntries,
): Promise<JudgedEntries> {
  const contents = entries.flatMap(({ job, content }) => (content ? [[job.id, content] as const] : []));
  const { judged, sights, renewed } = await judge.judge({
    ...clock,
    from: [...gone.filter(wasJudged).map(({ capturedAt }) => capturedAt), ...clock.from],
    contents: new Map(contents),
  });
  const own = new Set(entries.map(({ job }) => job.id));
  return {
    entries: entries.map((entry) => {
      const { id } = entry.job;
      return { ...entry, job: judged.get(id) ?? entry.job, sight: sights.get(id) ?? null };
    }),
    others: new Map([...clock.others, ...judged].filter(([id]) => !own.has(id))),
    sights: new Map([...sights].filter(([id]) => !own.has(id))),
    ...(renewed && { renewed }),
  };
}

/** The job that a content has already; of one that was set aside unseen only while there is nothing better. */
function knownAs(
  { reference }: WatchedCamera,
  known: KnownJobs,
  { ok, contentSha256 }: EncodeResult,
  entries: readonly Entry[],
): Job | undefined {
  return (
    known.byContent(contentSha256) ??
    entries.find(({ job }) => isFinal(job, reference) && job.contentSha256 === contentSha256)?.job ??
    (ok ? undefined : known.asideByContent(contentSha256))
  );
}

async function replacedBy(
  known: KnownJobs,
  snapshot: Snapshot,
  { contentSha256 }: EncodeResult,
  { begunAt }: CountedArrival,
): Promise<Job | undefined> {
  return (
    known.replacedBy(contentSha256) ??
    (known.hasFailedReads ? known.replacedBy(await unreadSha256(snapshot.file), begunAt) : undefined) ??
    known.replacedBy(placeOf(snapshot), begunAt)
  );
}

/** Jobs in capture order, with others in place of some. */
function inOrder(known: readonly Job[], more: readonly Job[], gone: ReadonlySet<string>): readonly Job[] {
  const jobs = gone.size > 0 ? known.filter(({ id }) => !gone.has(id)) : [...known];
  for (const job of [...more].sort(compareJobs)) jobs.splice(positionIn(jobs, job), 0, job);
  return jobs;
}

function newJob({ job, content, replaced, sight }: Entry): NewJob {
  const replaces = replaced && { replaces: replaced.id };
  if (job.jobStatus === 'Failed') return { job, ...replaces };
  // Known only while the page is open.
  const { awaitsGlass: _, ...stored } = job;
  const { embedding, thumbnail } = content!;
  return { job: stored, embedding, thumbnail, sight, ...replaces };
}

/** True for the job of a known content that takes another time. */
function isSame({ job, replaced }: Entry): boolean {
  return replaced?.id === job.id;
}

function wasJudged(job: Job): job is CompletedJob {
  return job.jobStatus === 'Completed' && !isUnjudged(job);
}

/** True if a content fared the same again. */
function faresAlike(job: Job, result: EncodeResult): boolean {
  return job.jobStatus === 'Completed' ? result.ok : !result.ok && result.code === job.code;
}
