import { blur, type Blur } from '../../domain/picture/noise';
import { simdBlur } from './blur-kernels';
import { simdModule } from '../simd-module';
import wasmUrl from './blur.wasm?url';

let opened: Promise<Blur> | undefined;

/** WebAssembly SIMD where the browser has it, else the plain code; once for a worker. */
export function openBlur(): Promise<Blur> {
  opened ??= open();
  // What the network refused may come next time.
  opened.catch(() => (opened = undefined));
  return opened;
}

async function open(): Promise<Blur> {
  const module = await simdModule(wasmUrl);
  return module ? simdBlur(module) : blur;
}
