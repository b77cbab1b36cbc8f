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
  /** seen here, by job id: they are to be stored */
  #seen = new Map<string, GlassSight>();

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

  /** Holds the content just made from a snapshot, through the fit of a reference. */
  hold(jobId: string, referenceId: string, { embedding, sight }: Content): void {
    if (embedding) this.#embeddings.set(jobId, embedding);
    if (sight !== undefined) this.#sights.set(keyOf(jobId, referenceId), sight);
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
   */
  async load(
    { fit, reference }: Pick<StreamOf, 'fit' | 'reference'>,
    counts: readonly CompletedJob[],
    seen: readonly CompletedJob[],
  ) {
    const embeddings = counts.filter(({ id }) => !this.#embeddings.has(id));
    if (embeddings.length > 0) {
      const found = await loadEmbeddings(
        this.#db,
        embeddings.map(({ id }) => id),
      );
      for (const [id, embedding] of found) this.#embeddings.set(id, embedding);
    }
    if (fit) await this.#loadSights(fit, reference.id, seen);
  }

  of(job: CompletedJob, referenceId: string): Content {
    return {
      embedding: this.#embeddings.get(job.id),
      sight: this.#sights.get(keyOf(job.id, referenceId)),
    };
  }

  /** Sights made since the last call, by job id. */
  takeSeen(): ReadonlyMap<string, GlassSight> {
    const seen = this.#seen;
    this.#seen = new Map();
    return seen;
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
      if (sight) this.#seen.set(id, sight);
    }
  }

  /** @returns undefined if it can't be looked at; null if there is no picture of a job that nobody has looked at */
  async #seeAnew(fit: GlassFit, job: CompletedJob): Promise<GlassSight | null | undefined> {
    const thumbnail = await loadThumbnail(this.#db, job.id);
    if (thumbnail) return this.#look(fit, thumbnail);
    return job.glass === undefined ? null : undefined;
  }

  async #look(fit: GlassFit, source: GlassSource): Promise<GlassSight | null | undefined> {
    try {
      return (await this.#looker.look(fit, [source]))[0];
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
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

function keyOf(jobId: string, referenceId: string): string {
  return `${jobId} ${referenceId}`;
}

function trim(held: Map<string, unknown>): void {
  for (const key of held.keys()) {
    if (held.size <= MOST_HELD) return;
    held.delete(key);
  }
}
