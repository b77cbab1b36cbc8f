import { v4 as uuid } from 'uuid';
import { AppError } from '../../domain/errors';
import { compareJobs, isSeenSmall, type CompletedJob, type Job } from '../../domain/camera/job';
import {
  isFinal,
  isUnjudged,
  snapshotFacts,
  unjudgedJob,
  type SnapshotFacts,
} from '../../domain/camera/snapshot-job';
import { clockFacts, placeOf } from '../../domain/camera/time/clock';
import { inRightTime } from '../../domain/camera/time/clock-stand';
import { isBetterWitness } from '../../domain/camera/time/witness';
import { problemOf } from '../../domain/camera/unusable';
import type { GlassSight } from '../../domain/glass/sight';
import { unreadSha256 } from '../../encoder/content';
import type { EncodeResult } from '../../encoder/encoder-api';
import { saveJobs, type NewJob } from '../../storage/new-jobs';
import { HistoryJudge } from '../history/judge-again';
import type { Snapshot } from './capture-order';
import { positionIn, type Changed, type KnownJobs } from './known-jobs';
import type { Counted, CountedArrival, BatchParts } from './batch';
import type { Watched } from '../history/window';

type Encoded = Extract<EncodeResult, { readonly ok: true }>;

/** A snapshot that gets a job, or another place for the one that it has. */
interface Entry {
  readonly snapshot: Snapshot;
  readonly job: Job;
  /** null if it could not be read or can't be judged */
  readonly content: Encoded | null;
  /** the job that it replaces; itself, before the change, if its time has a better witness */
  readonly replaced: Job | undefined;
}

