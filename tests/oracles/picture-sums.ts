import type { Size } from '../../src/core/domain/model/model';
import type { PictureSums } from '../../src/core/domain/picture/measures';

/** Luminance of a byte triple in thousandths of a level, by the weights of ITU-R BT.601, as Pillow's `convert("L")`. */
const RED = 299;
const GREEN = 587;
const BLUE = 114;
const FULL = 255_000;
/** Pixels of a patch's side. */
const PATCH = 12;

/**
 * @param resized - height × width × 3 bytes of `size`: red, green, blue
 */
export function sumsOf(resized: Uint8Array, size: Size): PictureSums {
  const luminance = new Int32Array(size.height * size.width);
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let i = 0, at = 0; i < luminance.length; i++, at += 3) {
    const r = resized[at]!;
    const g = resized[at + 1]!;
    const b = resized[at + 2]!;
    red += r;
    green += g;
    blue += b;
    luminance[i] = RED * r + GREEN * g + BLUE * b;
  }
  const mean = (RED * red + GREEN * green + BLUE * blue) / (FULL * luminance.length);
  return {
    red,
    green,
    blue,
    squares: squaresOf(luminance, mean),
    roughness: roughnessOf(luminance, size),
    dark: darkOf(resized, size),
  };
}

/** In a second pass, because the difference of large sums loses the contrast of an almost even picture. */
function squaresOf(luminance: Int32Array, mean: number): number {
  let squares = 0;
  for (let i = 0; i < luminance.length; i++) {
    const difference = luminance[i]! / FULL - mean;
    squares += difference * difference;
  }
  return squares;
}

function roughnessOf(luminance: Int32Array, { height, width }: Size): number {
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
  return sum;
}

function darkOf(resized: Uint8Array, { height, width }: Size): number {
  const darkest = new Uint8Array(Math.ceil(width / PATCH));
  let sum = 0;
  for (let top = 0; top < height; top += PATCH) {
    const bottom = Math.min(top + PATCH, height);
    darkest.fill(255);
    for (let y = top; y < bottom; y++) {
      let at = y * width * 3;
      for (let patch = 0; patch < darkest.length; patch++) {
        const end = (y * width + Math.min((patch + 1) * PATCH, width)) * 3;
        let dark = darkest[patch]!;
        for (; at < end; at += 3) {
          const green = resized[at + 1]!;
          const blue = resized[at + 2]!;
          if (green < dark) dark = green;
          if (blue < dark) dark = blue;
        }
        darkest[patch] = dark;
      }
    }
    darkest.forEach((dark, patch) => {
      sum += dark * (bottom - top) * Math.min(PATCH, width - patch * PATCH);
    });
  }
  return sum;
}

/** The sum of three pixels above one another, around index `i`. */
function column(luminance: Int32Array, i: number, width: number): number {
  return luminance[i - width]! + luminance[i]! + luminance[i + width]!;
}
