import { wrap } from 'comlink';
import type { BandwidthReport } from '../domain/bandwidth';
import type { CalibrationInput, CalibrationResult, Sighting } from '../domain/calibration';
import type { Embedding } from '../domain/embedding';
import { valueOf } from '../domain/errors';
import type { PermutationTestOptions, PermutationTestResult } from '../domain/permutation-test';
import type { ReplaySettings } from '../domain/replay';
import type { AnalysisApi, PackedReplay } from './api';

/** Does statistics off the main thread. The worker starts with the first question. */
export class Analyst {
  #worker: Worker | null = null;
  #api: AnalysisApi | null = null;

  /** @throws AppError when the detector can't use the embeddings or the settings */
  async calibrate(input: CalibrationInput): Promise<CalibrationResult | null> {
    return valueOf(await this.#open().calibrate(input));
  }

  /** @throws AppError as `examineBandwidth` */
  async examineBandwidth(embeddings: readonly Embedding[], sigma: number): Promise<BandwidthReport> {
    return valueOf(await this.#open().examineBandwidth(embeddings, sigma));
  }

  /** Gives the worker a history to replay; it is asked for once, however often the settings move. */
  async hold(history: readonly Sighting[]): Promise<void> {
    const length = history[0]?.embedding.length ?? 0;
    const embeddings = new Float32Array(history.length * length);
    for (const [i, { embedding }] of history.entries()) embeddings.set(embedding, i * length);
    const capturedAt = Float64Array.from(history, (sighting) => sighting.capturedAt);
    await this.#open().hold({ capturedAt, embeddings });
  }

  /** @throws AppError when the settings or the reference can't be used */
  async replay(settings: ReplaySettings): Promise<PackedReplay> {
    return valueOf(await this.#open().replay(settings));
  }

  /** @throws AppError as `mmdPermutationTest` */
  async compare(
    reference: readonly Embedding[],
    test: readonly Embedding[],
    options: PermutationTestOptions,
  ): Promise<PermutationTestResult> {
    return valueOf(await this.#open().compare(reference, test, options));
  }

  /** Ends the worker; the next question starts another. */
  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#api = null;
  }

  #open(): AnalysisApi {
    if (this.#api) return this.#api;
    this.#worker = new Worker(new URL('./analysis.worker.ts', import.meta.url), {
      type: 'module',
      name: 'analysis',
    });
    this.#api = wrap<AnalysisApi>(this.#worker);
    return this.#api;
  }
}
