import { transfer } from 'comlink';
import { AppError, valueOf, type Outcome } from '../../../core/domain/errors';
import { WorkerHandle, type WorkerLost } from '../../../core/thread/worker-handle';
import type { Transform } from '../../../core/domain/model/model';
import type { ModelSource } from '../../../core/encoder/encoder-api';
import type { AdaptationApi, PackedViews } from './adaptation-api';

/** Two use both cores of a small laptop; more would want more memory than they save time. */
const NAMES = ['adaptation 1', 'adaptation 2'].slice(0, Math.max(1, navigator.hardwareConcurrency));

/**
 * Workers of one kind that adapt a model together: when one is lost, whoever waits for another hears of it too. Close
 * it, or they keep their pictures.
 */
export class AdaptationPool {
  readonly #members: readonly WorkerHandle<AdaptationApi>[];

  constructor() {
    const lostAs = ({ message }: WorkerLost) => new AppError('worker-ended', message);
    const options = { end: new AbortController(), lostAs };
    this.#members = NAMES.map((name) => {
      const create = () =>
        new Worker(new URL('./adaptation.worker.ts', import.meta.url), { type: 'module', name });
      return new WorkerHandle<AdaptationApi>(create, options);
    });
  }

  get size(): number {
    return this.#members.length;
  }

  get isEnded(): boolean {
    return this.#members[0]!.isEnded;
  }

  async open(model: ModelSource, transform: Transform): Promise<void> {
    await this.askAll((api) => {
      const copy = { ...model, bytes: model.bytes.slice(0) };
      return api.open(transfer(copy, [copy.bytes]), transform);
    });
  }

  /**
   * @param nth - counted on past the last one: it then comes round
   * @throws AppError what went wrong there, or `worker-ended`; the reason that the pool was closed with
   */
  async ask<T>(nth: number, question: (api: AdaptationApi) => Promise<Outcome<T>>): Promise<T> {
    return valueOf(await this.#members[nth % this.size]!.call(question));
  }

  async askAll<T>(question: (api: AdaptationApi, nth: number) => Promise<Outcome<T>>): Promise<T[]> {
    return Promise.all(this.#members.map((_, nth) => this.ask(nth, (api) => question(api, nth))));
  }

  /** Does work for each item, each on the worker that its number falls to, and each worker's one after the other. */
  async share<Item, T>(
    items: readonly Item[],
    numberOf: (item: Item, i: number) => number,
    work: (api: AdaptationApi, item: Item, i: number) => Promise<Outcome<T>>,
    onDone: (item: Item) => void,
  ): Promise<T[]> {
    const results = new Array<T>(items.length);
    const turns = this.#members.map(async (_, nth) => {
      for (const [i, item] of items.entries()) {
        if (numberOf(item, i) % this.size !== nth) continue;
        results[i] = await this.ask(nth, (api) => work(api, item, i));
        onDone(item);
      }
    });
    await Promise.all(turns);
    return results;
  }

  /** Does work for each item, each on the next worker that is free: for what any of them can do. */
  async deal<Item, T>(
    items: readonly Item[],
    work: (api: AdaptationApi, item: Item) => Promise<Outcome<T>>,
    onDone: (item: Item) => void = () => undefined,
  ): Promise<T[]> {
    const results = new Array<T>(items.length);
    let next = 0;
    const turns = this.#members.map(async (_, nth) => {
      for (;;) {
        const i = next++;
        const item = items[i];
        if (item === undefined) return;
        results[i] = await this.ask(nth, (api) => work(api, item));
        onDone(item);
      }
    });
    await Promise.all(turns);
    return results;
  }

  /** Gives the others the views that one of them has made; the arrays may be theirs afterwards. */
  async handOn(nth: number, views: PackedViews): Promise<void> {
    const others = this.#othersThan(nth);
    const { strengths, clean, dirty } = views;
    const buffers = [strengths.buffer, clean.buffer, dirty.buffer];
    await Promise.all(
      others.map(async (member, i) => {
        const isLast = i === others.length - 1;
        valueOf(await member.call((api) => api.hold(isLast ? transfer(views, buffers) : views)));
      }),
    );
  }

  async copy(ids: readonly number[]): Promise<void> {
    await Promise.all(
      ids.map(async (id) => {
        const others = this.#othersThan(id);
        if (others.length === 0) return;
        const pixels = await this.ask(id, (api) => api.pixels(id));
        await Promise.all(
          others.map(async (member) => valueOf(await member.call((api) => api.keep(id, pixels)))),
        );
      }),
    );
  }

  /** Asks every worker at once about all pictures that it keeps. @returns in the order of the numbers */
  async split<T>(
    ids: readonly number[],
    work: (api: AdaptationApi, own: readonly number[]) => Promise<Outcome<T[]>>,
  ): Promise<T[]> {
    const results = new Map<number, T>();
    await this.askAll(async (api, nth) => {
      const own = ids.filter((id) => id % this.size === nth);
      if (own.length === 0) return { ok: true, value: [] };
      const outcome = await work(api, own);
      if (outcome.ok) for (const [i, id] of own.entries()) results.set(id, outcome.value[i]!);
      return outcome;
    });
    return ids.map((id) => results.get(id)!);
  }

  /** Ends all of them at once. @param reason - rejects the calls under way */
  close(reason?: Error): void {
    this.#members[0]!.end(reason);
  }

  #othersThan(nth: number): readonly WorkerHandle<AdaptationApi>[] {
    return this.#members.filter((_, other) => other !== nth % this.size);
  }
}
