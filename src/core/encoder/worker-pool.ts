import type { Detail } from '../domain/detail';
import { AppError, valueOf, type Outcome } from '../domain/errors';
import { WorkerHandle, WorkerLost } from '../thread/worker-handle';
import type { Backend, EncoderApi, ModelSource, OpenedModel } from './encoder-api';

/** Makes a worker that runs encoder.worker.ts. */
export type CreateWorker = () => Worker;

/** Time limits for a worker to have a model ready, in milliseconds. */
export interface Patience {
  readonly start: number;
  readonly open: number;
  readonly trial: number;
}

export const PATIENCE: Patience = {
  /** A slow link has 14 MB of runtime to fetch. */
  start: 300_000,
  /** The shipped model, of 3 MB, opens in 0.2 s on a laptop; this is 20 times its size on a device 15 times slower. */
  open: 60_000,
  /** One picture, a thousand times slower than the shipped model on a laptop (14 ms). */
  trial: 20_000,
};

export class WorkerSlot extends WorkerHandle<EncoderApi> {
  /** true once the open model was computed by ONNX Runtime */
  isOnnxRuntime = false;

  /**
   * Opens a model, with ONNX Runtime only if needed.
   *
   * @throws AppError with what the worker found, `model-endless` when the model takes too long; WorkerLost
   */
  async load(model: ModelSource, backend: Backend, { start, open, trial }: Patience): Promise<void> {
    if (backend === 'wasm' && (await this.try((api) => api.openAlone(model), open + trial))) return;
    await this.startRuntime(backend, start);
    await this.try((api) => api.open(model, backend), open);
  }

  /** Lets the open model encode the built-in picture. @throws as `load` does */
  async tryOut({ trial }: Patience): Promise<OpenedModel> {
    const opened = await this.try((api) => api.tryOut(), trial);
    this.isOnnxRuntime = opened.isOnnxRuntime;
    return opened;
  }

  /** Has ONNX Runtime fetched and started within `timeout` milliseconds. @throws AppError `fetch-failed`; WorkerLost */
  async startRuntime(backend: Backend, timeout: number): Promise<void> {
    // While the worker's own script is fetched.
    const file = fetchRuntime(backend);
    file.catch(() => undefined);
    const start = async (api: EncoderApi) => {
      // A worker that is lost meanwhile never answers, and `start` reports it.
      api.prepare(backend).catch(() => undefined);
      return api.start(backend, await file);
    };
    valueOf(await this.call(start, timeout));
  }

  /**
   * As `call`, for work that depends on the model alone.
   *
   * @throws AppError with what the worker found, or `model-endless` when the model takes too long; WorkerLost
   */
  async try<T>(work: (api: EncoderApi) => Promise<Outcome<T>>, timeout: number): Promise<T> {
    try {
      return valueOf(await this.call(work, timeout));
    } catch (error) {
      if (!(error instanceof WorkerLost) || error.how !== 'too-slow') throw error;
      throw new AppError('model-endless', String(timeout / 1000), { cause: error });
    }
  }
}

/** A worker's fate, as the detail of a failure. */
export function lossOf({ how }: WorkerLost): Detail {
  return { code: 'worker-lost', how };
}

interface Task {
  readonly isAlone: boolean;
  readonly signal: AbortSignal;
  /** @param nth - 1 for the one at work */
  readonly run: (slot: WorkerSlot, nth: number) => Promise<void>;
  readonly reject: (error: unknown) => void;
}

/** Loads the code that fetches the runtime, which the first paint does not need. @throws AppError `fetch-failed` */
async function fetchRuntime(backend: Backend): Promise<Blob> {
  const { runtimeFile } = await import('./runtime-file').catch((error: unknown) => {
    throw new AppError('fetch-failed', 'onnxruntime-web', { cause: error });
  });
  return runtimeFile(backend);
}

/** A worker that is about to have the model, before it is known if the model is usable. */
export interface Spare {
  readonly slot: WorkerSlot;
  /** over once nothing but its trial is left */
  readonly loaded: Promise<void>;
}

interface WorkerPoolOptions {
  readonly model: ModelSource;
  readonly backend: Backend;
  readonly createWorker: CreateWorker;
  /** wanted number of workers */
  readonly size: number;
  /** called when there are more or fewer workers than before */
  readonly onChange: () => void;
}

/** Tasks of a worker: one at work, and one whose files are read meanwhile. */
const AT_ONCE = 2;

/** Workers that have one model open on one backend, and the queue in front of them. Lost ones are replaced. */
export class WorkerPool {
  readonly backend: Backend;
  readonly #options: WorkerPoolOptions;
  /** each with its tasks, the one at work first */
  readonly #slots = new Map<WorkerSlot, Task[]>();
  readonly #queue: Task[] = [];
  #starting = 0;
  #wanted: number;
  #closed: Error | null = null;
  #isRetired = false;

