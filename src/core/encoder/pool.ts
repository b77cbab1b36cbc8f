import type { Detail } from '../domain/detail';
import { AppError, valueOf, type Outcome } from '../domain/errors';
import type { ModelManifest, Transform } from '../domain/model/model';
import { WorkerLost } from '../thread/worker-handle';
import { BackendChoice, orFailure, type Candidate } from './backend-choice';
import type { EncodeResult, EncoderApi, Inspection, ModelSource, OpenedModel } from './encoder-api';
import type { EncodedFile } from './encoded-file';
import { areEncoded } from './is-encoded';
import { allUnpacked, PackedFile } from './packed-file';
import {
  WorkerPool,
  WorkerSlot,
  lossOf,
  PATIENCE,
  type CreateWorker,
  type Patience,
  type Spare,
} from './worker-pool';
import { IDLE, type PoolStatus } from './pool-status';

export interface PoolOptions {
  readonly createWorker: CreateWorker;
  readonly workers: number;
  /** most snapshots in one message: 16 instead of 8 give 5 % more a second (two cores, 2026-12) */
  readonly batchSize: number;
  /** most milliseconds that a worker should need for a message: a slow device shows results too, and can be stopped */
  readonly batchTime: number;
  /** milliseconds until a worker that doesn't answer a batch is given up */
  readonly batchTimeout: number;
  /** time limits until a model is ready */
  readonly patience: Patience;
  /** WebGPU is tried after so many snapshots, or so many milliseconds after fewer of them */
  readonly gpuAfter: { readonly snapshots: number; readonly rest: number };
}

/** Milliseconds between two looks whether it is time to try WebGPU. */
const GPU_LOOK = 250;
/** An encoder pool, loaded or to be loaded. */
export type Pool = Pick<EncoderPool, keyof EncoderPool>;

/** Encodes snapshots off the main thread: several workers, order kept, lost workers replaced. */
export class EncoderPool {
  #status = IDLE;
  readonly #listeners = new Set<(status: PoolStatus) => void>();
  readonly #options: PoolOptions;
  #model: ModelSource | null = null;
  #workers: WorkerPool | null = null;
  #replacing: Promise<void> | null = null;
  #opening = 0;
  /** snapshots since the page was opened, and batches at the workers */
  #encoded = 0;
  #underWay = 0;
  #restsSince = 0;

