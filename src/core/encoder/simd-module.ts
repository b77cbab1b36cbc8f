import { AppError } from '../domain/errors';

/**
 * Fetches and compiles a module that uses SIMD.
 *
 * @returns null in a browser without SIMD: then the plain code does the same
 * @throws AppError `fetch-failed`
 */
export async function simdModule(url: string): Promise<WebAssembly.Module | null> {
  const response = await fetch(url);
  if (!response.ok) throw new AppError('fetch-failed', url);
  try {
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    return null;
  }
}
