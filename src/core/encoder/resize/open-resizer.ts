import { simdModule } from '../simd-module';
import { PlainResizer } from './plain-resizer';
import type { Resizer } from './resizer';
import { SimdResizer, type ResizeExports } from './simd-resizer';
import wasmUrl from './resize.wasm?url';

/** WebAssembly SIMD where the browser has it, else the plain code: the same bytes, six times slower. */
export async function openResizer(): Promise<Resizer> {
  const module = await simdModule(wasmUrl);
  if (!module) return new PlainResizer();
  const { exports } = await WebAssembly.instantiate(module);
  return new SimdResizer(exports as unknown as ResizeExports);
}
