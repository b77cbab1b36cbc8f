import type { InferenceSession, Tensor } from 'onnxruntime-web';
import wasmMjsUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import asyncifyMjsUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import jspiMjsUrl from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import { AppError } from '../domain/errors';
import type { ModelManifest, Size } from '../domain/model/model';
import { extractSubgraph, inspectAutoencoder, readOnnx, widenFloat16Weights } from '../domain/model/onnx';
import { LONGEST_NAME } from '../domain/model/onnx-wire';
import { plainText } from '../domain/files/plain-name';
import type { Backend, ModelSource, OpenedModel } from './encoder-api';
import { canSuspend } from './can-suspend';
import { runtimeFile } from './runtime-file';
import { largestDifference, selfTestTensor } from './self-test';

type Ort = typeof import('onnxruntime-web');

export interface RunGraph {
  readonly input: string;
  /** the embedding */
  readonly output: string;
  /** number of pictures that each run must take; null when any number will do */
  readonly batchSize: number | null;
}

/** ONNX Runtime, or our own code for models that it knows (layers/layers.ts). */
export interface Embedder {
  /** Runs count × 3 × height × width float32, or more. @returns each picture's output, in its own buffer */
  run(tensor: Float32Array, count: number, size: Size): Promise<Float32Array<ArrayBuffer>[]>;
  release(): Promise<void>;
}

/** A model opened on one backend. Release it, or its memory stays until the worker ends. */
export class OnnxSession implements Embedder {
  readonly #ort: Ort;
  readonly #session: InferenceSession;
  readonly #graph: RunGraph;
  readonly #backend: Backend;
  #isDeviceLost = false;

  private constructor(ort: Ort, session: InferenceSession, graph: RunGraph, backend: Backend) {
    this.#ort = ort;
    this.#session = session;
    this.#graph = graph;
    this.#backend = backend;
  }

  /**
   * Starts ONNX Runtime and gives it the part of a model that computes the output: with all of it, it would run the
   * decoder for each embedding, at three times the cost.
   *
   * @param bytes - an ONNX file that `inspectAutoencoder` accepts
   * @throws AppError `no-backend` when the runtime can't start, `fetch-failed` when it can't be had,
   *   `model-operators` or `model-not-onnx` when it can't run the model
   */
  static async start(bytes: Uint8Array, graph: RunGraph, backend: Backend): Promise<OnnxSession> {
    const part = widenFloat16Weights(extractSubgraph(bytes, [graph.output]));
    const ort = await loadRuntime(backend);
    const session = await createSession(ort, part, { executionProviders: [backend], logSeverityLevel: 3 });
    const opened = new OnnxSession(ort, session, graph, backend);
    if (backend === 'webgpu') await opened.#watchDevice();
    return opened;
  }

