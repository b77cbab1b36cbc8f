import type { Embedding } from '../drift/embedding';
import { packSamples } from '../drift/kernel';
import { Judge, uncounted } from '../drift/judge';
import { Glass, type GlassFit } from '../glass/glass';
import { GlassJudge } from '../glass/glass-judge';
import type { KernelsFor } from '../glass/kernels';
import type { GlassPicture } from '../glass/picture';
import { AppError, type ErrorCode } from '../errors';
import type { Detail } from '../detail';
import type { ImageProperties } from '../picture/property-table';
import { isAside } from './time/clock';
import { byBestWitness } from './time/witness';
import { compareJobs, standingAfter, type Camera, type CompletedJob, type Job, type Reference } from './job';
import { faultOf, isFinal, scoredJob, setAside, snapshotFacts, type TimedSnapshot } from './snapshot-job';
import { warmUpEmbeddings } from './warm-up';

/** A snapshot of an archive: what its file stated, and what an encoder made of it. */
export interface ArchivedSnapshot extends Omit<TimedSnapshot, 'statedAt' | 'fault'> {
  readonly contentSha256: string;
  /** milliseconds since 1970 */
  readonly fileDate: number;
  /** why it could not be read as a picture; null where it could */
  readonly error: { readonly code: ErrorCode; readonly detail: Detail } | null;
}

/** What an encoder made of one that could be read. */
export interface ArchivedContent {
  readonly embedding: Embedding;
  readonly properties: ImageProperties;
  readonly glass: GlassPicture;
}

/** What judges an archive. */
export interface ArchiveCamera {
  readonly camera: Camera;
  readonly reference: Reference;
  /** null where the reference has none */
  readonly fit: GlassFit | null;
}

/**
 * Judges the snapshots of an archive as a camera that has scored nothing before would score them, given all at once: the
 * same jobs, to the last bit, without a page. A camera with cleanings, with corrections of its clock or with a history
 * is the Monitor's.
 */
export class ArchiveJudge<T extends ArchivedSnapshot> {
  readonly #of: ArchiveCamera;
  readonly #newId: () => string;
  readonly #judge: Judge;
  readonly #glass: { readonly eye: Glass; readonly judge: GlassJudge } | null;
  #before: CompletedJob | null = null;
  /** what stays of a content, as far as an archive goes */
  readonly #bySha256 = new Map<string, Job>();
  readonly #unread = new Map<string, Job>();
  readonly #replaced = new Set<Job>();

  /**
   * @param kernelsFor - does the arithmetic of growth and loss
   * @throws AppError when the settings or the reference can't be used
   */
  constructor(of: ArchiveCamera, kernelsFor: KernelsFor, newId: () => string) {
    const { camera, reference, fit } = of;
    this.#of = of;
    this.#newId = newId;
    this.#judge = new Judge(camera, reference.embeddings);
    this.#judge.restore(warmUpEmbeddings(camera, reference), []);
    this.#glass = fit && {
      eye: new Glass(fit, kernelsFor),
      judge: new GlassJudge(fit, {
        windowSize: camera.detector.windowSize,
        persistence: camera.persistence,
        offGlass: reference.offGlass ?? fit.captions,
        isOwnModel: reference.isOwnModel ?? true,
        isWarm: camera.warmUp !== 'none',
      }),
    };
  }

  /** In the order in which they must be judged, each with the time that it is judged by. @param now - milliseconds since 1970 */
  inOrder(snapshots: readonly T[], now: number): readonly (T & TimedSnapshot)[] {
    const { camera, reference } = this.#of;
    return byBestWitness([...snapshots].sort(compareJobs), ({ contentSha256 }) => contentSha256, {
      now,
      known: reference.capturedAt?.filter((at) => at !== null) ?? [],
      corrections: camera.clockCorrections ?? [],
      wasAside: () => false,
    });
  }

  /**
   * Judges the next snapshot of that order.
   *
   * @param content - null for what could not be read
   * @returns its job; of a snapshot that was there before under any name the job that it had
   */
  take(snapshot: T & TimedSnapshot, content: ArchivedContent | null): Job {
    const { contentSha256 } = snapshot;
    const known = this.#bySha256.get(contentSha256);
    if (known) return known;
    const job = this.#judged(snapshot, content);
    if (contentSha256 === '') return job;
    const unread = this.#unread.get(contentSha256);
    if (unread) this.#replaced.add(unread);
    const isKnown = isAside(job) || isFinal(job, this.#of.reference);
    (isKnown ? this.#bySha256 : this.#unread).set(contentSha256, job);
    return job;
  }

  /** True if a later snapshot, the same content read by then, took the place of a job. */
  isReplaced(job: Job): boolean {
    return this.#replaced.has(job);
  }

  #judged(snapshot: T & TimedSnapshot, content: ArchivedContent | null): Job {
    const { camera } = this.#of;
    const { contentSha256, error, fileDate } = snapshot;
    const more = { id: this.#newId(), contentSha256, createdAt: Date.now() };
    const facts = snapshotFacts(camera.id, snapshot, more);
    const fault = faultOf(snapshot, error === null);
    if (fault) return setAside(facts, fault, fileDate);
    if (error) return { ...facts, jobStatus: 'Failed', ...error };
    if (!content) throw new RangeError(`${snapshot.imageName} comes without what was made of it`);
    const { embedding, properties, glass } = content;
    const unusable = this.#problemOf(embedding);
    if (unusable) return { ...facts, jobStatus: 'Failed', ...unusable };
    const seen = this.#see(glass);
    const counts = seen?.growth !== null;
    const judgement = counts ? this.#judge.update(embedding) : uncounted(this.#judge);
    const job = scoredJob(facts, this.#of, judgement, properties, seen);
    this.#before = job;
    return job;
  }

  /** Before it is looked at: what can't be judged is in no window. */
  #problemOf(embedding: Embedding): ArchivedSnapshot['error'] {
    try {
      packSamples([embedding], this.#of.reference.embeddings[0]?.length);
      return null;
    } catch (error) {
      if (error instanceof AppError) return { code: error.code, detail: error.detail };
      throw error;
    }
  }

  /** @returns null where nothing can be seen: the picture has another shape than the reference's; undefined without a fit */
  #see(picture: GlassPicture) {
    if (!this.#glass) return undefined;
    const { eye, judge } = this.#glass;
    if (picture.height !== eye.fit.height) return null;
    return judge.update(eye.look(picture, 'pixels'), standingAfter(this.#before));
  }
}
