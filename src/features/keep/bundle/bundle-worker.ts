import { ERROR_CODES } from '../../../core/domain/error-codes';
import { AppError } from '../../../core/domain/errors';
import { WorkerHandle, type WorkerLost } from '../../../core/thread/worker-handle';
import type { BundleApi } from './bundle-api';

/** A worker that writes or reads one export, or keeps pictures. */
export class BundleWorker {
  isEnded = false;
  readonly #worker = new WorkerHandle<BundleApi>(startWorker, { lostAs });

  /**
   * @param most - milliseconds until a worker that does not answer is lost
   * @throws AppError what the worker expected to fail, `worker-ended`, or `fetch-failed` when it can't start; Error
   * when it is ended on purpose
   */
  async ask<T>(question: (api: BundleApi) => Promise<T>, most?: number): Promise<T> {
    try {
      return await this.#worker.call(question, most);
    } catch (error) {
      throw asAppError(error);
    }
  }

  /** Ends the worker, and with it what it writes to: a file that was not closed is as it was. */
  end(): void {
    this.isEnded = true;
    this.#worker.end();
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./bundle.worker.ts', import.meta.url), {
    type: 'module',
    name: 'bundle',
  });
}

function lostAs({ how }: WorkerLost): AppError {
  return new AppError(how === 'failed' ? 'fetch-failed' : 'worker-ended', 'bundle');
}

/** An error that crossed from the worker has lost its class and its code, not its name and its message. */
function asAppError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const { name, message } = error;
  if (name === 'QuotaExceededError' || message.includes('QuotaExceeded')) {
    return new AppError('disk-full', message);
  }
  const code = name === 'AppError' && ERROR_CODES.find((known) => message.split(': ', 1)[0] === known);
  return code ? new AppError(code, message.slice(code.length + 2)) : error;
}
