import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import webgpuUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { AppError } from '../domain/errors';
import type { Backend } from './api';

/** Two builds: the one with WebGPU is twice as large (27 MB, 14 without), so it is fetched only where it is used. */
const URLS: Record<Backend, string> = { wasm: wasmUrl, webgpu: webgpuUrl };

const files = new Map<Backend, Promise<Blob>>();

/**
 * ONNX Runtime's WebAssembly: fetched and unpacked once for all workers that the page gives it to, whatever the browser's
 * cache keeps; a failed download is tried again.
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
  // The build packs it (scripts/packed-runtime.mjs), since many hosts compress nothing; the development server does not.
  const url = new URL(import.meta.env.DEV ? path : `${path}.gz`, import.meta.url);
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(String(response.status));
    return await unpackedRuntime(await response.blob());
  } catch (error) {
    throw new AppError('fetch-failed', url.pathname.split('/').at(-1), { cause: error });
  }
}

/**
 * WebAssembly as it came or out of its gzip file: some hosts say of a packed file that it is encoded, and then the browser
 * has unpacked it already.
 *
 * @throws Error for what is neither, as a page that a host sends in place of a missing file
 */
async function unpackedRuntime(file: Blob): Promise<Blob> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (first === 0x1f && second === 0x8b) {
    const plain = file.stream().pipeThrough(new DecompressionStream('gzip'));
    return unpackedRuntime(await new Response(plain).blob());
  }
  if (first === 0x00 && second === 0x61) return file;
  throw new Error('not WebAssembly');
}
