import { blur, type BlurPicture } from '../../domain/picture/noise';
import { simdBlur } from './blur-kernels';
import { simdModule } from '../simd-module';
import wasmUrl from './blur.wasm?url';

let opened: Promise<BlurPicture> | undefined;

/** WebAssembly SIMD where the browser has it, else the plain code; once for a worker. */
export function openBlur(): Promise<BlurPicture> {
  opened ??= open();
  // What the network refused may come next time.
  opened.catch(() => (opened = undefined));
  return opened;
}

async function open(): Promise<BlurPicture> {
  const module = await simdModule(wasmUrl);
  return module ? simdBlur(module) : blur;
}
