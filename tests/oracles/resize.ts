import type { Size } from '../../src/core/domain/model/model';
import { resizeCoefficients, type ResizeCoefficients } from '../../src/core/domain/model/transform';
import type { Pixels } from '../../src/core/encoder/png';

/** Bits of Pillow's fixed point for 8-bit pictures. */
const PRECISION = 22;

/**
 * Resizes as torchvision's `Resize` does on a PIL image, to the byte.
 *
 * Horizontally first, then vertically on the rounded bytes: the other order differs by one level.
 *
 * @param pixels - any size ≥ 1×1; not changed
 * @returns height × width × 3 bytes of `size`, row by row: red, green, blue
 * @see Pillow 11.1 `Image.resize(…, BILINEAR)`; equals it on every picture in tests/fixtures/resize
 */
export function resizeBilinear(pixels: Pixels, size: Size): Uint8Array {
  const across = resizeCoefficients(pixels.width, size.width);
  const down = resizeCoefficients(pixels.height, size.height);
  const rowBytes = size.width * 3;
  const narrowed = new Uint8Array(pixels.height * rowBytes);
  for (let y = 0; y < pixels.height; y++) {
    const row = y * pixels.width * 4;
    for (let x = 0; x < size.width; x++) {
      const start = row + across.first[x]! * 4;
      blend(pixels.data, start, 4, across, x, narrowed, y * rowBytes + x * 3);
    }
  }
  const resized = new Uint8Array(size.height * rowBytes);
  for (let y = 0; y < size.height; y++) {
    const start = down.first[y]! * rowBytes;
    for (let x = 0; x < size.width; x++) {
      blend(narrowed, start + x * 3, rowBytes, down, y, resized, y * rowBytes + x * 3);
    }
  }
  return resized;
}

/** Writes the red, green and blue of output `i` at `to`, from samples `step` bytes apart. */
function blend(
  source: Uint8Array | Uint8ClampedArray,
  start: number,
  step: number,
  { taps, count, weights }: ResizeCoefficients,
  i: number,
  out: Uint8Array,
  to: number,
): void {
  // 255 × 2^22 + 2^21 is below 2^31, so the sums stay 32-bit integers.
  let red = 1 << (PRECISION - 1);
  let green = red;
  let blue = red;
  const end = i * taps + count[i]!;
  for (let tap = i * taps, at = start; tap < end; tap++, at += step) {
    const weight = weights[tap]!;
    red += weight * source[at]!;
    green += weight * source[at + 1]!;
    blue += weight * source[at + 2]!;
  }
  out[to] = Math.min(red >> PRECISION, 255);
  out[to + 1] = Math.min(green >> PRECISION, 255);
  out[to + 2] = Math.min(blue >> PRECISION, 255);
}
