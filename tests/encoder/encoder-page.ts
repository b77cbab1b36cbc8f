/** Code that the encoder specs share inside the page. */
import type { ModelManifest, Transform } from '../../src/core/domain/model/model';
import type { Backend, EncodeResult, ModelSource, OpenedModel } from '../../src/core/encoder/encoder-api';
import { EncoderPool, type PoolOptions } from '../../src/core/encoder/pool';
import { openSession, tryOut, type OnnxSession } from '../../src/core/encoder/onnx-session';
import { sha256 } from '../../src/core/encoder/sha256';
import { endless } from '../journeys/hostile-models';
import { told } from '../told';

export const SIZE = { height: 12, width: 20 };
export const TRANSFORM: Transform = { resize: SIZE, mean: [0, 0, 0], std: [1, 1, 1] };

/** A model of tests/fixtures/onnx with a manifest that fits it. */
export async function source(name: string, changes: Partial<ModelManifest> = {}): Promise<ModelSource> {
  const bytes = await (await fetch(`/tests/fixtures/onnx/${name}.onnx`)).arrayBuffer();
  const manifest: ModelManifest = {
    id: name,
    name,
    version: '1',
    description: '',
    file: `${name}.onnx`,
    sha256: await sha256(bytes),
    bytes: bytes.byteLength,
    input: { name: 'image', ...SIZE },
    outputs: { embedding: 'embedding', reconstruction: null },
    embeddingLength: 6,
    transform: TRANSFORM,
    detector: { name: 'mmd-streaming', windowSize: 12, sigma: 0.3 },
    thresholds: { warning: 0.05, drift: 0.1 },
    selfTest: null,
    license: '',
    ...changes,
  };
  return { manifest, bytes };
}

/** Opens a model and tries it, as a worker does when it is asked to. */
export async function openAndTry(
  model: ModelSource,
  backend: Backend,
): Promise<{ session: OnnxSession; opened: OpenedModel }> {
  const session = await openSession(model, backend);
  return { session, opened: await tryOut(session, model.manifest) };
}

/** A model that never gives an embedding. */
export async function endlessSource(length: number | null = 720): Promise<ModelSource> {
  const { manifest, bytes: own } = await source('autoencoder');
  const bytes = new Uint8Array(endless(new Uint8Array(own), length)).buffer;
  const facts = { sha256: await sha256(bytes), bytes: bytes.byteLength, embeddingLength: 720 };
  return { manifest: { ...manifest, ...facts, name: 'endless' }, bytes };
}

/** The model that ships, with changes to its manifest. */
export async function shipped(changes: Partial<ModelManifest> = {}): Promise<ModelSource> {
  const folder = '/models/obsea-autoencoder-2';
  const manifest = (await (await fetch(`${folder}/model.json`)).json()) as ModelManifest;
  const bytes = await (await fetch(`${folder}/${manifest.file}`)).arrayBuffer();
  return { manifest: { ...manifest, ...changes }, bytes };
}

/** The demo camera's first snapshots. */
export async function demo(count: number): Promise<File[]> {
  const { snapshots } = (await (await fetch('/demo/index.json')).json()) as { snapshots: string[] };
  return Promise.all(
    snapshots
      .slice(0, count)
      .map(async (name) => new File([await (await fetch(`/demo/snapshots/${name}`)).blob()], name)),
  );
}

/** PNG files, each of another colour. */
export async function pictures(count: number, name = 'picture'): Promise<File[]> {
  const context = new OffscreenCanvas(40, 24).getContext('2d')!;
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      context.fillStyle = `rgb(${i % 256} ${(i * 7) % 256} ${(i * 31) % 256})`;
      context.fillRect(0, 0, 40, 24);
      return new File([await context.canvas.convertToBlob()], `${name}-${i}.png`);
    }),
  );
}

interface Call {
  readonly method: string;
  readonly names: readonly string[];
}

/**
 * A pool whose workers can be watched and ended; of one worker, since each costs a second to start.
 *
 * @param onCall - sees each message to a worker; false keeps it from the worker
 */
export function watchedPool(
  options: Partial<PoolOptions> = {},
  onCall: (call: Call, worker: Worker) => boolean | undefined = () => undefined,
): { pool: EncoderPool; workers: Worker[]; ended: Set<Worker>; calls: Call[] } {
  const workers: Worker[] = [];
  const ended = new Set<Worker>();
  const calls: Call[] = [];
  const createWorker = () => {
    const worker = new Worker('/src/core/encoder/encoder.worker.ts?worker_file&type=module', {
      type: 'module',
    });
    const post = worker.postMessage.bind(worker) as (message: unknown, transfer: Transferable[]) => void;
    worker.postMessage = (message: unknown, transfer: unknown) => {
      const { path, argumentList } = message as { path?: string[]; argumentList?: { value: unknown }[] };
      const files = argumentList?.[0]?.value;
      const call = {
        method: path?.[0] ?? '',
        names: Array.isArray(files) ? (files as File[]).map((file) => file.name) : [],
      };
      calls.push(call);
      if (onCall(call, worker) !== false) post(message, transfer as Transferable[]);
    };
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      ended.add(worker);
      terminate();
    };
    workers.push(worker);
    return worker;
  };
  return { pool: new EncoderPool({ createWorker, workers: 1, ...options }), workers, ended, calls };
}

export async function collect<T = EncodeResult>(batches: AsyncIterable<T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

export async function hashes(files: readonly File[]): Promise<string[]> {
  return Promise.all(files.map(async (file) => sha256(await file.arrayBuffer())));
}

export async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${told(error)}` : String(error)),
  );
}