  readonly #spares: Spare[];

  /** `first` has the model open; the others start by themselves, and `spares` have begun already. */
  constructor(first: WorkerSlot, options: WorkerPoolOptions, spares: readonly Spare[] = []) {
    this.backend = options.backend;
    this.#options = options;
    this.#spares = [...spares];
    this.#wanted = options.size;
    this.#slots.set(first, []);
    this.#fill();
  }

  /** number of workers at work or ready for it */
  get size(): number {
    return this.#slots.size;
  }

  /** number of them in which ONNX Runtime computes */
  get onnxSize(): number {
    return [...this.#slots.keys()].filter(({ isOnnxRuntime }) => isOnnxRuntime).length;
  }

  /**
   * Gives work to the worker that has the least. One that is lost is lost over all that it has.
   *
   * @param isAlone - true for work that a worker has with no other
   * @throws WorkerLost when the worker is lost over it; AppError `no-backend` when no worker can be had; the
   *   signal's reason when it is aborted before the work has begun
   */
  async submit<T>(
    work: (api: EncoderApi) => Promise<T>,
    timeout: number,
    signal: AbortSignal,
    isAlone = false,
  ): Promise<T> {
    if (this.#closed) throw this.#closed;
    return new Promise<T>((resolve, reject) => {
      const run = async (slot: WorkerSlot, nth: number) => {
        resolve(await slot.call(work, nth * timeout));
      };
      this.#queue.push({ isAlone, signal, run, reject });
      this.#fill();
      this.#pump();
    });
  }

  /** Ends all workers; queued and running calls are rejected with `reason`. */
  close(reason: Error): void {
    this.#closed = reason;
    for (const slot of this.#slots.keys()) slot.end(reason);
    for (const task of this.#queue.splice(0)) task.reject(reason);
  }

  /** Ends each worker once it is done; queued and running calls are answered as ever. No further calls are allowed. */
  retire(): void {
    this.#isRetired = true;
    this.#pump();
  }

  #pump(): void {
    if (this.#isRetired && this.#queue.length === 0)
      for (const [slot, tasks] of this.#slots) if (tasks.length === 0) slot.end();
    while (this.#queue.length > 0) {
      const [task] = this.#queue as [Task];
      if (task.signal.aborted) {
        this.#queue.shift();
        task.reject(task.signal.reason);
        continue;
      }
      const free = [...this.#slots].filter(([, tasks]) => hasRoom(tasks, task));
      const [least] = free.sort(([, some], [, others]) => some.length - others.length);
      if (!least) return;
      if (least[0].isEnded) this.#drop(least[0]);
      else void this.#work(...least, this.#queue.shift()!);
    }
  }

  async #work(slot: WorkerSlot, tasks: Task[], task: Task): Promise<void> {
    tasks.push(task);
    try {
      await task.run(slot, tasks.length);
    } catch (error) {
      task.reject(error);
    }
    if (slot.isEnded) this.#drop(slot);
    else tasks.splice(tasks.indexOf(task), 1);
    this.#pump();
  }

  #drop(slot: WorkerSlot): void {
    this.#slots.delete(slot);
    this.#options.onChange();
    this.#fill();
  }

  #fill(): void {
    if (this.#closed || (this.#isRetired && this.#queue.length === 0)) return;
    while (this.#slots.size + this.#starting < this.#wanted) {
      this.#starting += 1;
      void this.#start();
    }
  }

  async #start(): Promise<void> {
    const { createWorker, model, backend } = this.#options;
    const spare = this.#spares.shift();
    const slot = spare?.slot ?? new WorkerSlot(createWorker);
    try {
      await (spare?.loaded ?? slot.load(model, backend, PATIENCE));
      await slot.tryOut(PATIENCE);
      if (this.#closed) throw this.#closed;
      this.#slots.set(slot, []);
      this.#options.onChange();
      this.#pump();
    } catch (error) {
      slot.end();
      // The others continue without it. Without any, queued calls would never be answered.
      this.#wanted = Math.max(1, this.#slots.size);
      if (this.#slots.size === 0 && this.#starting === 1) {
        const detail =
          error instanceof WorkerLost
            ? lossOf(error)
            : error instanceof AppError
              ? error.detail || error.code
              : String(error);
        for (const task of this.#queue.splice(0)) task.reject(new AppError('no-backend', detail));
      }
    } finally {
      this.#starting -= 1;
    }
  }
}

/** True if a worker with these tasks can take another one. */
function hasRoom(tasks: readonly Task[], { isAlone }: Task): boolean {
  const [first] = tasks;
  return !first || (tasks.length < AT_ONCE && !first.isAlone && !isAlone);
}
