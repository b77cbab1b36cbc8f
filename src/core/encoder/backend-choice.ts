import { AppError, type Failure, type Outcome } from '../domain/errors';
import { WorkerLost } from '../thread/worker-handle';
import type { Backend, ModelSource, OpenedModel } from './encoder-api';
import type { PoolStatus } from './pool-status';
import { largestDifference } from './self-test';
import { lossOf, PATIENCE, WorkerSlot, type CreateWorker, type Patience, type Spare } from './worker-pool';

/** Milliseconds that WebGPU gets to load, which on a slow link is long, and for each step after it; WASM is at work. */
const GPU_TRIAL = 6_000;
const GPU_PATIENCE: Patience = { start: PATIENCE.start, open: GPU_TRIAL, trial: GPU_TRIAL };

/** A worker that a model was opened and tried in. */
export interface Candidate {
  readonly slot: WorkerSlot;
  readonly backend: Backend;
  readonly opened: OpenedModel;
}

/** The backend to begin with, and why it is that one. */
interface FirstChoice extends Pick<PoolStatus, 'reason' | 'reasonDetail'> {
  readonly candidate: Candidate;
  readonly spares: readonly Spare[];
  /** true if WebGPU may turn out to be faster */
  readonly isUndecided: boolean;
}

/** A trial of WebGPU beside WASM; `gpu` is null if WASM stays. */
interface GpuTrial extends Pick<PoolStatus, 'milliseconds' | 'speeds'> {
  readonly gpu: Candidate | null;
  readonly reason: Exclude<PoolStatus['reason'], null>;
  readonly reasonDetail?: Failure['detail'];
}

interface Options {
  readonly createWorker: CreateWorker;
  readonly workers: number;
  readonly patience: Patience;
}

/** Opens one model on the backends that it may use, and chooses between them. */
export class BackendChoice {
  readonly #model: ModelSource;
  readonly #options: Options;
  #slots: WorkerSlot[] = [];

  constructor(model: ModelSource, options: Options) {
    this.#model = model;
    this.#options = options;
  }

