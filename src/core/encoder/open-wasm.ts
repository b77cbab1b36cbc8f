import { AppError } from '../domain/errors';

/**
 * Fetches and compiles one of the page's own WebAssembly files.
 *
 * Not streamed: a file has a few kB, and a host may send it under any type.
 *
 * @param url - of a `.wasm?url` import
 * @throws AppError `fetch-failed`, also for a host that answers with a page of its own; `no-backend` in a browser without
 *   SIMD, which ONNX Runtime needs too
 */
export async function openWasm(url: string): Promise<WebAssembly.Module> {
  const fetchFailed = (cause: unknown) => new AppError('fetch-failed', url.split('/').at(-1), { cause });
  const bytes = await fetchBytes(url).catch((error: unknown) => {
    throw fetchFailed(error);
  });
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw isWasm(bytes)
      ? new AppError('no-backend', { code: 'no-simd' }, { cause: error })
      : fetchFailed(error);
  }
}

async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** A module begins with a zero byte and its name. */
function isWasm(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 4)) === '\0asm';
}
