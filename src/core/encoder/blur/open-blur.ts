import type { BlurPicture } from '../../domain/picture/noise';
import { openWasm } from '../open-wasm';
import { simdBlur } from './blur-kernels';
import wasmUrl from './blur.wasm?url';

let opened: BlurPicture | undefined;

/** Once for a worker. */
export async function openBlur(): Promise<BlurPicture> {
  return (opened ??= simdBlur(await openWasm(wasmUrl)));
}
