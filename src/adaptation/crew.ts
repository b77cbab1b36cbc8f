import { wrap } from 'comlink';
import { AppError, valueOf, type Outcome } from '../domain/errors';
import { watchLife } from '../thread/life';
import type { AdaptationApi } from './api';

interface Member {
  readonly worker: Worker;
  readonly api: AdaptationApi;
  readonly stopWatch: () => void;
}

/** Two use both cores of a small laptop; more would want more memory than they save time. */
const MOST = 2;

/** Workers that adapt a model together. Close it, or they keep their pictures. */
export class Crew {
  readonly #members: readonly Member[];
  readonly #ended: Promise<never>;

  /** @param signal - ends the workers, whatever they are at */
  constructor(signal: AbortSignal) {
    let lose: (detail: string) => void = () => undefined;
    this.#ended = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        this.close();
        reject(signal.reason as Error);
      });
      lose = (detail) => {
        reject(new AppError('worker-ended', detail));
      };
    });
    this.#ended.catch(() => undefined);
    const count = Math.max(1, Math.min(MOST, navigator.hardwareConcurrency));
    this.#members = Array.from({ length: count }, (_, i) => {
      const worker = new Worker(new URL('./adaptation.worker.ts', import.meta.url), {
        type: 'module',
        name: `adaptation ${i + 1}`,
      });
      worker.addEventListener('error', (event) => {
        lose(event.message);
      });
      const api = wrap<AdaptationApi>(worker);
      const stopWatch = watchLife(api, () => {
        lose('adaptation');
      });
      return { worker, api, stopWatch };
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
    const { api } = this.#members[nth % this.size]!;
    return valueOf(await Promise.race([question(api), this.#ended]));
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
    for (const { worker, stopWatch } of this.#members) {
      stopWatch();
      worker.terminate();
    }
  }
}
