import type { BandwidthReport } from '../pure/bandwidth';
import type { CalibrationInput, CalibrationResult, Sighting } from '../../../core/domain/drift/calibration';
import type { dayPermutation, DayPermutation } from '../pure/day-permutation';
import type { drill, DrillResult } from '../pure/drill';
import type { Embedding } from '../../../core/domain/drift/embedding';
import { AppError, valueOf } from '../../../core/domain/errors';
import type { PermutationTestOptions, PermutationTestResult } from '../pure/permutation-test';
import type { ReplaySettings } from '../pure/replay';
import { WorkerHandle, type WorkerLost } from '../../../core/thread/worker-handle';
import type { AnalysisApi, PackedReplay } from './analysis-api';

/** Does statistics off the main thread. The worker starts with the first question. */
export class Analyst {
  readonly #signal: AbortSignal | undefined;
  #worker: WorkerHandle<AnalysisApi> | null = null;

  /** @param signal - ends the worker at once */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** @throws AppError when the detector can't use the embeddings or the settings */
  async calibrate(input: CalibrationInput): Promise<CalibrationResult | null> {
    return valueOf(await this.#ask((api) => api.calibrate(input)));
  }

  /** @throws AppError as `examineBandwidth` */
  async examineBandwidth(embeddings: readonly Embedding[], sigma: number): Promise<BandwidthReport> {
    return valueOf(await this.#ask((api) => api.examineBandwidth(embeddings, sigma)));
  }

  /** Gives the worker a history to replay; it is requested once, not at each move of a setting. */
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

  /** @throws AppError as `dayPermutation` */
  async compareDays(...input: Parameters<typeof dayPermutation>): Promise<DayPermutation> {
    return valueOf(await this.#ask((api) => api.compareDays(...input)));
  }

  /** Ends the worker; the next question starts another. */
  close(): void {
    this.#worker?.end();
  }

  /** @throws AppError `worker-ended`; WorkerLost when it can't start; the signal's reason when it was aborted */
  async #ask<T>(question: (api: AnalysisApi) => Promise<T>): Promise<T> {
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
