import { AppError, valueOf } from '../../../../core/domain/errors';
import { PATIENCE } from '../../../../core/encoder/worker-pool';
import { unpacked } from '../../../../core/encoder/packed-file';
import { runtimeFile } from '../../../../core/encoder/runtime-file';
import { WorkerHandle, WorkerLost } from '../../../../core/thread/worker-handle';
import type { DetectorApi, PictureBoxes, Sieve, TriedDetector } from './detector-api';

/** Milliseconds for one picture: the largest detectors that are in use take half a minute on a slow laptop. */
const PICTURE_LIMIT = 120_000;

/** A worker with one detector open. End it, or its memory stays: the runtime's and some hundred MB. */
export class Finder {
  readonly #worker: WorkerHandle<DetectorApi>;
  readonly tried: TriedDetector;

  private constructor(worker: WorkerHandle<DetectorApi>, tried: TriedDetector) {
    this.#worker = worker;
    this.tried = tried;
  }

  /**
   * Opens a detector and lets it look at a grey picture.
   *
   * @param file - an ONNX file; copied
   * @param signal - ends the worker, whatever it is at
   * @throws AppError that says why the file can't be used, `model-endless` when it takes too long; the signal's reason
   */
  static async open(file: ArrayBuffer, signal: AbortSignal): Promise<Finder> {
    const worker = new WorkerHandle<DetectorApi>(start, { signal });
    try {
      const runtime = await runtimeFile('wasm');
      await ask(worker, async (api) => valueOf(await api.start(runtime)), PATIENCE.start);
      await ask(worker, async (api) => valueOf(await api.open(file)), PATIENCE.open);
      // Twice: the first time is the slowest.
      const tried = await ask(worker, async (api) => valueOf(await api.tryOut()), 2 * PICTURE_LIMIT);
      return new Finder(worker, tried);
    } catch (error) {
      worker.end();
      if (!(error instanceof AppError) || error.code !== 'worker-lost') throw error;
      // It is no picture's fault.
      throw new AppError('not-a-detector', error.detail, { cause: error });
    }
  }

  get isEnded(): boolean {
    return this.#worker.isEnded;
  }

  /**
   * @param contentSha256 - of the snapshot that is meant
   * @returns null for a file of another content
   * @throws AppError for what is no picture, `not-a-detector` and `model-operators` when the detector fails on it,
   *   `model-endless` and `worker-lost`, after which it is ended; the signal's reason
   */
  async detect(file: File, contentSha256: string, sieve: Sieve): Promise<PictureBoxes | null> {
    const plain = await unpacked(file);
    const looked = await ask(
      this.#worker,
      async (api) => api.detect(plain, contentSha256, sieve),
      PICTURE_LIMIT,
    );
    return valueOf(looked);
  }

  end(): void {
    this.#worker.end();
  }
}

async function ask<T>(
  worker: WorkerHandle<DetectorApi>,
  question: (api: DetectorApi) => Promise<T>,
  limit: number,
): Promise<T> {
  try {
    return await worker.call(question, limit);
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    throw error.how === 'too-slow'
      ? new AppError('model-endless', String(limit / 1000), { cause: error })
      : new AppError('worker-lost', { code: 'worker-lost', how: error.how }, { cause: error });
  }
}

function start(): Worker {
  return new Worker(new URL('./detector.worker.ts', import.meta.url), { type: 'module', name: 'detector' });
}
