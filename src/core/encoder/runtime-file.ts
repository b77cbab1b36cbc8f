import { transfer } from 'comlink';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import asyncifyUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiUrl from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import { AppError } from '../domain/errors';
import { WorkerHandle } from '../thread/worker-handle';
import type { Backend, UnpackerApi } from './encoder-api';
import { canSuspend } from './can-suspend';

/**
 * Files with WebGPU are larger (packed 3.2 MB and 4.9, 2.5 without), so one is fetched only when used: the smaller of
 * them if WebAssembly can wait for a promise by itself.
 */
const URLS: Record<Backend, string> = { wasm: wasmUrl, webgpu: canSuspend ? jspiUrl : asyncifyUrl };

const files = new Map<Backend, Promise<Blob>>();

/**
 * ONNX Runtime's WebAssembly: fetched and unpacked once for all workers that the page gives it to, with or without the
 * browser's cache; a failed download is tried again.
 *
 * @throws AppError `fetch-failed` with the name of the file
 */
export function runtimeFile(backend: Backend): Promise<Blob> {
  let file = files.get(backend);
  if (!file) {
    file = fetchRuntime(URLS[backend]);
    files.set(backend, file);
    file.catch(() => files.delete(backend));
  }
  return file;
}

async function fetchRuntime(path: string): Promise<Blob> {
  // The build packs it (scripts/packed-runtime.mjs), because many hosts compress nothing; the development server does
  // not.
  const url = new URL(import.meta.env.DEV ? path : `${path}.zst`, import.meta.url);
  // It starts while the file comes.
  const unpacker = import.meta.env.DEV ? null : new WorkerHandle<UnpackerApi>(startUnpacker);
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(String(response.status));
    const bytes = new Uint8Array(await response.arrayBuffer());
    const isPacked = beginsWith(bytes, ZSTANDARD);
    const file =
      isPacked && unpacker
        ? await unpacker.call((api) => api.unpack(transfer(bytes, [bytes.buffer])))
        : new Blob([bytes]);
    const head = isPacked ? new Uint8Array(await file.slice(0, WASM.length).arrayBuffer()) : bytes;
    // A host may send a page in place of a missing file.
    if (!beginsWith(head, WASM)) throw new Error('not WebAssembly');
    return file;
  } catch (error) {
    throw new AppError('fetch-failed', url.pathname.split('/').at(-1), { cause: error });
  } finally {
    unpacker?.end();
  }
}

/** Some hosts say of a packed file that it is encoded, and then the browser has unpacked it already. */
const ZSTANDARD = [0x28, 0xb5, 0x2f, 0xfd];
const WASM = [0x00, 0x61, 0x73, 0x6d];

function beginsWith(bytes: Uint8Array, head: readonly number[]): boolean {
  return head.every((byte, i) => bytes[i] === byte);
}

function startUnpacker(): Worker {
  return new Worker(new URL('./unpacker.worker.ts', import.meta.url), { type: 'module', name: 'unpacker' });
}
