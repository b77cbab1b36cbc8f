import { wrap } from 'comlink';
import { afterAwake } from './awake';
import { watchLife, type Alive } from './life';

/** A worker gives no answer any more, so what it was asked is not known. */
export class WorkerLost extends Error {
  /** @param how - it threw or never started; it ended without a word, or was ended; it took too long, so it was ended */
  constructor(
    message: string,
    readonly how: 'failed' | 'ended' | 'too-slow' = 'ended',
  ) {
    super(message);
  }
}

export interface WorkerOptions {
  /** ends the worker at once, whatever it is at */
  readonly signal?: AbortSignal | undefined;
  /** makes the error for calls to a lost worker, in place of `WorkerLost` */
  readonly lostAs?: (lost: WorkerLost) => Error;
}

/**
 * A worker: the typed door to it, and its life.
 *
 * It is lost, or ended, once and for all: then it is terminated, and every call to it, under way or to come, is rejected.
 * Its owner decides if another one takes its place.
 */
export class WorkerHandle<Api extends Alive> {
  readonly #api: Api;
  readonly #end = new AbortController();
  readonly #lostAs: (lost: WorkerLost) => Error;

  /**
   * @param create - has `new Worker(new URL('…', import.meta.url), …)` in one piece: so Vite finds what to build
   * @throws the reason of what has aborted it already
   */
  constructor(create: () => Worker, { signal, lostAs = (lost) => lost }: WorkerOptions = {}) {
    signal?.throwIfAborted();
    const end = this.#end;
    const worker = create();
    // Comlink's own type takes unions apart; ours promise everything already, so they hold on both sides.
    this.#api = wrap(worker) as unknown as Api;
    this.#lostAs = lostAs;
    signal?.addEventListener('abort', () => end.abort(signal.reason), { signal: end.signal });
    end.signal.addEventListener('abort', () => worker.terminate());
    worker.addEventListener('error', ({ message }) => {
      // A script that can't be fetched has no message.
      this.#lose(message || 'the worker did not start', 'failed');
    });
    watchLife(this.#api, end.signal, () => {
      this.#lose('the worker ended', 'ended');
    });
  }

  /** true once it is lost or was ended */
  get isEnded(): boolean {
    return this.#end.signal.aborted;
  }

  /**
   * Asks the worker; several calls may be under way.
   *
   * @param limit - milliseconds, in which the page is awake, until a worker that doesn't answer is lost
   * @throws WorkerLost or what `lostAs` makes of it; the reason of what has ended it
   */
  async call<T>(question: (api: Api) => Promise<T>, limit?: number): Promise<T> {
    const { signal } = this.#end;
    signal.throwIfAborted();
    const stopWaiting =
      limit === undefined
        ? null
        : afterAwake(limit, () => {
            this.#lose('no answer', 'too-slow');
          });
    let giveUp = (): void => undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        giveUp = () => {
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', giveUp);
        question(this.#api).then(resolve, reject);
      });
    } finally {
      stopWaiting?.();
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** Ends the worker at once, and those that share its end; calls are rejected with `reason`. */
  end(reason: Error = new WorkerLost('the worker was ended')): void {
    this.#end.abort(reason);
  }

  #lose(message: string, how: WorkerLost['how']): void {
    this.#end.abort(this.#lostAs(new WorkerLost(message, how)));
  }
}