  /** Ends the workers that it has started since it last let go of them. */
  end(): void {
    for (const slot of this.#slots.splice(0)) slot.end();
  }

  /**
   * WASM, or WebGPU where a person chose it and it gives the right answer.
   *
   * @throws AppError why the model can't be used, or the signal's reason when it is aborted
   */
  async first(signal: AbortSignal): Promise<FirstChoice> {
    const { encoder = 'automatic' } = this.#model;
    const mayUseGpu = encoder === 'onnx-wasm' ? Promise.resolve(false) : hasGpu();
    const gpu = encoder === 'onnx-webgpu' && (await mayUseGpu) ? await this.#chosenGpu() : null;
    signal.throwIfAborted();
    const spares = gpu?.ok ? [] : this.#startSpares();
    const chosen = gpu?.ok ? gpu : await this.try('wasm');
    signal.throwIfAborted();
    if (!chosen.ok) throw new AppError(chosen.code, chosen.detail);
    const isOffered = encoder === 'automatic' && (await mayUseGpu);
    const isUndecided = isOffered && !endsUnderGpu();
    signal.throwIfAborted();
    const isAsChosen = encoder === 'onnx-wasm' || gpu?.ok === true;
    const why = gpu?.ok === false ? reasonOf(gpu) : isOffered ? 'ends-page' : 'no-adapter';
    const reason = isUndecided ? null : isAsChosen ? 'chosen' : why;
    const reasonDetail = gpu?.ok === false ? gpu.detail : '';
    this.#slots = [];
    return { candidate: chosen.value, spares, isUndecided, reason, reasonDetail };
  }

  /** Opens the model in a worker, and tries it. */
  async try(backend: Backend, patience = this.#options.patience): Promise<Outcome<Candidate>> {
    const slot = this.#start();
    return orFailure(async () => {
      await slot.load(this.#model, backend, patience);
      return { slot, backend, opened: await slot.tryOut(patience) };
    });
  }

  /**
   * Tries WebGPU while WASM is at work.
   *
   * @param wasm - the answer of WASM
   * @param timeAtWork - measures an encoding there
   */
  async againstGpu(wasm: OpenedModel, timeAtWork: () => Promise<Outcome<number>>): Promise<GpuTrial> {
    const gpu = await this.try('webgpu', GPU_PATIENCE);
    const milliseconds = gpu.ok ? await time(gpu.value) : null;
    const atWork = gpu.ok ? await timeAtWork() : null;
    const speeds = { wasm: valueOrNull(atWork), webgpu: valueOrNull(milliseconds) };
    const stays = { gpu: null, milliseconds: speeds.wasm, speeds };
    if (!gpu.ok) return { ...stays, reason: reasonOf(gpu), reasonDetail: gpu.detail };
    if (milliseconds?.ok === false) {
      return { ...stays, reason: reasonOf(milliseconds), reasonDetail: milliseconds.detail };
    }
    const isRight = this.#model.manifest.selfTest !== null || agree(gpu.value.opened, wasm);
    if (!isRight) return { ...stays, reason: 'wrong-answer' };
    const isFaster =
      speeds.webgpu !== null &&
      speeds.wasm !== null &&
      // All workers share one GPU, while each brings a processor core of its own to WASM.
      speeds.webgpu < speeds.wasm / this.#options.workers;
    if (!isFaster) return { ...stays, reason: 'slower' };
    return { gpu: gpu.value, reason: 'faster', milliseconds: speeds.webgpu, speeds };
  }

  /** WebGPU by a person's choice: even if it is slow, but only with the same answer as WASM. */
  async #chosenGpu(): Promise<Outcome<Candidate>> {
    let gpu = await this.try('webgpu');
    if (gpu.ok && !this.#model.manifest.selfTest) {
      const wasm = await this.try('wasm');
      if (wasm.ok) wasm.value.slot.end();
      if (!wasm.ok || !agree(gpu.value.opened, wasm.value.opened)) {
        gpu = { ok: false, code: 'self-test', detail: '' };
      }
    }
    if (!gpu.ok) this.end();
    return gpu;
  }

  /** The other workers on WASM get as far as the first before it is known if the model is usable. */
  #startSpares(): Spare[] {
    return Array.from({ length: this.#options.workers - 1 }, () => {
      const slot = this.#start();
      const loaded = slot.load(this.#model, 'wasm', this.#options.patience);
      loaded.catch(() => undefined);
      return { slot, loaded };
    });
  }

  #start(): WorkerSlot {
    const slot = new WorkerSlot(this.#options.createWorker);
    this.#slots.push(slot);
    return slot;
  }
}

/** Turns a failure of the model or its backend into data. */
export async function orFailure<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof WorkerLost) return { ok: false, code: 'no-backend', detail: lossOf(error) };
    if (error instanceof AppError) return { ok: false, code: error.code, detail: error.detail };
    throw error;
  }
}

function time({ slot }: Candidate): Promise<Outcome<number>> {
  return orFailure(() => slot.try((api) => api.measure(), GPU_TRIAL));
}

function valueOrNull(outcome: Outcome<number> | null): number | null {
  return outcome?.ok ? outcome.value : null;
}

function reasonOf({ code }: Failure): 'wrong-answer' | 'failed' {
  return code === 'self-test' ? 'wrong-answer' : 'failed';
}

/** Adapters in software compute rightly but a hundred times slower: 2.5 s a picture with SwiftShader. */
async function hasGpu(): Promise<boolean> {
  // Missing on plain http, and in browsers without WebGPU.
  const adapter = 'gpu' in navigator ? await navigator.gpu.requestAdapter().catch(() => null) : null;
  // Some browsers with WebGPU say nothing of an adapter.
  return adapter !== null && !('info' in adapter && adapter.info.isFallbackAdapter);
}

/**
 * True on iPhones and iPads, where the page ends after some 500 encodings on WebGPU.
 *
 * @see https://github.com/microsoft/onnxruntime/issues/27584
 */
function endsUnderGpu(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  // An iPad calls itself a Mac; no Mac has a touch screen.
  return /iPhone|iPad/.test(userAgent) || (userAgent.includes('Macintosh') && maxTouchPoints > 1);
}

/** Two backends of a model without a known answer must give the same one, within a thousandth. */
function agree(a: OpenedModel, b: OpenedModel): boolean {
  const largest = b.answer.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largestDifference(a.answer, b.answer) <= 1e-3 * largest;
}
