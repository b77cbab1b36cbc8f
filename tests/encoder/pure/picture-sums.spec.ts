import { expect, test } from '@playwright/test';
import { sumsOf } from '../../oracles/picture-sums';
import { resizeBilinear } from '../../oracles/resize';
import { pictureSums, resizer } from '../../wasm';

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

test('WebAssembly’s sums of a picture are the oracle’s, to the last bit', () => {
  for (const [height, width] of SIZES) {
    const length = 3 * height * width;
    const pictures = [noise(length, height), new Uint8Array(length), new Uint8Array(length).fill(255)];
    for (const picture of pictures) {
      const size = { height, width };
      expect(resizer.resize(picture, size, size)).toEqual(picture);
      expect(pictureSums(picture, size), `${height} × ${width}`).toEqual(sumsOf(picture, size));
    }
  }
});

test('pixels of three bytes are resized as those of four', () => {
  const source = { height: 57, width: 83 };
  const rgb = noise(3 * source.height * source.width, 5);
  const data = Uint8Array.from({ length: 4 * source.height * source.width }, (_, i) =>
    i % 4 === 3 ? 77 : rgb[3 * (i >> 2) + (i % 4)]!,
  );
  for (const target of [
    { height: 24, width: 60 },
    { height: 90, width: 131 },
  ]) {
    expect(resizer.resize(rgb, source, target)).toEqual(resizeBilinear({ ...source, data }, target));
  }
});
