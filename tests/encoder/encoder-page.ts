/** What the encoder specs share inside the page. */
import type { ModelManifest, Transform } from '../../src/domain/model';
import type { EncodeResult, ModelSource } from '../../src/encoder/api';
import { EncoderPool, type PoolOptions } from '../../src/encoder/pool';
import { sha256 } from '../../src/encoder/sha256';

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
 * A pool whose workers can be watched and ended.
 *
 * @param onCall - sees each message to a worker; false keeps it from the worker
 */
export function watchedPool(
  options: Partial<PoolOptions> = {},
  onCall: (call: Call, worker: Worker) => boolean | undefined = () => undefined,
): { pool: EncoderPool; workers: Worker[]; calls: Call[] } {
  const workers: Worker[] = [];
  const calls: Call[] = [];
  const createWorker = () => {
    const worker = new Worker('/src/encoder/encoder.worker.ts?worker_file&type=module', { type: 'module' });
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
    workers.push(worker);
    return worker;
  };
  return { pool: new EncoderPool({ createWorker, workers: 2, ...options }), workers, calls };
}

export async function collect(batches: AsyncIterable<EncodeResult[]>): Promise<EncodeResult[]> {
  const all: EncodeResult[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

export async function hashes(files: readonly File[]): Promise<string[]> {
  return Promise.all(files.map(async (file) => sha256(await file.arrayBuffer())));
}

export async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
}
