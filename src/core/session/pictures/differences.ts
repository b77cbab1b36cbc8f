import { AppError } from '../../domain/errors';
import type { Camera, CompletedJob } from '../../domain/camera/job';
import type { Reconstruction } from '../../encoder/encoder-api';
import { loadThumbnail } from '../../storage/jobs';
import type { Session } from '../session.svelte';

/** What the model failed to draw of a picture. */
export interface Difference {
  readonly drawn: Reconstruction;
  /** the same of a clean picture; null without one */
  readonly usual: Reconstruction | null;
}

/** Why the model can't draw a job's picture now. */
export type MapBlocker = 'model-missing' | 'no-decoder' | 'busy';

/** Lets models draw pictures from their embeddings, and compares; keeps what costs most from one job to the next. */
export class Differences {
  readonly #session: Session;
  #usual: { readonly key: string; readonly drawn: Reconstruction | null } | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Why the model can't draw this job's picture now, or null when it can. */
  blocker(job: CompletedJob): MapBlocker | null {
    const model = this.#session.models.find(job.modelSha256);
    if (!model) return 'model-missing';
    if (model.manifest.outputs.reconstruction === null) return 'no-decoder';
    return this.#session.isBusy ? 'busy' : null;
  }

  /**
   * Lets the model draw a job's picture from its embedding, and compares; the same for a clean picture, since no model
   * draws perfectly.
   *
   * @param cleanKey - where the clean one is kept among the thumbnails; null without one
   * @returns null when aborted
   * @throws AppError `busy` when other work began meanwhile, or what the model or its decoder showed
   */
  async of(job: CompletedJob, cleanKey: string | null, signal: AbortSignal): Promise<Difference | null> {
    const { db, pool } = this.#session;
    const key = cleanKey ?? '';
    const [own, clean] = await Promise.all([loadThumbnail(db, job.id), loadThumbnail(db, key)]);
    if (!own) throw new AppError('file-unreadable', job.imageName);
    return this.#withModel(job, async (transform) => {
      const drawn = await pool.reconstruct(asJpeg(own), transform, signal);
      if (clean && this.#usual?.key !== key) {
        this.#usual = { key, drawn: await pool.reconstruct(asJpeg(clean), transform, signal) };
      }
      return drawn && { drawn, usual: clean ? (this.#usual?.drawn ?? null) : null };
    });
  }

  async #withModel<T>(job: CompletedJob, use: (transform: Camera['transform']) => Promise<T>): Promise<T> {
    const { camera, references, models, pool } = this.#session;
    const transform = (references.find(({ id }) => id === job.referenceId) ?? camera)?.transform;
    // A batch must not find the model changed under it, nor this answer come from the batch's.
    if (!transform || this.#session.isBusy) throw new AppError('busy');
    await this.#session.giveWay();
    await models.open(job.modelSha256);
    if (pool.status.modelSha256 !== job.modelSha256) throw new AppError('busy');
    return use(transform);
  }
}

/**
 * The difference that gets the brightest colour. Twice what the model misses of a clean picture, at least: else the
 * edges that it always blurs would glow as fouling does.
 */
export function brightest({ drawn, usual }: Difference): number {
  // A pixel can't differ by more than 1.
  return Math.min(1, Math.max(largest(drawn), usual ? 2 * largest(usual) : 0)) || Number.MIN_VALUE;
}

/** All but the largest two hundredths: a few stray pixels must not darken all others. */
function largest({ errorMap }: Reconstruction): number {
  const sorted = errorMap.slice().sort();
  return sorted[Math.floor(0.98 * (sorted.length - 1))] ?? 0;
}

const asJpeg = (bytes: ArrayBuffer) => new Blob([bytes], { type: 'image/jpeg' });
