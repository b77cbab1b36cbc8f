import { expect, test } from '@playwright/test';
import { sumsOf } from '../../src/core/domain/picture/measures';
import { Resizer } from '../../src/core/encoder/resize/resizer';
import { resizeBilinear } from '../oracles/resize';
import { wasm } from '../wasm';

const resizer = new Resizer(wasm('core/encoder/resize'));

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

test('WebAssembly’s sums of a picture are the oracle’s, to the last bit', () => {
  for (const [height, width] of SIZES) {
    const length = 3 * height * width;
    const pictures = [noise(length, height), new Uint8Array(length), new Uint8Array(length).fill(255)];
    for (const picture of pictures) {
      expect(resize(picture, [height, width], [height, width])).toEqual(picture);
      const size = { height, width };
      expect(resizer.sums(), `${height} × ${width}`).toEqual(sumsOf(picture, size));
    }
  }
});

test('pixels of three bytes are resized as those of four', () => {
  const source = [57, 83] as const;
  const rgb = noise(3 * source[0] * source[1], 5);
  const data = Uint8Array.from({ length: 4 * source[0] * source[1] }, (_, i) =>
    i % 4 === 3 ? 77 : rgb[3 * (i >> 2) + (i % 4)]!,
  );
  for (const target of [
    [24, 60],
    [90, 131],
  ] as const) {
    const wanted = resizeBilinear(
      { height: source[0], width: source[1], data },
      { height: target[0], width: target[1] },
    );
    expect(resize(rgb, source, target)).toEqual(wanted);
  }
});
