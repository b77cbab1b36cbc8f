import type { Sighting } from '../../../core/domain/drift/calibration';
import { AppError, valueOf, type Outcome } from '../../../core/domain/errors';
import { WorkerHandle, type WorkerLost } from '../../../core/thread/worker-handle';
import type { AnalysisApi } from './analysis-api';

/** Does statistics off the main thread. The worker starts with the first question. */
export class Analyst {
  readonly #signal: AbortSignal | undefined;
  #worker: WorkerHandle<AnalysisApi> | null = null;

  /** @param signal - ends the worker at once */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /**
   * @throws AppError what the worker expected to fail, or `worker-ended`; WorkerLost when it can't start; the signal's
   *   reason when it was aborted
   */
  async ask<T>(question: (api: AnalysisApi) => Promise<Outcome<T>>): Promise<T> {
    return valueOf(await this.#call(question));
  }

  /** Gives the worker a history to replay; it is requested once, not at each move of a setting. */
  async hold(history: readonly Sighting[]): Promise<void> {
    const length = history[0]?.embedding.length ?? 0;
    const embeddings = new Float32Array(history.length * length);
    for (const [i, { embedding }] of history.entries()) embeddings.set(embedding, i * length);
    const capturedAt = Float64Array.from(history, (sighting) => sighting.capturedAt);
    await this.#call((api) => api.hold({ capturedAt, embeddings }));
  }

  /** Ends the worker; the next question starts another. */
  close(): void {
    this.#worker?.end();
  }

  async #call<T>(question: (api: AnalysisApi) => Promise<T>): Promise<T> {
    if (!this.#worker || this.#worker.isEnded) {
      this.#worker = new WorkerHandle(startWorker, { signal: this.#signal, lostAs });
    }
    return this.#worker.call(question);
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./analysis.worker.ts', import.meta.url), { type: 'module', name: 'analysis' });
}

function lostAs(lost: WorkerLost): Error {
  return lost.how === 'ended' ? new AppError('worker-ended', 'analysis') : lost;
}