  /**
   * @param tensor - at least count × 3 × height × width float32, channels first
   * @returns the output for each picture, each with a buffer of its own; those of rank 3 and 4 flattened
   * @throws AppError `model-operators` when the model fails on this input; on WebGPU `no-backend`, after which
   *   the session is of no more use
   */
  async run(tensor: Float32Array, count: number, size: Size): Promise<Float32Array<ArrayBuffer>[]> {
    const step = this.#graph.batchSize ?? count;
    const length = 3 * size.height * size.width;
    const results: Float32Array<ArrayBuffer>[] = [];
    for (let first = 0; first < count; first += step) {
      const taken = Math.min(step, count - first);
      let batch = tensor.subarray(first * length, (first + taken) * length);
      if (taken < step) {
        batch = new Float32Array(step * length);
        batch.set(tensor.subarray(first * length, (first + taken) * length));
      }
      results.push(...(await this.#runBatch(batch, step, size)).slice(0, taken));
    }
    return results;
  }

  async release(): Promise<void> {
    // After a lost device the call would never come back; the worker is about to end anyway.
    if (!this.#isDeviceLost) await this.#session.release();
  }

  async #runBatch(
    batch: Float32Array,
    count: number,
    { height, width }: Size,
  ): Promise<Float32Array<ArrayBuffer>[]> {
    if (this.#isDeviceLost) throw new AppError('no-backend', { code: 'gpu-lost' });
    const { input, output: name } = this.#graph;
    const picture = new this.#ort.Tensor('float32', batch, [count, 3, height, width]);
    let outputs: InferenceSession.OnnxValueMapType;
    try {
      outputs = await this.#session.run({ [input]: picture }, [name]);
    } catch (error) {
      const code = this.#backend === 'webgpu' ? 'no-backend' : 'model-operators';
      throw new AppError(code, runtimeMessage(error), { cause: error });
    }
    const output = outputs[name]!;
    try {
      return slicesOf(name, output, count);
    } finally {
      output.dispose();
    }
  }

  async #watchDevice(): Promise<void> {
    const device = await this.#ort.env.webgpu.device;
    void device.lost.then(() => {
      this.#isDeviceLost = true;
    });
  }
}

/** The output for each picture, copied out of the runtime's memory. */
function slicesOf(name: string, output: Tensor, count: number): Float32Array<ArrayBuffer>[] {
  const { data } = output;
  if (!(data instanceof Float32Array) || data.length === 0 || data.length % count !== 0) {
    const dims = plainText(output.dims.join(', '), LONGEST_NAME);
    throw new AppError('model-no-embedding', `${plainText(name, LONGEST_NAME)} ${output.type} [${dims}]`);
  }
  const length = data.length / count;
  return Array.from({ length: count }, (_, i) => data.slice(i * length, (i + 1) * length));
}

/**
 * Opens a model by its manifest; no part of it has run then.
 *
 * @throws AppError `model-manifest` when the file is not what the manifest says, and what `readOnnx`,
 *   `inspectAutoencoder` and `Session.start` throw
 */
export async function openSession({ manifest, bytes }: ModelSource, backend: Backend): Promise<OnnxSession> {
  const file = new Uint8Array(bytes);
  return OnnxSession.start(file, graphOf(manifest, file), backend);
}

export function graphOf(manifest: ModelManifest, bytes: Uint8Array): RunGraph {
  const { input, batchSize } = inspectAutoencoder(readOnnx(bytes), manifest.outputs.embedding);
  for (const side of ['height', 'width'] as const) {
    if (input[side] !== null && input[side] !== manifest.input[side]) {
      const [found, wanted] = [input[side], manifest.input[side]];
      throw new AppError('model-manifest', { at: `input.${side}:`, code: 'model-takes', found, wanted });
    }
  }
  return { input: input.name, output: manifest.outputs.embedding, batchSize };
}

/**
 * @throws AppError `self-test` when the manifest's known answer comes out differently, `model-manifest` when the
 *   embedding is of another length than it says, and what `Session.run` throws
 */
export async function tryOut(
  session: Embedder,
  { input, embeddingLength, selfTest }: ModelManifest,
): Promise<OpenedModel> {
  const answer = (await session.run(selfTestTensor(input), 1, input))[0]!;
  if (answer.length !== embeddingLength) {
    const [found, wanted] = [answer.length, embeddingLength];
    throw new AppError('model-manifest', { at: 'embeddingLength:', code: 'model-gives', found, wanted });
  }
  const isOnnxRuntime = session instanceof OnnxSession;
  if (!selfTest) return { answer, selfTestDifference: null, isOnnxRuntime };
  const selfTestDifference = largestDifference(answer, selfTest.embedding);
  if (selfTestDifference > selfTest.tolerance) {
    throw new AppError('self-test', {
      code: 'self-test-difference',
      difference: selfTestDifference.toExponential(1),
      tolerance: selfTest.tolerance.toExponential(1),
    });
  }
  return { answer, selfTestDifference, isOnnxRuntime };
}

/** Runs a model once to see how many numbers an embedding has. */
export async function embeddingLengthOf(bytes: Uint8Array, graph: RunGraph, size: Size): Promise<number> {
  const session = await OnnxSession.start(bytes, graph, 'wasm');
  try {
    return (await session.run(selfTestTensor(size), 1, size))[0]!.length;
  } finally {
    await session.release();
  }
}

/** Pictures in a timed run: V8 deoptimises single ones after a while (24 ms instead of 7), batches of 4 never. */
const TIMED_BATCH = 4;

/** Milliseconds of one encoding: median of three runs after the first, or of fewer if one takes long. */
export async function measure(session: Embedder, size: Size): Promise<number> {
  const one = selfTestTensor(size);
  const batch = new Float32Array(TIMED_BATCH * one.length);
  for (let i = 0; i < TIMED_BATCH; i += 1) batch.set(one, i * one.length);
  await session.run(batch, TIMED_BATCH, size);
  const times: number[] = [];
  const begun = performance.now();
  while (times.length < 3 && performance.now() - begun < 1000) {
    const start = performance.now();
    await session.run(batch, TIMED_BATCH, size);
    times.push((performance.now() - start) / TIMED_BATCH);
  }
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}

const runtimes = new Map<Backend, Promise<Ort>>();

/**
 * Once for all sessions of a worker; a failed download is tried again.
 *
 * @param file - its WebAssembly, where the page has it; else the worker fetches it
 * @throws AppError `fetch-failed`
 */
export function loadRuntime(backend: Backend, file?: Blob): Promise<Ort> {
  let runtime = runtimes.get(backend);
  if (!runtime) {
    runtime = openRuntime(backend, file);
    runtimes.set(backend, runtime);
    runtime.catch(() => runtimes.delete(backend));
  }
  return runtime;
}

/**
 * Fetches the JavaScript of ONNX Runtime, which takes a while after its WebAssembly otherwise.
 *
 * @throws AppError `fetch-failed`
 */
export async function importRuntime(backend: Backend): Promise<Ort> {
  try {
    const [ort] = await Promise.all([
      importBuild(backend),
      // ONNX Runtime needs it once the model is opened.
      import(/* @vite-ignore */ mjsOf(backend)),
    ]);
    return ort;
  } catch (error) {
    throw new AppError('fetch-failed', 'onnxruntime-web', { cause: error });
  }
}

async function importBuild(backend: Backend): Promise<Ort> {
  if (backend === 'wasm') return import('onnxruntime-web/wasm');
  return canSuspend ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu');
}

function mjsOf(backend: Backend): string {
  const webgpu = canSuspend ? jspiMjsUrl : asyncifyMjsUrl;
  return new URL(backend === 'webgpu' ? webgpu : wasmMjsUrl, import.meta.url).href;
}

async function openRuntime(backend: Backend, file?: Blob): Promise<Ort> {
  // A ship's link may need minutes, and initTimeout is for a start that hangs.
  const wasmBinary = await (file ?? (await runtimeFile(backend))).arrayBuffer();
  const ort = await importRuntime(backend);
  ort.env.wasm.wasmBinary = wasmBinary;
  ort.env.wasm.wasmPaths = { mjs: mjsOf(backend) };
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.initTimeout = 20_000;
  ort.env.logLevel = 'error';
  return ort;
}

/** A session of `loadRuntime`'s runtime; the first one starts it. @throws AppError, see `refusal` */
export async function createSession(
  ort: Ort,
  bytes: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  try {
    return await ort.InferenceSession.create(bytes, options);
  } catch (error) {
    throw refusal(error);
  } finally {
    // It is compiled by now, and as large as all of the rest.
    delete ort.env.wasm.wasmBinary;
  }
}

/** The AppError for ONNX Runtime's refusal of a model. */
function refusal(error: unknown): AppError {
  const reason = runtimeMessage(error);
  if (/no available backend|failed to get gpu adapter|initiali[sz]ing webassembly/i.test(reason)) {
    return new AppError('no-backend', reason, { cause: error });
  }
  const operator =
    /implementation for ([\w.:]+\(\d+\))/.exec(reason) ??
    /([\w.:]+\(-?\d+\)) is not a registered/.exec(reason) ??
    /No Op registered for (\w+)/.exec(reason);
  if (operator) return new AppError('model-operators', operator[1], { cause: error });
  if (/opset|IR version/i.test(reason)) return new AppError('model-operators', reason, { cause: error });
  return new AppError('model-not-onnx', reason, { cause: error });
}

/** ONNX Runtime's own words without its preamble of codes and source lines. */
export function runtimeMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return plainText(message.replace(/^.*ERROR_MESSAGE: /s, '').replace(/^"|"$/g, ''), 300);
}
