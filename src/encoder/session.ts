import type { InferenceSession } from 'onnxruntime-web';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import wasmMjsUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import webgpuUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import webgpuMjsUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import type { Embedding } from '../domain/embedding';
import { AppError } from '../domain/errors';
import type { ModelManifest, Size } from '../domain/model';
import { extractSubgraph, inspectAutoencoder, readOnnx, widenFloat16Weights } from '../domain/onnx';
import type { Backend, ModelSource, Opened } from './api';
import { largestDifference, selfTestTensor } from './self-test';

type Ort = typeof import('onnxruntime-web');

/** What of a model is run, and how. */
export interface EncoderGraph {
  readonly input: string;
  readonly embedding: string;
  /** how many pictures each run must take; null when any number will do */
  readonly batchSize: number | null;
}

/** A model opened on one backend. Release it, or its memory stays until the worker ends. */
export class Session {
  readonly #ort: Ort;
  readonly #session: InferenceSession;
  readonly #graph: EncoderGraph;
  readonly #backend: Backend;
  #isDeviceLost = false;

  private constructor(ort: Ort, session: InferenceSession, graph: EncoderGraph, backend: Backend) {
    this.#ort = ort;
    this.#session = session;
    this.#graph = graph;
    this.#backend = backend;
  }

  /**
   * Starts ONNX Runtime and gives it the part of a model that computes the embedding: it would run the decoder
   * with it, at three times the cost.
   *
   * @param bytes - an ONNX file that `inspectAutoencoder` accepts
   * @throws AppError `no-backend` when the runtime can't start, `fetch-failed` when it can't be had,
   *   `model-operators` or `model-not-onnx` when it can't run the model
   */
  static async start(bytes: Uint8Array, graph: EncoderGraph, backend: Backend): Promise<Session> {
    const encoder = widenFloat16Weights(extractSubgraph(bytes, [graph.embedding]));
    const ort = await loadRuntime(backend);
    let session: InferenceSession;
    try {
      session = await ort.InferenceSession.create(encoder, {
        executionProviders: [backend],
        logSeverityLevel: 3,
      });
    } catch (error) {
      throw refusal(error);
    }
    const opened = new Session(ort, session, graph, backend);
    if (backend === 'webgpu') await opened.#watchDevice();
    return opened;
  }

