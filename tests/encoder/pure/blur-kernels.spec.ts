import { expect, test } from '@playwright/test';
import { simdBlur } from '../../../src/core/encoder/blur/blur-kernels';
import { Random } from '../../../src/core/domain/picture/noise';
import { blur } from '../../oracles/blur';
import { wasm } from '../../wasm';

const module = wasm('core/encoder/blur');

for (const [height, width] of [
  [216, 384],
  [2, 2],
  [46, 78],
  [45, 77],
  [45, 78],
  [46, 77],
  [1, 1],
  [1, 8],
] as const) {
  test(`WebAssembly blurs ${width} × ${height} pixels to the same numbers, whatever came before`, () => {
    const blurBy = simdBlur(module);
    const random = new Random(1);
    const bytes = Uint8Array.from({ length: 3 * height * width }, () => random.uniform(0, 256));
    const light = Float32Array.from(bytes, (byte) => byte / 255);
    for (const sigma of [20, 9, 5.3, 3, 1.5, 1.4, 1, 0.1, 0]) {
      for (const picture of [bytes, light]) {
        const wanted = blur(picture, { height, width }, sigma);
        const found = blurBy(picture, { height, width }, sigma);
        const other = wanted.findIndex((value, i) => !Object.is(value, found[i]));
        expect([found.length, other], `sigma ${sigma}`).toEqual([wanted.length, -1]);
      }
    }
  });
}
