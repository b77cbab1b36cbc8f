import { wrap } from 'comlink';
import type { BandwidthReport } from '../domain/bandwidth';
import type { CalibrationInput, CalibrationResult, Sighting } from '../domain/calibration';
import type { drill, DrillResult } from '../domain/drill';
import type { Embedding } from '../domain/embedding';
import { AppError, valueOf } from '../domain/errors';
import type { PermutationTestOptions, PermutationTestResult } from '../domain/permutation-test';
import type { ReplaySettings } from '../domain/replay';
import { watchLife } from '../thread/life';
import type { AnalysisApi, PackedReplay } from './api';

/** Does statistics off the main thread. The worker starts with the first question. */
export class Analyst {
  #opened: Open | null = null;

  /** @throws AppError when the detector can't use the embeddings or the settings */
  async calibrate(input: CalibrationInput): Promise<CalibrationResult | null> {
    return valueOf(await this.#ask((api) => api.calibrate(input)));
  }

  /** @throws AppError as `examineBandwidth` */
  async examineBandwidth(embeddings: readonly Embedding[], sigma: number): Promise<BandwidthReport> {
    return valueOf(await this.#ask((api) => api.examineBandwidth(embeddings, sigma)));
  }

  /** Gives the worker a history to replay; it is asked for once, however often the settings move. */
  async hold(history: readonly Sighting[]): Promise<void> {
    const length = history[0]?.embedding.length ?? 0;
    const embeddings = new Float32Array(history.length * length);
    for (const [i, { embedding }] of history.entries()) embeddings.set(embedding, i * length);
    const capturedAt = Float64Array.from(history, (sighting) => sighting.capturedAt);
    await this.#ask((api) => api.hold({ capturedAt, embeddings }));
  }

  /** @throws AppError when the settings or the reference can't be used */
  async replay(settings: ReplaySettings): Promise<PackedReplay> {
    return valueOf(await this.#ask((api) => api.replay(settings)));
  }

  /** @throws AppError when the settings, the reference or the embeddings can't be used */
  async drill(...input: Parameters<typeof drill>): Promise<DrillResult> {
    return valueOf(await this.#ask((api) => api.drill(...input)));
  }

  /** @throws AppError as `mmdPermutationTest` */
  async compare(
    reference: readonly Embedding[],
    test: readonly Embedding[],
    options: PermutationTestOptions,
  ): Promise<PermutationTestResult> {
    return valueOf(await this.#ask((api) => api.compare(reference, test, options)));
  }

  /** Ends the worker; the next question starts another. */
  close(): void {
    this.#opened?.stopWatch();
    this.#opened?.worker.terminate();
    this.#opened = null;
  }

  /** @throws AppError `worker-ended` when it ends meanwhile; Error when it can't start */
  async #ask<T>(question: (api: AnalysisApi) => Promise<T>): Promise<T> {
    const { api, lost } = this.#open();
    return Promise.race([question(api), lost]);
  }

  #open(): Open {
    if (this.#opened) return this.#opened;
    const worker = new Worker(new URL('./analysis.worker.ts', import.meta.url), {
      type: 'module',
      name: 'analysis',
    });
    const api = wrap<AnalysisApi>(worker);
    let lose: (reason: Error) => void = () => undefined;
    const lost = new Promise<never>((_, reject) => {
      lose = (reason) => {
        // The next question starts another.
        if (this.#opened?.worker === worker) this.close();
        reject(reason);
      };
    });
    lost.catch(() => undefined);
    worker.addEventListener('error', (event) => {
      lose(new Error(event.message || 'the analysis worker did not start'));
    });
    const stopWatch = watchLife(api, () => {
      lose(new AppError('worker-ended', 'analysis'));
    });
    this.#opened = { worker, lost, api, stopWatch };
    return this.#opened;
  }
}

interface Open {
  readonly worker: Worker;
  readonly api: AnalysisApi;
  /** rejects when the worker is lost, and never resolves */
  readonly lost: Promise<never>;
  readonly stopWatch: () => void;
}
