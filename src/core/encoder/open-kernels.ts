import { plainKernels, type KernelsFor } from '../domain/glass/kernels';
import { simdKernels } from './glass/glass-kernels';
import { simdModule } from './simd-module';
import wasmUrl from './glass/glass.wasm?url';

/** WebAssembly SIMD where the browser has it, else the plain code. */
export async function openKernels(): Promise<KernelsFor> {
  const module = await simdModule(wasmUrl);
  return module ? simdKernels(module) : plainKernels;
}
