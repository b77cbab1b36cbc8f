import { AppError, valueOf, type Outcome } from '../../../core/domain/errors';
import { WorkerHandle, type WorkerOptions } from '../../../core/thread/worker-handle';
import type { AdaptationApi } from './api';

/** Two use both cores of a small laptop; more would want more memory than they save time. */
const MOST = 2;

/**
 * Of workers that need each other: when one is lost, whoever waits for another hears of it too.
 *
 * @param signal - ends the workers, whatever they are at
 */
export function together(signal?: AbortSignal): WorkerOptions {
  return {
    signal,
    end: new AbortController(),
    lostAs: ({ message }) => new AppError('worker-ended', message),
  };
}

/** Workers that adapt a model together. Close it, or they keep their pictures. */
export class Crew {
  readonly #members: readonly WorkerHandle<AdaptationApi>[];

  /** @param signal - ends the workers, whatever they are at */
  constructor(signal: AbortSignal) {
    const options = together(signal);
    const count = Math.max(1, Math.min(MOST, navigator.hardwareConcurrency));
    this.#members = Array.from({ length: count }, (_, i) => {
      const name = `adaptation ${i + 1}`;
      const create = () =>
        new Worker(new URL('./adaptation.worker.ts', import.meta.url), { type: 'module', name });
      return new WorkerHandle<AdaptationApi>(create, options);
    });
  }

  get size(): number {
    return this.#members.length;
  }

  /**
   * Asks one worker.
   *
   * @param nth - counted on past the last one: it then comes round
   * @throws AppError what went wrong there, or `worker-ended`; the signal's reason when it was aborted
   */
  async ask<T>(nth: number, question: (api: AdaptationApi) => Promise<Outcome<T>>): Promise<T> {
    return valueOf(await this.#members[nth % this.size]!.call(question));
  }

  /** Asks all of them at once. */
  async askAll<T>(question: (api: AdaptationApi, nth: number) => Promise<Outcome<T>>): Promise<T[]> {
    return Promise.all(this.#members.map((_, nth) => this.ask(nth, (api) => question(api, nth))));
  }

  /** Does work for each item, each on the worker that its number falls to, and each worker's one after the other. */
  async share<Item, T>(
    items: readonly Item[],
    numberOf: (item: Item, i: number) => number,
    work: (api: AdaptationApi, item: Item) => Promise<Outcome<T>>,
    onDone: (item: Item) => void,
  ): Promise<T[]> {
    const results = new Array<T>(items.length);
    const turns = this.#members.map(async (_, nth) => {
      for (const [i, item] of items.entries()) {
        if (numberOf(item, i) % this.size !== nth) continue;
        results[i] = await this.ask(nth, (api) => work(api, item));
        onDone(item);
      }
    });
    await Promise.all(turns);
    return results;
  }

  close(): void {
    for (const member of this.#members) member.end();
  }
}