  constructor(options: Partial<PoolOptions> = {}) {
    this.#options = {
      createWorker,
      workers: workerCount(),
      batchSize: 16,
      batchTime: 1000,
      batchTimeout: 60_000,
      patience: PATIENCE,
      gpuAfter: { snapshots: 300, rest: 3_000 },
      ...options,
    };
  }

  get status(): PoolStatus {
    return this.#status;
  }

  subscribe(listener: (status: PoolStatus) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#status);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Opens a model in place of the one before, on WASM; WebGPU is tried later, and takes over if it is faster. Where a
   * person chose WebGPU it is tried at once, and is used if it gives the right answer.
   *
   * @throws AppError `self-test`, `model-…`, `fetch-failed` or `no-backend`, or the signal's reason when it is aborted;
   *   then no model is open
   */
  async open(model: ModelSource, signal: AbortSignal = new AbortController().signal): Promise<void> {
    this.close();
    const turn = this.#opening;
    this.#report({ state: 'opening', modelSha256: model.manifest.sha256 });
    const choice = new BackendChoice(model, this.#options);
    const stop = () => {
      choice.end();
    };
    signal.addEventListener('abort', stop);
    try {
      signal.throwIfAborted();
      const { candidate, spares, isUndecided, ...why } = await choice.first(signal);
      if (turn !== this.#opening) throw new Error('another model was opened, or the pool closed');
      this.#model = model;
      this.#use(model, candidate, { state: 'ready', ...why }, spares);
      if (isUndecided) void this.#considerGpu(choice, candidate.opened, turn);
    } catch (error) {
      choice.end();
      if (turn === this.#opening) this.close();
      if (error instanceof WorkerLost) throw new AppError('no-backend', lossOf(error), { cause: error });
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /**
   * Encodes files in the order given, a batch at a time. While the caller handles one batch the workers prepare only
   * the next few: a caller that pauses stops them.
   *
   * Ends early, without an error, when `signal` is aborted.
   *
   * @param files - pictures, or {@link EncodedFile}s alone, whose results are read instead
   * @throws AppError when the model or its backend fails; a file that is no picture is a result like any other
   */
  encode(
    files: readonly File[],
    transform: Transform,
    signal: AbortSignal = new AbortController().signal,
  ): AsyncGenerator<EncodeResult[], void> {
    if (areEncoded(files)) return encodedElsewhere(files, signal);
    return this.#inOrder(files, transform, signal);
  }

  /** SHA-256 of each file in hexadecimal, without decoding; empty if it can't be unpacked; fewer when aborted. */
  async fingerprint(
    files: readonly File[],
    signal: AbortSignal = new AbortController().signal,
  ): Promise<string[]> {
    if (areEncoded(files)) return files.map(({ contentSha256 }) => contentSha256);
    const hashes: string[] = [];
    const { batchSize } = this.#options;
    const share = arePacked(files) ? Math.ceil(batchSize / 4) : 2 * batchSize;
    for (let next = 0; next < files.length; next += share * this.#options.workers) {
      const shares = Array.from({ length: this.#options.workers }, (_, i) =>
        files.slice(next + i * share, next + (i + 1) * share),
      ).filter((some) => some.length > 0);
      const done = await untilAborted(Promise.all(shares.map((some) => this.#fingerprint(some))), signal);
      if (!done) break;
      hashes.push(...done.flat());
    }
    return hashes;
  }

  /**
   * Looks at an ONNX file in a worker of its own, which a hostile file may crash.
   *
   * @throws AppError that says why it can't be used, or the signal's reason when it is aborted
   */
  async inspect(bytes: ArrayBuffer, signal: AbortSignal = new AbortController().signal): Promise<Inspection> {
    const slot = new WorkerSlot(this.#options.createWorker, { signal });
    const { start, open, trial } = this.#options.patience;
    try {
      await slot.startRuntime('wasm', start);
      return await slot.try((api) => api.inspect(bytes), open + trial);
    } catch (error) {
      if (error instanceof WorkerLost) throw new AppError('model-not-onnx', lossOf(error), { cause: error });
      throw error;
    } finally {
      slot.end();
    }
  }

  /** Measures the time of one encoding, to show it, unless that is known. @throws AppError as `encode` does */
  async measure(): Promise<void> {
    const workers = this.#workers;
    if (!workers || this.#status.milliseconds !== null) return;
    const milliseconds = valueOf(await this.#timeAtWork());
    if (this.#workers !== workers) return;
    this.#report({ milliseconds, speeds: { ...this.#status.speeds, [workers.backend]: milliseconds } });
  }

  close(): void {
    this.#opening += 1;
    const workers = this.#workers;
    this.#workers = null;
    this.#model = null;
    workers?.close(new Error('the encoder pool was closed'));
    if (this.#status.state !== 'idle') this.#report(IDLE);
  }

  /** Time of one encoding by a worker of the pool, when its turn comes. */
  async #timeAtWork(): Promise<Outcome<number>> {
    const measured = this.#persist((api) => api.measure(), 2);
    return orFailure(async () => valueOf(await measured));
  }

  /** Tries WebGPU beside WASM and takes the faster one, but not before the first verdict: it fetches 4 to 7 MB. */
  async #considerGpu(choice: BackendChoice, wasm: OpenedModel, turn: number): Promise<void> {
    const isOver = () => turn !== this.#opening;
    while (!isOver() && !this.#isTimeForGpu()) await sleep(GPU_LOOK);
    if (isOver()) return;
    const { gpu, ...findings } = await choice.againstGpu(wasm, () => this.#timeAtWork());
    const [model, workers] = [this.#model, this.#workers];
    if (!gpu || !model || !workers || isOver()) choice.end();
    if (!model || !workers || isOver()) return;
    if (!gpu) this.#report(findings);
    else {
      this.#use(model, gpu, findings);
      workers.retire();
    }
  }

  /** True once many snapshots were encoded, or a few and no more wait. */
  #isTimeForGpu(): boolean {
    const { snapshots, rest } = this.#options.gpuAfter;
    if (this.#encoded >= snapshots) return true;
    return this.#encoded > 0 && this.#underWay === 0 && performance.now() - this.#restsSince >= rest;
  }

  /** Starts workers for a candidate, and reports them. */
  #use(
    model: ModelSource,
    { slot, backend, opened }: Candidate,
    findings: Partial<PoolStatus>,
    spares: readonly Spare[] = [],
  ): void {
    const sizes = () => ({ workers: workers.size, onnxWorkers: workers.onnxSize });
    const options = {
      model,
      backend,
      createWorker: this.#options.createWorker,
      size: this.#options.workers,
      onChange: () => {
        if (this.#workers === workers) this.#report(sizes());
      },
    };
    const workers: WorkerPool = new WorkerPool(slot, options, spares);
    this.#workers = workers;
    this.#report({ ...findings, backend, ...sizes(), selfTest: selfTestOf(model.manifest, opened) });
  }

  /** Sends files to several workers a batch at a time, and gives the answers in the order of the files. */
  async *#inOrder(
    files: readonly File[],
    transform: Transform,
    signal: AbortSignal,
  ): AsyncGenerator<EncodeResult[], void> {
    const stop = new AbortController();
    const stopped = AbortSignal.any([signal, stop.signal]);
    const ahead: Promise<EncodeResult[]>[] = [];
    const { workers, batchSize, batchTime } = this.#options;
    const limit = arePacked(files) ? Math.ceil(batchSize / 2) : batchSize;
    const began = performance.now();
    let [next, batches, most, done] = [0, 0, 1, 0];
    /** milliseconds of a worker for a snapshot; before the first is known, those of a slow device */
    const pace = () => (done > 0 ? (workers * (performance.now() - began)) / done : batchTime / 5);
    try {
      for (;;) {
        // The first small messages too are enough for a caller that needs long for the first of them.
        const isEnough = () => ahead.length >= workers + 2 && next - done >= workers * batchSize;
        while (next < files.length && !isEnough()) {
          // The first results come early; then each worker takes twice as many as before, if it is quick.
          if (batches % workers === 0 && 2 * most * pace() <= batchTime) most = Math.min(2 * most, limit);
          batches += 1;
          const size = Math.min(most, Math.ceil((files.length - next) / workers));
          const batch = this.#encodeBatch(files.slice(next, next + size), transform, stopped);
          batch.catch(() => undefined);
          ahead.push(batch);
          next += size;
        }
        const batch = ahead.shift();
        if (!batch) return;
        const results = await untilAborted(batch, signal);
        if (!results) return;
        done += results.length;
        yield results;
        if (signal.aborted) return;
      }
    } finally {
      stop.abort();
    }
  }

  async #encodeBatch(
    packed: readonly File[],
    transform: Transform,
    signal: AbortSignal,
  ): Promise<EncodeResult[]> {
    if (signal.aborted) return [];
    const files = await allUnpacked(packed);
    const readable = files.filter((file) => file instanceof File);
    const results = readable.length > 0 ? await this.#encodeReadable(readable, transform, signal) : [];
    let next = 0;
    return files.map((file) =>
      file instanceof File
        ? results[next++]!
        : { ok: false, contentSha256: '', code: file.code, detail: file.detail },
    );
  }

  async #encodeReadable(
    files: readonly File[],
    transform: Transform,
    signal: AbortSignal,
  ): Promise<EncodeResult[]> {
    this.#underWay += 1;
    try {
      return await this.#encodeTwice(files, transform, signal);
    } finally {
      this.#underWay -= 1;
      this.#encoded += files.length;
      this.#restsSince = performance.now();
    }
  }

  async #encodeTwice(
    files: readonly File[],
    transform: Transform,
    signal: AbortSignal,
  ): Promise<EncodeResult[]> {
    const outcome = await this.#attempt(files, transform, signal);
    if (outcome?.ok) return outcome.value;
    // A file of this batch or of the one beside it ended the worker, or was too much for the model: single files show which.
    const results: EncodeResult[] = [];
    for (const file of files) {
      const alone = await this.#attempt([file], transform, signal, true);
      if (alone?.ok) results.push(...alone.value);
      else if (alone) throw new AppError(alone.code, alone.detail);
      else {
        const [contentSha256 = ''] = await this.#fingerprint([file]).catch(() => []);
        results.push({ ok: false, contentSha256, code: 'worker-lost', detail: file.name });
      }
    }
    return results;
  }

  /** @returns null when the worker was lost over these files */
  async #attempt(
    files: readonly File[],
    transform: Transform,
    signal: AbortSignal,
    isAlone = false,
  ): Promise<Outcome<EncodeResult[]> | null> {
    for (;;) {
      const workers = this.#workersAtWork();
      try {
        const ask = (api: EncoderApi) => api.encode(files, transform);
        const outcome = await workers.submit(ask, this.#options.batchTimeout, signal, isAlone);
        if (outcome.ok || workers.backend === 'wasm') return outcome;
        await this.#leaveWebGpu(workers, outcome.detail);
      } catch (error) {
        if (!(error instanceof WorkerLost)) throw error;
        if (workers.backend === 'wasm') return null;
        await this.#leaveWebGpu(workers, error.message);
      }
    }
  }

  async #fingerprint(packed: readonly File[]): Promise<string[]> {
    try {
      const files = await allUnpacked(packed);
      const readable = files.filter((file) => file instanceof File);
      const ask = (api: EncoderApi) => api.fingerprint(readable);
      const hashes = await this.#persist(ask, 3);
      let next = 0;
      return files.map((file) => (file instanceof File ? hashes[next++]! : ''));
    } catch (error) {
      if (error instanceof WorkerLost) throw new AppError('no-backend', lossOf(error), { cause: error });
      throw error;
    }
  }

  /** @throws WorkerLost when `attempts` workers were lost over it */
  async #persist<T>(ask: (api: EncoderApi) => Promise<T>, attempts: number): Promise<T> {
    const { signal } = new AbortController();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#workersAtWork().submit(ask, this.#options.batchTimeout, signal);
      } catch (error) {
        if (!(error instanceof WorkerLost) || attempt === attempts) throw error;
        // Workers that were closed because WASM is used now give no more answers.
        await this.#replacing;
      }
    }
  }

  /**
   * After a lost device ONNX Runtime blocks its worker at the next call (1.30), so all of them are ended and WASM takes
   * over; their calls are made again.
   */
  async #leaveWebGpu(workers: WorkerPool, detail: Detail): Promise<void> {
    const model = this.#model;
    if (this.#workers !== workers || !model) return;
    this.#replacing ??= (async () => {
      // Work under way comes back here at once, and waits for the others.
      workers.close(new WorkerLost('WebGPU was given up'));
      const choice = new BackendChoice(model, this.#options);
      const wasm = await choice.try('wasm');
      if (this.#workers !== workers || !wasm.ok) {
        choice.end();
        if (wasm.ok) return;
        throw new AppError(wasm.code, wasm.detail);
      }
      const milliseconds = this.#status.speeds.wasm;
      this.#use(model, wasm.value, { reason: 'lost', reasonDetail: detail, milliseconds });
    })().finally(() => (this.#replacing = null));
    await this.#replacing;
  }

  #workersAtWork(): WorkerPool {
    if (!this.#workers) throw new Error('no model is open');
    return this.#workers;
  }

  #report(changes: Partial<PoolStatus>): void {
    this.#status = { ...this.#status, ...changes };
    for (const listener of this.#listeners) listener(this.#status);
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Loaded by the commands that judge shards: no visit of the page needs it. */
async function* encodedElsewhere(
  files: readonly EncodedFile[],
  signal: AbortSignal,
): AsyncGenerator<EncodeResult[], void> {
  const { resultsOf } = await import('./encoded-file');
  yield* resultsOf(files, signal);
}

function createWorker(): Worker {
  return new Worker(new URL('./encoder.worker.ts', import.meta.url), { type: 'module', name: 'encoder' });
}

/**
 * Two workers on two cores: 87 snapshots a second, one does 55 (1920×1080, 2026-11). With more cores one is left
 * to the page, and from four workers on the browser's own decoding threads are the limit.
 */
function workerCount(): number {
  const cores = navigator.hardwareConcurrency;
  return cores <= 2 ? cores : Math.min(4, cores - 1);
}

function selfTestOf(
  { selfTest }: ModelManifest,
  { selfTestDifference }: OpenedModel,
): PoolStatus['selfTest'] {
  if (!selfTest || selfTestDifference === null) return null;
  return { difference: selfTestDifference, tolerance: selfTest.tolerance };
}

/** True for files of archives, which are in memory from before they are sent to a worker, and may be large. */
function arePacked(files: readonly File[]): boolean {
  return files.some((file) => file instanceof PackedFile);
}

/** @returns null when the signal is aborted first */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  if (signal.aborted) return null;
  let giveUp = (): void => undefined;
  try {
    return await new Promise<T | null>((resolve, reject) => {
      giveUp = () => {
        resolve(null);
      };
      signal.addEventListener('abort', giveUp);
      promise.then(resolve, reject);
    });
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
