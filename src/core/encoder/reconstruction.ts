import type { Transform } from '../domain/model/model';
import type { Reconstruction } from './encoder-api';

/**
 * Compares a picture with what the model made of it.
 *
 * An autoencoder learns to give back what it is fed, so both are in the space of the normalised tensor, and mean and
 * standard deviation bring both back to 0..1. The shipped model has mean 0 and deviation 1, and a sigmoid at its end:
 * there the two spaces are one (training/model.py).
 *
 * @param input - 3 × height × width of `transform.resize`, channels first, normalised; not changed
 * @param output - the same for the reconstruction; what lies outside 0..1 counts in the errors, and is clipped in the
 *   bytes
 */
export function compare(input: Float32Array, output: Float32Array, transform: Transform): Reconstruction {
  const { mean, std, resize } = transform;
  const plane = resize.height * resize.width;
  const errorMap = new Float32Array(plane);
  const reconstruction = new Uint8ClampedArray(4 * plane).fill(255);
  for (let channel = 0, at = 0; channel < 3; channel++) {
    const scale = std[channel]!;
    const shift = mean[channel]!;
    for (let i = 0; i < plane; i++, at++) {
      errorMap[i]! += Math.abs(input[at]! - output[at]!) * (scale / 3);
      reconstruction[4 * i + channel] = (output[at]! * scale + shift) * 255;
    }
  }
  return { ...resize, errorMap, error: meanSquaredError(input, output, transform), reconstruction };
}

/** The `error` of {@link compare} alone. */
export function meanSquaredError(input: Float32Array, output: Float32Array, { std }: Transform): number {
  const plane = input.length / 3;
  let sum = 0;
  for (let channel = 0, at = 0; channel < 3; channel++) {
    let squares = 0;
    for (const end = at + plane; at < end; at++) squares += (input[at]! - output[at]!) ** 2;
    // The means cancel out.
    sum += squares * std[channel]! ** 2;
  }
  return sum / input.length;
}
