import { AppError, valueOf } from '../../domain/errors';
import type { GlassFit } from '../../domain/glass/glass';
import type { GivenSorted } from '../../domain/glass/sort-given';
import type { Move } from '../../domain/glass/move';
import type { GlassSight } from '../../domain/glass/sight';
import { WorkerHandle } from '../../thread/worker-handle';
import type { GlassApi, GlassSource, Median } from './glass-api';

export type { GlassSource, Median };

/** More of them add little, and each takes 0.2 MB of memory while a fit is made. */
export const MOST_FITTED = 400;

/** Milliseconds for one picture: a thousand times the usual. */
const LOOK_LIMIT = 10_000;
/** Milliseconds for a reference of a thousand. */
const FIT_LIMIT = 120_000;

/** Looks at the glass off the main thread. The worker starts at the first call, and again after it was lost. */
export class GlassLooker {
  #worker: WorkerHandle<GlassApi> | null = null;
  #taken: GlassFit | null = null;
  /** one call after the other: they share a decoder, and a look is through the fit that was taken last */
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Learns the clean lens from a reference's snapshots, or from so many of them, spread evenly.
   *
   * @param sources - in capture order; null where a snapshot has no picture
   * @param capturedAt - of each, milliseconds since 1970; null where that is not known
   * @returns null when there are too few, fewer than 12 of one shape
   * @throws AppError `worker-lost`
   */
  async fit(
    sources: readonly (GlassSource | null)[],
    capturedAt: readonly (number | null)[],
  ): Promise<GlassFit | null> {
    const step = Math.ceil(sources.length / MOST_FITTED);
    const known = [...sources.keys()].filter((i) => sources[i] !== null && i % step === 0);
    if (known.length === 0) return null;
    const pictures = known.map((i) => sources[i]!);
    const times = known.map((i) => capturedAt[i] ?? null);
    return this.#inTurn(async (worker) =>
      valueOf(await worker.call((api) => api.fit(pictures, times), FIT_LIMIT)),
    );
  }

  /** Sorts snapshots that were given as clean, as `sortGiven` does. @throws AppError `worker-lost` */
  async sort(sources: readonly GlassSource[], walls: readonly (number | null)[]): Promise<GivenSorted> {
    return this.#inTurn(async (worker) =>
      valueOf(await worker.call((api) => api.sort(sources, walls), FIT_LIMIT)),
    );
  }

  /**
   * @param fit - of its job's reference; the same object from call to call is handed over once
   * @returns a sight for each source; null for a picture of another shape than the reference's
   * @throws AppError for what is no picture, or `worker-lost`
   */
  async look(fit: GlassFit, sources: readonly GlassSource[]): Promise<(GlassSight | null)[]> {
    return this.#inTurn(async (worker) => {
      if (this.#taken !== fit) {
        await worker.call((api) => api.take(fit), LOOK_LIMIT);
        this.#taken = fit;
      }
      return valueOf(await worker.call((api) => api.look(sources), LOOK_LIMIT * sources.length));
    });
  }

  /** As `GlassApi.stays`. @throws AppError `worker-lost` */
  async stays(files: readonly Blob[], moves: readonly Move[]): Promise<Median | null> {
    return this.#inTurn(async (worker) =>
      valueOf(await worker.call((api) => api.stays(files, moves), LOOK_LIMIT * Math.max(1, files.length))),
    );
  }

  #inTurn<T>(work: (worker: WorkerHandle<GlassApi>) => Promise<T>): Promise<T> {
    const working = this.#turn.then(() => work(this.#open()));
    this.#turn = working.catch(() => undefined);
    return working;
  }

  /** `staysOnGlass` of thumbnails. @throws AppError `worker-lost` */
  async staysOnGlass(...asked: Parameters<GlassApi['staysOnGlass']>): Promise<boolean> {
    return this.#inTurn(async (worker) =>
      valueOf(await worker.call((api) => api.staysOnGlass(...asked), FIT_LIMIT)),
    );
  }

  #open(): WorkerHandle<GlassApi> {
    if (this.#worker?.isEnded === false) return this.#worker;
    this.#taken = null;
    this.#worker = new WorkerHandle<GlassApi>(
      () => new Worker(new URL('./glass.worker.ts', import.meta.url), { type: 'module', name: 'glass' }),
      { lostAs: ({ how }) => new AppError('worker-lost', { code: 'worker-lost', how }) },
    );
    return this.#worker;
  }
}