/** Turns encoded snapshots of one camera into jobs, and stores them with their changes to later jobs. */
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
   */
  async count(
    watched: Watched,
    known: KnownJobs,
    snapshots: readonly Snapshot[],
    results: readonly EncodeResult[],
    arrival: CountedArrival,
  ): Promise<Counted> {
    if (!this.#judge?.isFor(watched)) this.#judge = new HistoryJudge(this.#parts, watched);
    const byFile = new Map<File, Job | null>();
    const entries: Entry[] = [];
    let seenBefore = 0;
    known.give(results.flatMap(({ contentSha256 }) => known.byContent(contentSha256) ?? []));
    for (const [i, snapshot] of snapshots.entries()) {
      const result = results[i];
      if (!result) break;
      const found = knownAs(watched, known, result, entries);
      const isCorrected =
        found !== undefined &&
        (isSeenSmall(found) || isBetterWitness(snapshot, found, this.#parts.now())) &&
        faresAlike(found, result);
      if (found) seenBefore += 1;
      if (found && !isCorrected) byFile.set(snapshot.file, found);
      else if (!result.ok && !found && !arrival.isAnswered(snapshot.file)) byFile.set(snapshot.file, null);
      else {
        const entry = this.#entryOf(watched, snapshot, result, found);
        const replaced = found ?? (await replacedBy(known, snapshot, result, arrival));
        entries.push({ ...entry, replaced });
      }
    }
    const { stored, written } = await this.#judgeAndStore(watched, known, entries, arrival.begunAt);
    for (const { snapshot, job } of stored) byFile.set(snapshot.file, job);
    for (const [file, job] of byFile) if (job) byFile.set(file, known.shown(job));
    const isOf = (job: Job | null | undefined) => job !== null && job !== undefined;
    const jobs = snapshots.map(({ file }) => byFile.get(file)).filter(isOf);
    return { jobs, byFile, seenBefore, written };
  }

  #entryOf(
    watched: Watched,
    snapshot: Snapshot,
    result: EncodeResult,
    found: Job | undefined,
  ): Omit<Entry, 'replaced'> {
    const { camera } = watched;
    const { id, createdAt } = found ?? { id: uuid(), createdAt: Date.now() };
    // A worse witness of its time may bring its picture.
    const time = found && !isBetterWitness(snapshot, found, this.#parts.now()) ? found : snapshot;
    const facts = snapshotFacts(camera.id, time, { id, contentSha256: result.contentSha256, createdAt });
    const failed = (job: Job) => ({ snapshot, job, content: null });
    if (!result.ok) return failed(failedJob(facts, result));
    const problem = problemOf(result.embedding, watched.reference);
    if (problem) return failed(failedJob(facts, problem));
    const job: CompletedJob = {
      ...unjudgedJob(facts, watched, result.properties),
      ...(found?.jobStatus === 'Completed' && found.byEye && { byEye: found.byEye }),
    };
    return { snapshot, job, content: result };
  }

  async #judgeAndStore(
    watched: Watched,
    known: KnownJobs,
    entries: readonly Entry[],
    batch: number,
  ): Promise<Pick<Counted, 'written'> & { readonly stored: readonly Entry[] }> {
    if (entries.length === 0) return { stored: [], written: [] };
    const judge = this.#mustJudge();
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
    const placed = entries.map((entry): Entry => {
      const job = timed.get(entry.job.id) ?? entry.job;
      if (job.jobStatus === 'Failed') return entry;
      return { ...entry, job: { ...job, referenceId: judge.referenceAt(job.capturedAt, clock.jobs).id } };
    });
    const sights = await this.#look(placed);
    const { judged, sights: seen } = await judge.judge({
      ...clock,
      from: [...gone.filter(wasJudged).map(({ capturedAt }) => capturedAt), ...clock.from],
      contents: new Map(
        placed.flatMap(({ job, content }) =>
          content ? [[job.id, { embedding: content.embedding, sight: sights.get(job.id) }] as const] : [],
        ),
      ),
    });
    const stored = placed.map((entry) => ({ ...entry, job: judged.get(entry.job.id) ?? entry.job }));
    const newest = known.stand.believed.findLast(({ jobStatus }) => jobStatus === 'Completed');
    const isLate = ({ job, replaced }: Entry) =>
      job.jobStatus === 'Completed' &&
      !isUnjudged(job) &&
      (replaced?.id === job.id || (newest && compareJobs(job, newest) < 0));
    const snapshots = stored.filter(isLate).map(({ job: { id, capturedAt } }) => ({ id, capturedAt }));
    const own = new Set(stored.map(({ job }) => job.id));
    const others = new Map([...clock.others, ...judged].filter(([id]) => !own.has(id)));
    try {
      await saveJobs(
        this.#parts.db,
        stored.map((entry) => newJob(entry, sights.get(entry.job.id))),
        { judged: others, sights: seen, told: { cause: 'late', snapshots, batch } },
      );
    } catch (error) {
      judge.forgetPlace();
      throw error;
    }
    const came: CompletedJob[] = [];
    const before = new Map<string, Job>();
    // Mostly a batch changes no other job, and thousands need not be looked through.
    for (const job of others.size > 0 ? known.stored : []) {
      if (!others.has(job.id)) continue;
      if (isUnjudged(job) && judged.has(job.id)) came.push(judged.get(job.id)!);
      before.set(job.id, known.shown(job));
    }
    for (const { job, replaced } of stored) {
      if (replaced?.id === job.id) before.set(job.id, known.shown(replaced));
    }
    const changed = known.change({ gone, more: stored.map(({ job }) => job), judged: others });
    this.#tell(known, stored, changed, came);
    const now = [...stored.map(({ job }) => job), ...others.values()].map((job) => known.shown(job));
    return { stored, written: now.map((after) => ({ before: before.get(after.id) ?? null, after })) };
  }

  /** @param came - jobs that count from now on, though they were there before */
  #tell(
    known: KnownJobs,
    stored: readonly Entry[],
    changed: readonly Changed[],
    came: readonly CompletedJob[],
  ): void {
    const { followers } = this.#parts;
    for (const { job, replaced, snapshot } of stored) {
      if (replaced?.id === job.id) followers.corrected(job, replaced);
      else if (job.jobStatus === 'Completed' && !isUnjudged(job)) followers.scored(job, snapshot.file);
    }
    const fresh = stored.filter(({ job, replaced }) => replaced?.id !== job.id);
    followers.stored([...fresh.map(({ job }) => known.shown(job)), ...came]);
    if (changed.length > 0) {
      followers.judgedAnew(
        changed,
        stored.map(({ job }) => job),
      );
    }
  }

  /** Sights of new snapshots, by job id: null for another shape, none if growth and loss can't look. */
  async #look(entries: readonly Entry[]): Promise<ReadonlyMap<string, GlassSight | null>> {
    const judge = this.#mustJudge();
    const byReference = new Map<string, Entry[]>();
    for (const entry of entries) {
      if (!entry.content || entry.job.jobStatus === 'Failed') continue;
      const { referenceId } = entry.job;
      byReference.set(referenceId, [...(byReference.get(referenceId) ?? []), entry]);
    }
    const sights = new Map<string, GlassSight | null>();
    for (const [referenceId, some] of byReference) {
      const fit = await judge.fitOf(referenceId);
      if (!fit) continue;
      const pictures = some.map(({ content }) => content!.glass!);
      try {
        const seen = await this.#parts.looker.look(fit, pictures);
        for (const [i, { job }] of some.entries()) sights.set(job.id, seen[i] ?? null);
      } catch (error) {
        // They are scored without it; missing sights are made when nothing else is at work.
        if (!(error instanceof AppError)) throw error;
      }
    }
    return sights;
  }

  #mustJudge(): HistoryJudge {
    if (!this.#judge) throw new Error('nothing is counted');
    return this.#judge;
  }
}

/** The job that a content has already; of one that was set aside unseen only while there is nothing better. */
function knownAs(
  { reference }: Watched,
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

function newJob({ job, content, replaced }: Entry, sight: GlassSight | null | undefined): NewJob {
  const replaces = replaced && { replaces: replaced.id };
  if (job.jobStatus === 'Failed') return { job, ...replaces };
  // Known only while the page is open.
  const { awaitsGlass: _, ...stored } = job;
  const { embedding, thumbnail } = content!;
  return { job: stored, embedding, thumbnail, sight: sight ?? null, ...replaces };
}

function failedJob(
  facts: SnapshotFacts,
  { code, detail }: Pick<Extract<EncodeResult, { readonly ok: false }>, 'code' | 'detail'>,
): Job {
  return { ...facts, jobStatus: 'Failed', code, detail };
}

function wasJudged(job: Job): boolean {
  return job.jobStatus === 'Completed' && !isUnjudged(job);
}

/** True if a content fared the same again. */
function faresAlike(job: Job, result: EncodeResult): boolean {
  return job.jobStatus === 'Completed' ? result.ok : !result.ok && result.code === job.code;
}
