import { AppError } from '../domain/errors';
import { plainKernels, type KernelsFor } from '../domain/glass/kernels';
import { simdKernels } from './glass-kernels';
import wasmUrl from './glass/glass.wasm?url';

/** WebAssembly SIMD where the browser has it, else the plain code. */
export async function openKernels(): Promise<KernelsFor> {
  const response = await fetch(wasmUrl);
  if (!response.ok) throw new AppError('fetch-failed', wasmUrl);
  try {
    return simdKernels(await WebAssembly.compile(await response.arrayBuffer()));
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    return plainKernels;
  }
}
