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
    if (!this.#worker || this.#worker.isEnded) {
      this.#worker = new WorkerHandle(startWorker, { signal: this.#signal, lostAs });
    }
    return valueOf(await this.#worker.call(question));
  }

  /** Ends the worker; the next question starts another. */
  close(): void {
    this.#worker?.end();
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./analysis.worker.ts', import.meta.url), { type: 'module', name: 'analysis' });
}

function lostAs(lost: WorkerLost): Error {
  return lost.how === 'ended' ? new AppError('worker-ended', 'analysis') : lost;
}
