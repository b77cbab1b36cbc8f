import type { Detail } from '../domain/detail';
import { AppError, type Outcome } from '../domain/errors';
import type { ModelManifest, Transform } from '../domain/model/model';
import { WorkerLost } from '../thread/worker-handle';
import type {
  Backend,
  EncodeResult,
  EncoderApi,
  FouledResult,
  Inspection,
  LensSettings,
  ModelSource,
  Opened,
  Reconstruction,
} from './api';
import { allUnpacked, PackedFile } from './packed-file';
import { Crew, Hand, lossOf, PATIENCE, type CreateWorker, type Patience } from './crew';
import { largestDifference } from './self-test';

/** Why the backend is the one it is: WebGPU was faster, or what spoke against it. */
export type BackendReason = 'faster' | 'no-adapter' | 'slower' | 'wrong-answer' | 'failed' | 'lost';

/** What the encoder is doing, for people to see. */
export interface PoolStatus {
  readonly state: 'idle' | 'opening' | 'ready';
  readonly backend: Backend | null;
  readonly reason: BackendReason | null;
  /** the runtime's own words where there are any; for experts */
  readonly reasonDetail: Detail;
  readonly workers: number;
  /** milliseconds of one encoding on the backend in use, without decoding */
  readonly milliseconds: number | null;
  /** the same for each backend that was tried */
  readonly speeds: { readonly wasm: number | null; readonly webgpu: number | null };
  /** largest difference to the manifest's known answer; null when it has none */
  readonly selfTest: { readonly difference: number; readonly tolerance: number } | null;
  readonly modelSha256: string | null;
}

export interface PoolOptions {
  readonly createWorker: CreateWorker;
  readonly workers: number;
  /** most snapshots in one message */
  readonly batchSize: number;
  /** milliseconds until a worker that doesn't answer a batch is given up */
  readonly batchTimeout: number;
  /** how long a model may take until it is ready */
  readonly patience: Patience;
}

/** What a worker is asked for each file of a batch. */
interface Question<T> {
  readonly ask: (api: EncoderApi, files: readonly File[]) => Promise<Outcome<T[]>>;
  /** the result for a file that ended two workers */
  readonly giveUp: (file: File) => Promise<T>;
  /** the result for a file that can't be taken out of its archive */
  readonly refuse: (problem: AppError) => T;
}

const IDLE: PoolStatus = {
  state: 'idle',
  backend: null,
  reason: null,
  reasonDetail: '',
  workers: 0,
  milliseconds: null,
  speeds: { wasm: null, webgpu: null },
  selfTest: null,
  modelSha256: null,
};

/** Runs of the model, each of a batch of pictures, for one message about fouled lenses: about a second. */
const FOULED_RUNS = 8;

/** Milliseconds that WebGPU gets to load (27 MB), and again for each step after it; WASM is ready, and a person waits. */
const GPU_TRIAL = 6_000;
const GPU_PATIENCE: Patience = { start: GPU_TRIAL, open: GPU_TRIAL, trial: GPU_TRIAL };

/** Encodes snapshots off the main thread: several workers, order kept, lost workers replaced. */
export class EncoderPool {
  static readonly idle = IDLE;

  #status = IDLE;
  readonly #listeners = new Set<(status: PoolStatus) => void>();
  readonly #options: PoolOptions;
  #model: ModelSource | null = null;
  #crew: Crew | null = null;
  #replacing: Promise<void> | null = null;
  #opening = 0;

