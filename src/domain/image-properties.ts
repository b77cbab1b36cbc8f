import type { ImageProperties } from './job';
import type { Size } from './model';

/** Luminance of a byte triple in thousandths of a level, by the weights of ITU-R BT.601, as Pillow's `convert("L")`. */
const RED = 299;
const GREEN = 587;
const BLUE = 114;
const FULL = 255_000;

/**
 * Describes a picture by a few numbers that a person can check by eye.
 *
 * @param resized - height × width × 3 bytes of `size`: red, green, blue
 * @param source - the size of the picture before it was resized; reported, not used
 */
export function imageProperties(resized: Uint8Array, size: Size, source: Size): ImageProperties {
  const count = size.height * size.width;
  const luminance = new Int32Array(count);
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let i = 0, at = 0; i < count; i++, at += 3) {
    const r = resized[at]!;
    const g = resized[at + 1]!;
    const b = resized[at + 2]!;
    red += r;
    green += g;
    blue += b;
    luminance[i] = RED * r + GREEN * g + BLUE * b;
  }
  const brightness = (RED * red + GREEN * green + BLUE * blue) / (FULL * count);
  // A second pass, because the difference of large sums loses the contrast of an almost even picture.
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const difference = luminance[i]! / FULL - brightness;
    squares += difference * difference;
  }
  const perByte = 1 / (255 * count);
  return {
    width: source.width,
    height: source.height,
    brightness,
    contrast: Math.sqrt(squares / count),
    sharpness: sharpness(luminance, size),
    blueMinusRed: (blue - red) * perByte,
    greenCast: (green - (red + blue) / 2) * perByte,
  };
}

/**
 * Mean distance of a pixel from the mean of its eight neighbours, over the pixels that have eight.
 *
 * @param luminance - height × width, in units of 1 / {@link FULL}
 * @returns 0..1; 0 for a picture without inner pixels
 */
function sharpness(luminance: Int32Array, { height, width }: Size): number {
  if (height < 3 || width < 3) return 0;
  let sum = 0;
  for (let y = 1; y < height - 1; y++) {
    const row = y * width;
    let left = column(luminance, row, width);
    let here = column(luminance, row + 1, width);
    for (let x = row + 1; x < row + width - 1; x++) {
      const right = column(luminance, x + 1, width);
      sum += Math.abs(9 * luminance[x]! - (left + here + right));
      left = here;
      here = right;
    }
  }
  return sum / (8 * FULL * (height - 2) * (width - 2));
}

/** The sum of three pixels above one another, around index `i`. */
function column(luminance: Int32Array, i: number, width: number): number {
  return luminance[i - width]! + luminance[i]! + luminance[i + width]!;
}
