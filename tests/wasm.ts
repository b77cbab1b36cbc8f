/** The page's WebAssembly, for specs that open no page (tests/made-files.ts compiles it). */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Size } from '../src/core/domain/model/model';
import type { PictureSums } from '../src/core/domain/picture/measures';
import { simdKernels } from '../src/core/encoder/glass/glass-kernels';
import { Resizer } from '../src/core/encoder/resize/resizer';

/** @param folder - below src, such as `core/encoder/glass` */
export function wasm(folder: string): WebAssembly.Module {
  const file = new URL(`../src/${folder}/${basename(folder)}.wasm`, import.meta.url);
  return new WebAssembly.Module(readFileSync(file));
}

export const glassKernels = simdKernels(wasm('core/encoder/glass'));
export const resizer = new Resizer(wasm('core/encoder/resize'));

/** @param rgb - height × width × 3 bytes: red, green, blue */
export function pictureSums(rgb: Uint8Array, size: Size): PictureSums {
  resizer.resize(rgb, size, size);
  return resizer.sums();
}
