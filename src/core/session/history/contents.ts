import type { CompletedJob } from '../../domain/camera/job';
import type { Content, StreamOf } from '../../domain/camera/stream';
import type { Embedding } from '../../domain/drift/embedding';
import { isSameFit } from '../../domain/files/glass-arrays';
import type { GlassFit } from '../../domain/glass/glass';
import type { GlassSight } from '../../domain/glass/sight';
import { AppError } from '../../domain/errors';
import type { GlassLooker, GlassSource } from '../../encoder/glass/glass-looker';
import type { Database } from '../../storage/database';
import { loadSights } from '../../storage/glass-fits';
import { loadEmbeddings, loadThumbnail } from '../../storage/jobs';
import { fitOfReference } from '../glass/fit-of-reference';

/** Contents that are held from one part to the next: about 5 kB each. */
const MOST_HELD = 600;

/** Sources that a history is judged from. */
export interface Sources {
  readonly db: Database;
  readonly looker: GlassLooker;
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** fits of references that are not stored yet, by id */
  readonly fits?: ReadonlyMap<string, GlassFit | null>;
}

/** A sight that was made here, through the fit of a reference. */
interface Seen {
  readonly job: CompletedJob;
  readonly referenceId: string;
  readonly sight: GlassSight;
}

/** Embedding and picture of a snapshot that is not stored. */
export interface FreshContent {
  readonly embedding: Embedding;
  /** JPEG bytes; null where there is no picture, as is the next */
  readonly thumbnail: ArrayBuffer | null;
  /** the same as growth and loss look at it */
  readonly glass: GlassSource | null;
}

/** Embeddings and sights of a camera's snapshots, as the stream of each reference takes them: from storage, held for a while. */
export class Contents {
  readonly #db: Database;
  readonly #looker: GlassLooker;
  readonly #embeddings = new Map<string, Embedding>();
  readonly #sights = new Map<string, GlassSight | null>();
  readonly #fits = new Map<string, Promise<GlassFit | null>>();
  readonly #isSame = new Map<string, Promise<boolean>>();
  /** ids of jobs neither in storage nor in a picture: not asked for again */
  readonly #lost = new Set<string>();
  /** seen here: they are to be stored */
  readonly #seen = new Map<string, Seen>();

  constructor({ db, looker, fits }: Sources) {
    this.#db = db;
    this.#looker = looker;
    for (const [id, fit] of fits ?? []) this.#fits.set(id, Promise.resolve(fit));
  }

  /** The fit of a reference; null if it has none. */
  fitOf(referenceId: string): Promise<GlassFit | null> {
    const known =
      this.#fits.get(referenceId) ?? fitOfReference({ db: this.#db, looker: this.#looker }, referenceId);
    this.#fits.set(referenceId, known);
    return known;
  }