  constructor(options: Partial<PoolOptions> = {}) {
    this.#options = {
      createWorker,
      workers: workerCount(),
      batchSize: 8,
      batchTimeout: 60_000,
      patience: PATIENCE,
      ...options,
    };
  }

  get status(): PoolStatus {
    return this.#status;
  }

  /** Calls `listener` now and whenever the status changes. @returns a function that ends this */
  subscribe(listener: (status: PoolStatus) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#status);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Opens a model in place of the one before, on the backend that passes the self-test and is fastest.
   *
   * @throws AppError `self-test`, `model-…`, `fetch-failed` or `no-backend`, or the signal's reason when it is aborted;
   *   then no model is open
   */
  async open(model: ModelSource, signal: AbortSignal = new AbortController().signal): Promise<void> {
    this.close();
    const turn = this.#opening;
    this.#report({ state: 'opening', modelSha256: model.manifest.sha256 });
    const hands: Hand[] = [];
    const stop = () => {
      for (const hand of hands) hand.end();
    };
    signal.addEventListener('abort', stop);
    try {
      signal.throwIfAborted();
      const wasm = await this.#try(model, 'wasm', hands);
      signal.throwIfAborted();
      if (!wasm.ok) throw new AppError(wasm.code, wasm.detail);
      const gpu = (await hasGpu()) ? await this.#try(model, 'webgpu', hands) : null;
      signal.throwIfAborted();
      const reason = this.#judge(gpu, wasm.value, model.manifest);
      const chosen = gpu?.ok && reason === 'faster' ? gpu.value : wasm.value;
      if (turn !== this.#opening) throw new Error('another model was opened, or the pool closed');
      for (const hand of hands) if (hand !== chosen.hand) hand.end();
      this.#model = model;
      this.#crew = this.#assemble(model, chosen.hand, chosen.backend);
      this.#report({
        state: 'ready',
        backend: chosen.backend,
        reason,
        reasonDetail: gpu?.ok === false ? gpu.detail : '',
        workers: this.#crew.size,
        milliseconds: chosen.milliseconds,
        speeds: { wasm: wasm.value.milliseconds, webgpu: gpu?.ok ? gpu.value.milliseconds : null },
        selfTest: selfTestOf(model.manifest, chosen.opened),
      });
    } catch (error) {
      for (const hand of hands) hand.end();
      if (turn === this.#opening) this.close();
      if (error instanceof WorkerLost) throw new AppError('no-backend', lossOf(error), { cause: error });
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /**
   * Encodes files in the order given, a batch at a time. While the caller is busy with one batch the workers go
   * on with the next few, and no further: a caller that pauses stops them.
   *
   * Ends early, without an error, when `signal` is aborted.
   *
   * @throws AppError when the model or its backend fails; a file that is no picture is a result like any other
   */
  encode(
    files: readonly File[],
    transform: Transform,
    signal: AbortSignal = new AbortController().signal,
  ): AsyncGenerator<EncodeResult[], void> {
    const question: Question<EncodeResult> = {
      ask: (api, some) => api.encode(some, transform),
      giveUp: async (file) => {
        const [contentSha256 = ''] = await this.#fingerprint([file]).catch(() => []);
        return { ok: false, contentSha256, code: 'worker-lost', detail: file.name };
      },
      refuse: ({ code, detail }) => ({ ok: false, contentSha256: '', code, detail }),
    };
    return this.#inOrder(files, this.#options.batchSize, question, signal);
  }

  /**
   * Encodes each file as it is and through each lens; order, back-pressure, abort and errors as with `encode`.
   *
   * @param lenses - settings that `FouledLens` takes: others are a bug, and throw
   */
  encodeFouled(
    files: readonly File[],
    transform: Transform,
    lenses: readonly LensSettings[],
    signal: AbortSignal = new AbortController().signal,
  ): AsyncGenerator<FouledResult[], void> {
    const question: Question<FouledResult> = {
      ask: (api, some) => api.encodeFouled(some, transform, lenses),
      giveUp: async (file) => ({ ok: false, code: 'worker-lost', detail: file.name }),
      refuse: ({ code, detail }) => ({ ok: false, code, detail }),
    };
    const share = Math.floor((FOULED_RUNS * this.#options.batchSize) / (1 + lenses.length));
    return this.#inOrder(files, Math.min(this.#options.batchSize, share), question, signal);
  }

  /**
   * Lets the whole autoencoder draw a picture: a snapshot, or its thumbnail, which has less detail and so an error that
   * is 4 to 16 % smaller (16 demo snapshots): compare like with like.
   *
   * @returns null when the model has no decoder, or when aborted
   * @throws AppError for what is no picture, as `encode` finds it; `worker-lost`; `model-operators` or
   *   `model-manifest` when the decoder can't be run, though the encoder can
   */
  async reconstruct(
    picture: Blob,
    transform: Transform,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Reconstruction | null> {
    return this.#answer((api) => api.reconstruct(picture, transform), signal);
  }

  /**
   * The `error` of `reconstruct` for each picture, in order, by one worker alone: the others are free for more urgent
   * work, and so is this one after every batch.
   *
   * @returns null for what is no picture, and for all when the model has no decoder; fewer when aborted
   * @throws AppError as `reconstruct` does, but not for what is no picture
   */
  async reconstructionErrors(
    pictures: readonly Blob[],
    transform: Transform,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<(number | null)[]> {
    const errors: (number | null)[] = [];
    for (let next = 0; next < pictures.length; next += this.#options.batchSize) {
      const some = pictures.slice(next, next + this.#options.batchSize);
      const found = await this.#answer((api) => api.reconstructionErrors(some, transform), signal);
      if (!found) break;
      errors.push(...found);
    }
    return errors;
  }

  /**
   * SHA-256 of each file in hexadecimal, to recognise a snapshot without decoding it; empty for what can't be taken out
   * of its archive; fewer when aborted.
   */
  async fingerprint(
    files: readonly File[],
    signal: AbortSignal = new AbortController().signal,
  ): Promise<string[]> {
    const hashes: string[] = [];
    // What stands in archives is held in memory for this, and may be large.
    const isPacked = files.some((file) => file instanceof PackedFile);
    const share = isPacked ? Math.ceil(this.#options.batchSize / 2) : 4 * this.#options.batchSize;
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
    const hand = new Hand(this.#options.createWorker, { signal });
    const { start, open, trial } = this.#options.patience;
    try {
      await hand.startRuntime('wasm', start);
      return await hand.try((api) => api.inspect(bytes), open + trial);
    } catch (error) {
      if (error instanceof WorkerLost) throw new AppError('model-not-onnx', lossOf(error), { cause: error });
      throw error;
    } finally {
      hand.end();
    }
  }

  /** Ends all workers. */
  close(): void {
    this.#opening += 1;
    const crew = this.#crew;
    this.#crew = null;
    this.#model = null;
    crew?.close(new Error('the encoder pool was closed'));
    if (this.#status.state !== 'idle') this.#report(IDLE);
  }

  async #try(model: ModelSource, backend: Backend, hands: Hand[]): Promise<Outcome<Candidate>> {
    const hand = new Hand(this.#options.createWorker);
    hands.push(hand);
    const isGpu = backend === 'webgpu';
    const patience = isGpu ? GPU_PATIENCE : this.#options.patience;
    try {
      const opened = await hand.open(model, backend, patience);
      const milliseconds = await hand.try(
        (api) => api.measure(),
        isGpu ? GPU_TRIAL : this.#options.batchTimeout,
      );
      return { ok: true, value: { hand, backend, opened, milliseconds } };
    } catch (error) {
      if (error instanceof WorkerLost) return { ok: false, code: 'no-backend', detail: lossOf(error) };
      if (error instanceof AppError) return { ok: false, code: error.code, detail: error.detail };
      throw error;
    }
  }

  #judge(gpu: Outcome<Candidate> | null, wasm: Candidate, { selfTest }: ModelManifest): BackendReason {
    if (!gpu) return 'no-adapter';
    if (!gpu.ok) return gpu.code === 'self-test' ? 'wrong-answer' : 'failed';
    if (!selfTest && !agree(gpu.value.opened, wasm.opened)) return 'wrong-answer';
    // All workers share one GPU, while each brings a processor core of its own to WASM.
    return gpu.value.milliseconds < wasm.milliseconds / this.#options.workers ? 'faster' : 'slower';
  }

  #assemble(model: ModelSource, first: Hand, backend: Backend): Crew {
    const crew: Crew = new Crew(first, {
      model,
      backend,
      createWorker: this.#options.createWorker,
      size: this.#options.workers,
      onChange: () => {
        if (this.#crew === crew) this.#report({ workers: crew.size });
      },
    });
    return crew;
  }

  /** Asks about files a batch at a time, by several workers, and gives the answers in the order of the files. */
  async *#inOrder<T>(
    files: readonly File[],
    largest: number,
    question: Question<T>,
    signal: AbortSignal,
  ): AsyncGenerator<T[], void> {
    const stop = new AbortController();
    const stopped = AbortSignal.any([signal, stop.signal]);
    const ahead: Promise<T[]>[] = [];
    // Small jobs are split so that every worker gets some and the first results come soon.
    const size = Math.max(1, Math.min(largest, Math.ceil(files.length / (2 * this.#options.workers))));
    let next = 0;
    try {
      for (;;) {
        while (next < files.length && ahead.length < this.#options.workers + 2) {
          const batch = this.#askBatch(files.slice(next, next + size), question, stopped);
          batch.catch(() => undefined);
          ahead.push(batch);
          next += size;
        }
        const batch = ahead.shift();
        if (!batch) return;
        const results = await untilAborted(batch, signal);
        if (!results) return;
        yield results;
        if (signal.aborted) return;
      }
    } finally {
      stop.abort();
    }
  }

  async #askBatch<T>(packed: readonly File[], question: Question<T>, signal: AbortSignal): Promise<T[]> {
    if (signal.aborted) return [];
    const files = await allUnpacked(packed);
    const readable = files.filter((file) => file instanceof File);
    const results = readable.length > 0 ? await this.#askReadable(readable, question, signal) : [];
    let next = 0;
    return files.map((file) => (file instanceof File ? results[next++]! : question.refuse(file)));
  }

  async #askReadable<T>(files: readonly File[], question: Question<T>, signal: AbortSignal): Promise<T[]> {
    const outcome = await this.#attempt(files, question, signal);
    if (outcome?.ok) return outcome.value;
    // Something in this batch ended the worker, or was too much for the model: one at a time tells which.
    const results: T[] = [];
    for (const file of files) {
      const alone = await this.#attempt([file], question, signal);
      if (alone?.ok) results.push(...alone.value);
      else if (alone) throw new AppError(alone.code, alone.detail);
      else results.push(await question.giveUp(file));
    }
    return results;
  }

  /** @returns null when the worker was lost over these files */
  async #attempt<T>(
    files: readonly File[],
    { ask }: Question<T>,
    signal: AbortSignal,
  ): Promise<Outcome<T[]> | null> {
    for (;;) {
      const crew = this.#crewAtWork();
      try {
        const outcome = await crew.submit((api) => ask(api, files), this.#options.batchTimeout, signal);
        if (outcome.ok || crew.backend === 'wasm') return outcome;
        await this.#leaveWebGpu(crew, outcome.detail);
      } catch (error) {
        if (!(error instanceof WorkerLost)) throw error;
        if (crew.backend === 'wasm') return null;
        await this.#leaveWebGpu(crew, error.message);
      }
    }
  }

  /**
   * Asks one worker about the decoder, which says nothing about the backend of the encoder.
   *
   * @returns null when aborted
   * @throws AppError with what the worker found, or `worker-lost`
   */
  async #answer<T>(ask: (api: EncoderApi) => Promise<Outcome<T>>, signal: AbortSignal): Promise<T | null> {
    if (signal.aborted) return null;
    try {
      const outcome = await untilAborted(this.#persist(ask, 2, signal), signal);
      if (!outcome) return null;
      if (!outcome.ok) throw new AppError(outcome.code, outcome.detail);
      return outcome.value;
    } catch (error) {
      if (error instanceof WorkerLost) throw new AppError('worker-lost', lossOf(error), { cause: error });
      throw error;
    }
  }

  async #fingerprint(packed: readonly File[]): Promise<string[]> {
    try {
      const files = await allUnpacked(packed);
      const readable = files.filter((file) => file instanceof File);
      const ask = (api: EncoderApi) => api.fingerprint(readable);
      const hashes = await this.#persist(ask, 3, new AbortController().signal);
      let next = 0;
      return files.map((file) => (file instanceof File ? hashes[next++]! : ''));
    } catch (error) {
      if (error instanceof WorkerLost) throw new AppError('no-backend', lossOf(error), { cause: error });
      throw error;
    }
  }

  /** @throws WorkerLost when `attempts` workers were lost over it */
  async #persist<T>(ask: (api: EncoderApi) => Promise<T>, attempts: number, signal: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#crewAtWork().submit(ask, this.#options.batchTimeout, signal);
      } catch (error) {
        if (!(error instanceof WorkerLost) || attempt === attempts) throw error;
        // A crew that was closed for WASM's sake gives no more answers.
        await this.#replacing;
      }
    }
  }

  /**
   * After a lost device ONNX Runtime blocks its worker at the next call (1.30), so all of them are ended and WASM
   * takes over; what they were asked is asked again.
   */
  async #leaveWebGpu(crew: Crew, detail: Detail): Promise<void> {
    const model = this.#model;
    if (this.#crew !== crew || !model) return;
    this.#replacing ??= (async () => {
      // What is under way comes back here at once, and waits for the others.
      crew.close(new WorkerLost('WebGPU was given up'));
      const hands: Hand[] = [];
      const wasm = await this.#try(model, 'wasm', hands);
      if (this.#crew !== crew || !wasm.ok) {
        for (const hand of hands) hand.end();
        if (wasm.ok) return;
        throw new AppError(wasm.code, wasm.detail);
      }
      this.#crew = this.#assemble(model, wasm.value.hand, 'wasm');
      this.#report({
        backend: 'wasm',
        reason: 'lost',
        reasonDetail: detail,
        workers: this.#crew.size,
        milliseconds: wasm.value.milliseconds,
        speeds: { ...this.#status.speeds, wasm: wasm.value.milliseconds },
        selfTest: selfTestOf(model.manifest, wasm.value.opened),
      });
    })().finally(() => (this.#replacing = null));
    await this.#replacing;
  }

  #crewAtWork(): Crew {
    if (!this.#crew) throw new Error('no model is open');
    return this.#crew;
  }

  #report(changes: Partial<PoolStatus>): void {
    this.#status = { ...this.#status, ...changes };
    for (const listener of this.#listeners) listener(this.#status);
  }
}

interface Candidate {
  readonly hand: Hand;
  readonly backend: Backend;
  readonly opened: Opened;
  readonly milliseconds: number;
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

/** Adapters in software compute rightly but a hundred times slower: 2.5 s a picture with SwiftShader. */
async function hasGpu(): Promise<boolean> {
  // Missing on plain http, and in browsers without WebGPU.
  const adapter = 'gpu' in navigator ? await navigator.gpu.requestAdapter().catch(() => null) : null;
  return adapter !== null && !adapter.info.isFallbackAdapter;
}

/** Two backends of a model without a known answer must give the same one, within a thousandth. */
function agree(a: Opened, b: Opened): boolean {
  const largest = b.answer.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largestDifference(a.answer, b.answer) <= 1e-3 * largest;
}

function selfTestOf({ selfTest }: ModelManifest, { selfTestDifference }: Opened): PoolStatus['selfTest'] {
  if (!selfTest || selfTestDifference === null) return null;
  return { difference: selfTestDifference, tolerance: selfTest.tolerance };
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
