import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { sumsOf } from '../../src/core/domain/picture/measures';
import { PlainResizer } from '../../src/core/encoder/resize/plain-resizer';
import type { Resizer } from '../../src/core/encoder/resize/resizer';
import { SimdResizer, type ResizeExports } from '../../src/core/encoder/resize/simd-resizer';

// Not imported: the compiler's types would change those of every array.
execFileSync(process.execPath, [join(import.meta.dirname, '../../scripts/build-wasm.mjs')]);
const file = readFileSync(new URL('../../src/core/encoder/resize/resize.wasm', import.meta.url));
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(file));
const simd = new SimdResizer(exports as unknown as ResizeExports);

const SIZES = [
  [1, 1],
  [1, 50],
  [3, 3],
  [2, 9],
  [13, 17],
  [24, 61],
  [96, 100],
  [216, 384],
] as const;

function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** Resizes pixels of three bytes to a size. */
function resize(
  resizer: Resizer,
  rgb: Uint8Array,
  [height, width]: readonly [number, number],
  target: readonly [number, number],
): Uint8Array {
  const size = { height: target[0], width: target[1] };
  resizer.begin({ height, width }, 'RGB', size);
  for (let first = 0; first < height;) {
    const rows = Math.min(resizer.stripRows, height - first);
    resizer.strip(rows).set(rgb.subarray(3 * first * width, 3 * (first + rows) * width));
    resizer.push(rows);
    first += rows;
  }
  const tensor = new Float32Array(3 * size.height * size.width);
  return resizer.finish({ resize: size, mean: [0, 0, 0], std: [1, 1, 1] }, tensor, 0);
}

test('WebAssembly’s sums of a picture are the plain ones, to the last bit', () => {
  for (const [height, width] of SIZES) {
    const length = 3 * height * width;
    const pictures = [noise(length, height), new Uint8Array(length), new Uint8Array(length).fill(255)];
    for (const picture of pictures) {
      expect(resize(simd, picture, [height, width], [height, width])).toEqual(picture);
      const size = { height, width };
      expect(simd.sums(), `${height} × ${width}`).toEqual(sumsOf(picture, size));
    }
  }
});

test('pixels of three bytes are resized as those of four, with SIMD and without', () => {
  const source = [57, 83] as const;
  const rgb = noise(3 * source[0] * source[1], 5);
  for (const target of [
    [24, 60],
    [90, 131],
  ] as const) {
    const size = { height: target[0], width: target[1] };
    const plain = new PlainResizer();
    plain.begin({ height: source[0], width: source[1] }, 'RGBX', size);
    plain
      .strip(source[0])
      .set(
        Array.from({ length: 4 * source[0] * source[1] }, (_, i) =>
          i % 4 === 3 ? 77 : rgb[3 * (i >> 2) + (i % 4)]!,
        ),
      );
    plain.push(source[0]);
    const tensor = new Float32Array(3 * size.height * size.width);
    const wanted = plain.finish({ resize: size, mean: [0, 0, 0], std: [1, 1, 1] }, tensor, 0).slice();
    expect(resize(plain, rgb, source, target)).toEqual(wanted);
    expect(plain.sums()).toEqual(sumsOf(wanted, size));
    expect(resize(simd, rgb, source, target)).toEqual(wanted);
  }
});
