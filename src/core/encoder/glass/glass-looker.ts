import { AppError, valueOf, type Outcome } from '../../domain/errors';
import type { GlassFit } from '../../domain/glass/glass';
import type { GivenSorted } from '../../domain/glass/sort-given';
import type { GlassSight } from '../../domain/glass/sight';
import { WorkerHandle } from '../../thread/worker-handle';
import type { GlassApi, GlassSource, Median, PlacedSource } from './glass-api';

export type { GlassSource, Median, PlacedSource };

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
    return this.#ask((api) => api.fit(pictures, times), FIT_LIMIT);
  }

  /** Sorts snapshots that were given as clean, as `sortGiven` does. @throws AppError `worker-lost` */
  async sort(sources: readonly GlassSource[], walls: readonly (number | null)[]): Promise<GivenSorted> {
    return this.#ask((api) => api.sort(sources, walls), FIT_LIMIT);
  }

  /**
   * @param fit - of its job's reference; the same object from call to call is handed over once
   * @returns a sight for each source; null for a picture of another shape than the reference's
   * @throws AppError for what is no picture, or `worker-lost`
   */
  async look(fit: GlassFit, sources: readonly GlassSource[]): Promise<(GlassSight | null)[]> {
    return this.#ask((api) => {
      const isTaken = this.#taken === fit;
      this.#taken = fit;
      return api.look(sources, isTaken ? null : fit);
    }, LOOK_LIMIT * sources.length);
  }

  /** As `GlassApi.stays`. @throws AppError `worker-lost` */
  async stays(placed: readonly PlacedSource[]): Promise<Median | null> {
    return this.#ask((api) => api.stays(placed), FIT_LIMIT);
  }

  /** As `GlassApi.staysOnGlass`. @throws AppError `worker-lost` */
  async staysOnGlass(...asked: Parameters<GlassApi['staysOnGlass']>): Promise<boolean> {
    return this.#ask((api) => api.staysOnGlass(...asked), FIT_LIMIT);
  }

  /** Starts the worker, and has it load its code, for somebody who is about to ask it. */
  async warm(): Promise<void> {
    await this.stays([]);
  }

  async #ask<T>(call: (api: GlassApi) => Promise<Outcome<T>>, limit: number): Promise<T> {
    const answer = this.#turn.then(() => this.#open().call(call, limit));
    this.#turn = answer.catch(() => undefined);
    return valueOf(await answer);
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