  /**
   * @param tensor - at least count × 3 × height × width float32, channels first
   * @returns one embedding for each picture, each with a buffer of its own; outputs of rank 3 and 4 flattened
   * @throws AppError `model-operators` when the model fails on this input; on WebGPU `no-backend`, after which
   *   the session is of no more use
   */
  async encode(tensor: Float32Array, count: number, size: Size): Promise<Embedding[]> {
    const step = this.#graph.batchSize ?? count;
    const length = 3 * size.height * size.width;
    const embeddings: Embedding[] = [];
    for (let first = 0; first < count; first += step) {
      const taken = Math.min(step, count - first);
      let batch = tensor.subarray(first * length, (first + taken) * length);
      if (taken < step) {
        batch = new Float32Array(step * length);
        batch.set(tensor.subarray(first * length, (first + taken) * length));
      }
      embeddings.push(...(await this.#run(batch, step, size)).slice(0, taken));
    }
    return embeddings;
  }

  async release(): Promise<void> {
    // After a lost device the call would never come back; the worker is about to end anyway.
    if (!this.#isDeviceLost) await this.#session.release();
  }

  async #run(batch: Float32Array, count: number, { height, width }: Size): Promise<Embedding[]> {
    if (this.#isDeviceLost) throw new AppError('no-backend', 'the graphics device was lost');
    const { input, embedding } = this.#graph;
    const picture = new this.#ort.Tensor('float32', batch, [count, 3, height, width]);
    let outputs: InferenceSession.OnnxValueMapType;
    try {
      outputs = await this.#session.run({ [input]: picture }, [embedding]);
    } catch (error) {
      const code = this.#backend === 'webgpu' ? 'no-backend' : 'model-operators';
      throw new AppError(code, reasonOf(error), { cause: error });
    }
    const output = outputs[embedding]!;
    try {
      const data = output.data;
      if (!(data instanceof Float32Array) || data.length === 0 || data.length % count !== 0) {
        throw new AppError('model-no-embedding', `${embedding} ${output.type} [${output.dims.join(', ')}]`);
      }
      const length = data.length / count;
      return Array.from({ length: count }, (_, i) => data.slice(i * length, (i + 1) * length));
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

/**
 * Opens a model as its manifest says, and lets it encode the built-in picture.
 *
 * @throws AppError `self-test` when the manifest's known answer comes out differently, `model-manifest` when the
 *   file is not what the manifest says, and what `readOnnx`, `inspectAutoencoder` and `Session.start` throw
 */
export async function openSession(
  { manifest, bytes }: ModelSource,
  backend: Backend,
): Promise<{ session: Session; opened: Opened }> {
  const session = await Session.start(
    new Uint8Array(bytes),
    graphOf(manifest, new Uint8Array(bytes)),
    backend,
  );
  try {
    return { session, opened: await selfTest(session, manifest) };
  } catch (error) {
    await session.release();
    throw error;
  }
}

function graphOf(manifest: ModelManifest, bytes: Uint8Array): EncoderGraph {
  const { input, batchSize } = inspectAutoencoder(readOnnx(bytes), manifest.outputs.embedding);
  for (const side of ['height', 'width'] as const) {
    if (input[side] !== null && input[side] !== manifest.input[side]) {
      throw new AppError(
        'model-manifest',
        `input.${side}: the model takes ${input[side]}, not ${manifest.input[side]}`,
      );
    }
  }
  return { input: input.name, embedding: manifest.outputs.embedding, batchSize };
}

async function selfTest(
  session: Session,
  { input, embeddingLength, selfTest }: ModelManifest,
): Promise<Opened> {
  const answer = (await session.encode(selfTestTensor(input), 1, input))[0]!;
  if (answer.length !== embeddingLength) {
    throw new AppError(
      'model-manifest',
      `embeddingLength: the model gives ${answer.length}, not ${embeddingLength}`,
    );
  }
  if (!selfTest) return { answer, selfTestDifference: null };
  const selfTestDifference = largestDifference(answer, selfTest.embedding);
  if (selfTestDifference > selfTest.tolerance) {
    throw new AppError(
      'self-test',
      `${selfTestDifference.toExponential(1)}, allowed ${selfTest.tolerance.toExponential(1)}`,
    );
  }
  return { answer, selfTestDifference };
}

/** Runs a model once to see how many numbers an embedding has. */
export async function embeddingLengthOf(bytes: Uint8Array, graph: EncoderGraph, size: Size): Promise<number> {
  const session = await Session.start(bytes, graph, 'wasm');
  try {
    return (await session.encode(selfTestTensor(size), 1, size))[0]!.length;
  } finally {
    await session.release();
  }
}

/** Pictures in a timed run: V8 deoptimises single ones after a while (24 ms instead of 7), batches of 4 never. */
const TIMED_BATCH = 4;

/** Milliseconds of one encoding: median of three runs after the first, or of fewer where one takes long. */
export async function measure(session: Session, size: Size): Promise<number> {
  const one = selfTestTensor(size);
  const batch = new Float32Array(TIMED_BATCH * one.length);
  for (let i = 0; i < TIMED_BATCH; i += 1) batch.set(one, i * one.length);
  await session.encode(batch, TIMED_BATCH, size);
  const times: number[] = [];
  const begun = performance.now();
  while (times.length < 3 && performance.now() - begun < 1000) {
    const start = performance.now();
    await session.encode(batch, TIMED_BATCH, size);
    times.push((performance.now() - start) / TIMED_BATCH);
  }
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}

async function loadRuntime(backend: Backend): Promise<Ort> {
  const [wasm, mjs] = backend === 'webgpu' ? [webgpuUrl, webgpuMjsUrl] : [wasmUrl, wasmMjsUrl];
  const paths = { wasm: new URL(wasm, import.meta.url).href, mjs: new URL(mjs, import.meta.url).href };
  let ort: Ort;
  try {
    // Two builds: the one with WebGPU is twice as large (27 MB, 14 without), so it is fetched only where it is used.
    ort = await (backend === 'webgpu' ? import('onnxruntime-web/webgpu') : import('onnxruntime-web/wasm'));
    // Into the browser's cache first: a ship's link may need minutes, and initTimeout is for a start that hangs.
    const response = await fetch(paths.wasm, { cache: 'force-cache' });
    if (!response.ok) throw new Error(String(response.status));
    await response.arrayBuffer();
  } catch (error) {
    throw new AppError('fetch-failed', new URL(paths.wasm).pathname.split('/').at(-1), { cause: error });
  }
  ort.env.wasm.wasmPaths = paths;
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.initTimeout = 20_000;
  ort.env.logLevel = 'error';
  return ort;
}

/** What ONNX Runtime's refusal of a model means for a person. */
function refusal(error: unknown): AppError {
  const reason = reasonOf(error);
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
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/^.*ERROR_MESSAGE: /s, '')
    .replace(/^"|"$/g, '')
    .slice(0, 300);
}
