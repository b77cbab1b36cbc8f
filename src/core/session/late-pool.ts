import { fetched, late } from '../browser/late';
import type { EncodeResult, Inspection, ModelSource } from '../encoder/encoder-api';
import type { EncoderPool, Pool } from '../encoder/pool';
import { IDLE, type PoolStatus } from '../encoder/pool-status';
import { appWords } from '../i18n/app-words';

/** The encoder pool, loaded at the first request: a page that only shows results needs none. */
export class LatePool implements Pool {
  #status = IDLE;
  #pool: EncoderPool | null = null;
  /** number of times it was closed: work requested before then does not begin after it */
  #closings = 0;
  readonly #listeners = new Set<(status: PoolStatus) => void>();
  readonly #load = late(async () => {
    const { EncoderPool } = await fetched(appWords.app.places.monitor, import('../encoder/pool'));
    this.#pool = new EncoderPool();
    this.#pool.subscribe((status) => {
      this.#status = status;
      for (const listener of this.#listeners) listener(status);
    });
    return this.#pool;
  });

  get status(): PoolStatus {
    return this.#status;
  }

  subscribe(listener: (status: PoolStatus) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#status);
    return () => this.#listeners.delete(listener);
  }

  async open(model: ModelSource, signal?: AbortSignal): Promise<void> {
    const closings = this.#closings;
    const pool = await this.#load();
    if (closings !== this.#closings) throw new Error('the pool was closed');
    return pool.open(model, signal);
  }

  async *encode(...asked: Parameters<Pool['encode']>): AsyncGenerator<EncodeResult[], void> {
    yield* (await this.#load()).encode(...asked);
  }

  async fingerprint(...asked: Parameters<Pool['fingerprint']>): Promise<string[]> {
    return (await this.#load()).fingerprint(...asked);
  }

  async inspect(bytes: ArrayBuffer, signal?: AbortSignal): Promise<Inspection> {
    return (await this.#load()).inspect(bytes, signal);
  }

  async measure(): Promise<void> {
    await this.#pool?.measure();
  }

  close(): void {
    this.#closings += 1;
    this.#pool?.close();
  }
}
