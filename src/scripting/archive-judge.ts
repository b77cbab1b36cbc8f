import type { Embedding } from '../core/domain/drift/embedding';
import { Judge } from '../core/domain/drift/judge';
import { Glass } from '../core/domain/glass/glass';
import type { GlassSight } from '../core/domain/glass/sight';
import type { KernelsFor } from '../core/domain/glass/kernels';
import type { GlassPicture } from '../core/domain/glass/picture';
import type { ErrorCode } from '../core/domain/errors';
import type { Detail } from '../core/domain/detail';
import type { ImageProperties } from '../core/domain/picture/property-table';
import {
  clockFacts,
  isAhead,
  isAside,
  rightTimes,
  type SnapshotTime,
} from '../core/domain/camera/time/clock';
import { setAside } from '../core/domain/camera/time/clock-stand';
import { byBestWitness } from '../core/domain/camera/time/witness';
import type { StatedTiming } from '../core/domain/camera/time/job-time';
import { compareJobs, type Job } from '../core/domain/camera/job';
import { isFinal, snapshotFacts, unjudgedJob } from '../core/domain/camera/snapshot-job';
import { Stream, type StreamOf } from '../core/domain/camera/stream';
import { problemOf } from '../core/domain/camera/unusable';

/** A snapshot of an archive: what its file stated, and what an encoder made of it. */
export interface ArchivedSnapshot extends StatedTiming {
  readonly contentSha256: string;
  /** why it could not be read as a picture; null if it could */
  readonly error: { readonly code: ErrorCode; readonly detail: Detail } | null;
}

/** The encoder's result for a readable snapshot. */
export interface ArchivedContent {
  readonly embedding: Embedding;
  readonly properties: ImageProperties;
  readonly glass: GlassPicture;
}

/**
 * Judges the snapshots of an archive as a camera that has scored nothing before would score them, given all at once: the
 * same jobs, to the last bit, without a page. A camera with cleanings, with corrections of its clock or with a history
 * is the Monitor's.
 */
export class ArchiveJudge<T extends ArchivedSnapshot> {
  readonly #of: StreamOf;
  readonly #newId: () => string;
  readonly #stream: Stream;
  readonly #eye: Glass | null;
  /** the archive's job of each content */
  readonly #bySha256 = new Map<string, Job>();
  readonly #failed = new Map<string, Job>();
  readonly #replaced = new Set<Job>();

  /**
   * @param kernelsFor - does the arithmetic of growth and loss
   * @throws AppError when the settings or the reference can't be used
   */
  constructor(of: StreamOf, kernelsFor: KernelsFor, newId: () => string) {
    const { camera, reference, fit } = of;
    this.#of = of;
    this.#newId = newId;
    this.#stream = new Stream(of, new Judge(camera, reference.embeddings));
    this.#eye = fit && new Glass(fit, kernelsFor);
  }

  /** In the order in which they must be judged, each with the time that it is judged by. @param now - milliseconds since 1970 */
  inOrder(snapshots: readonly T[], now: number): readonly (T & SnapshotTime)[] {
    const { camera, reference } = this.#of;
    const all = byBestWitness([...snapshots].sort(compareJobs), ({ contentSha256 }) => contentSha256, now);
    const isAheadFailed = ({ error, capturedAt }: T) => error !== null && isAhead(capturedAt, now);
    const times = rightTimes(
      all.filter(({ error }) => !error),
      clockFacts(camera, reference, now),
    );
    return all
      .map((snapshot) => ({
        ...snapshot,
        ...(isAheadFailed(snapshot) && { fault: 'clock-ahead' as const }),
        ...times.get(snapshot),
      }))
      .sort(compareJobs);
  }

  /**
   * Judges the next snapshot of that order.
   *
   * @param content - null for what could not be read
   * @returns its job; of a snapshot that was there before under any name the job that it had
   */
  take(snapshot: T & SnapshotTime, content: ArchivedContent | null): Job {
    const { contentSha256 } = snapshot;
    const known = this.#bySha256.get(contentSha256);
    if (known) return known;
    const job = this.#judged(snapshot, content);
    if (contentSha256 === '') return job;
    const failed = this.#failed.get(contentSha256);
    if (failed) this.#replaced.add(failed);
    const isKnown = isAside(job) || isFinal(job, this.#of.reference);
    (isKnown ? this.#bySha256 : this.#failed).set(contentSha256, job);
    return job;
  }

  /** True if a later snapshot, the same content read by then, took the place of a job. */
  isReplaced(job: Job): boolean {
    return this.#replaced.has(job);
  }

  #judged(snapshot: T & SnapshotTime, content: ArchivedContent | null): Job {
    const { camera } = this.#of;
    const { contentSha256, error, fault } = snapshot;
    const more = { id: this.#newId(), contentSha256, createdAt: Date.now() };
    const facts = snapshotFacts(camera.id, snapshot, more);
    const asShown = (job: Job) => (fault ? setAside(job, fault) : job);
    if (error) return asShown({ ...facts, jobStatus: 'Failed', ...error });
    if (!content) throw new RangeError(`${snapshot.imageName} comes without what was made of it`);
    const { embedding, properties, glass } = content;
    const unusable = problemOf(embedding, this.#of.reference);
    if (unusable) return asShown({ ...facts, jobStatus: 'Failed', ...unusable });
    const job = unjudgedJob(facts, this.#of, properties);
    return fault ? asShown(job) : this.#stream.next(job, { embedding, sight: this.#see(glass) });
  }

  /** @returns null if nothing can be seen: the picture has another shape than the reference's; undefined without a fit */
  #see(picture: GlassPicture): GlassSight | null | undefined {
    const eye = this.#eye;
    if (!eye) return undefined;
    return picture.height === eye.fit.height ? eye.look(picture) : null;
  }
}
