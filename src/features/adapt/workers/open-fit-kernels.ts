import { openWasm } from '../../../core/encoder/open-wasm';
import type { FitKernels } from '../pure/fit-kernels';
import { SimdFitKernels } from './simd-fit-kernels';
import wasmUrl from './fit/fit.wasm?url';

export async function openFitKernels(): Promise<() => FitKernels> {
  const module = await openWasm(wasmUrl);
  return () => new SimdFitKernels(module);
}
