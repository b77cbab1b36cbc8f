import type { Embedding } from '../domain/drift/embedding';
import type { Size } from '../domain/model/model';

/**
 * The built-in picture `xor-gradient` as a tensor of shape [1, 3, height, width]: byte / 255 with the byte at
 * channel c, row y, column x being ((7x + 13y + 61c) xor (xy >> 4)) & 255. Integers all through, so that Python
 * makes the same one (training/self_test.py).
 */
export function selfTestTensor({ height, width }: Size): Float32Array {
  const tensor = new Float32Array(3 * height * width);
  let at = 0;
  for (let c = 0; c < 3; c += 1) {
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        tensor[at] = (((x * 7 + y * 13 + c * 61) ^ ((x * y) >> 4)) & 255) / 255;
        at += 1;
      }
    }
  }
  return tensor;
}

/** Largest absolute difference in any number; Infinity when one is not a number or the lengths differ. */
export function largestDifference(a: Embedding, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((largest, value, i) => {
    const difference = Math.abs(value - b[i]!);
    return difference <= largest ? largest : Number.isNaN(difference) ? Infinity : difference;
  }, 0);
}