  /** Holds the fit of a reference that is not stored yet. */
  holdFit(referenceId: string, fit: GlassFit): void {
    if (!this.#fits.has(referenceId)) this.#fits.set(referenceId, Promise.resolve(fit));
  }

  /** Forgets the oldest contents, down to a number. Contents loaded afterwards are held until the next call. */
  forgetOldest(): void {
    trim(this.#embeddings);
    trim(this.#sights);
  }

  /**
   * Sights that storage has not, or not through this fit, are seen in the thumbnails.
   *
   * @param counts - jobs whose embedding is wanted
   * @param seen - jobs whose sight is
   * @param fresh - contents that are not stored, by job id
   */
  async load(
    { fit, reference }: Pick<StreamOf, 'fit' | 'reference'>,
    counts: readonly CompletedJob[],
    seen: readonly CompletedJob[],
    fresh: ReadonlyMap<string, FreshContent> = new Map(),
  ) {
    for (const { id } of counts) {
      const embedding = fresh.get(id)?.embedding;
      if (embedding) this.#embeddings.set(id, embedding);
    }
    const embeddings = counts.filter(({ id }) => !this.#embeddings.has(id));
    if (embeddings.length > 0) {
      const found = await loadEmbeddings(
        this.#db,
        embeddings.map(({ id }) => id),
      );
      for (const [id, embedding] of found) this.#embeddings.set(id, embedding);
    }
    if (!fit) return;
    await this.#look(fit, reference.id, seen, fresh);
    await this.#loadSights(
      fit,
      reference.id,
      seen.filter(({ id }) => !fresh.has(id)),
    );
  }

  of(job: CompletedJob, referenceId: string): Content {
    return {
      embedding: this.#embeddings.get(job.id),
      sight: this.#sights.get(keyOf(job.id, referenceId)),
    };
  }

  /**
   * Sights made since the last call, by job id: those through the reference that the job has now. Others were looked at
   * ahead, before it was known which one judges them.
   *
   * @param judged - jobs that have changed, by id
   */
  takeSeen(judged: ReadonlyMap<string, CompletedJob>): ReadonlyMap<string, GlassSight> {
    const seen = [...this.#seen.values()];
    this.#seen.clear();
    return new Map(
      seen.flatMap(({ job, referenceId, sight }) =>
        (judged.get(job.id) ?? job).referenceId === referenceId ? [[job.id, sight] as const] : [],
      ),
    );
  }

  /** Looks at snapshots that are not stored. They are scored without it where that fails, and looked at later. */
  async #look(
    fit: GlassFit,
    referenceId: string,
    jobs: readonly CompletedJob[],
    fresh: ReadonlyMap<string, FreshContent>,
  ): Promise<void> {
    const some = jobs.filter(({ id }) => fresh.has(id) && !this.#sights.has(keyOf(id, referenceId)));
    const pictured = some.filter(({ id }) => fresh.get(id)!.glass);
    for (const { id } of some) this.#sights.set(keyOf(id, referenceId), null);
    if (pictured.length === 0) return;
    const sources = pictured.map(({ id }) => fresh.get(id)!.glass!);
    const sights = await this.#looker.look(fit, sources).catch(orNothing);
    for (const [i, job] of pictured.entries()) {
      const { id } = job;
      const sight = sights?.[i];
      if (sight === undefined) this.#sights.delete(keyOf(id, referenceId));
      else this.#sights.set(keyOf(id, referenceId), sight);
      if (sight) this.#note(job, referenceId, sight);
    }
  }

  #note(job: CompletedJob, referenceId: string, sight: GlassSight): void {
    this.#seen.set(keyOf(job.id, referenceId), { job, referenceId, sight });
  }

  async #loadSights(fit: GlassFit, referenceId: string, jobs: readonly CompletedJob[]): Promise<void> {
    const missing = jobs.filter((job) => {
      const key = keyOf(job.id, referenceId);
      return job.glass !== null && !this.#sights.has(key) && !this.#lost.has(key);
    });
    if (missing.length === 0) return;
    const own: CompletedJob[] = [];
    for (const job of missing) if (await this.#isThrough(job.referenceId, referenceId)) own.push(job);
    const stored = await loadSights(
      this.#db,
      own.map(({ id }) => id),
    );
    for (const [id, sight] of stored) this.#sights.set(keyOf(id, referenceId), sight);
    for (const job of missing.filter(({ id }) => !stored.has(id))) {
      const { id } = job;
      const sight = await this.#seeAnew(fit, job);
      if (sight === undefined) this.#lost.add(keyOf(id, referenceId));
      else this.#sights.set(keyOf(id, referenceId), sight);
      if (sight) this.#note(job, referenceId, sight);
    }
  }

  /** @returns undefined if it can't be looked at; null if there is no picture of a job that nobody has looked at */
  async #seeAnew(fit: GlassFit, job: CompletedJob): Promise<GlassSight | null | undefined> {
    const thumbnail = await loadThumbnail(this.#db, job.id);
    if (thumbnail) return (await this.#looker.look(fit, [thumbnail]).catch(orNothing))?.[0];
    return job.glass === undefined ? null : undefined;
  }

  /** True if two references have the same fit: a next version may continue with it. */
  #isThrough(one: string, other: string): Promise<boolean> | boolean {
    if (one === other) return true;
    const key = [one, other].sort().join(' ');
    const known =
      this.#isSame.get(key) ??
      Promise.all([this.fitOf(one), this.fitOf(other)]).then(
        ([first, second]) => first !== null && second !== null && isSameFit(first, second),
      );
    this.#isSame.set(key, known);
    return known;
  }
}

function orNothing(error: unknown): undefined {
  if (error instanceof AppError) return undefined;
  throw error;
}

function keyOf(jobId: string, referenceId: string): string {
  return `${jobId} ${referenceId}`;
}

function trim(held: Map<string, unknown>): void {
  for (const key of held.keys()) {
    if (held.size <= MOST_HELD) return;
    held.delete(key);
  }
}
