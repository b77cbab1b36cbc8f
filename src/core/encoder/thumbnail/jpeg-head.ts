import type { Size } from '../../domain/model/model';
import { BRIGHTNESS, COLOURS, ZIGZAG, type HuffmanCodes } from './jpeg-tables';

/** Steps at a quality of 50 to 100, from those at 50. @see libjpeg's jpeg_quality_scaling */
export function stepsFor(steps: readonly number[], quality: number): number[] {
  const percent = 200 - 2 * quality;
  return steps.map((step) => Math.min(255, Math.max(1, Math.floor((step * percent + 50) / 100))));
}

/** The part before the coded blocks. @see ITU-T T.81, annex B; ITU-T T.871 (JFIF) */
export function jpegHead({ height, width }: Size, quality: number): number[] {
  const kinds = [BRIGHTNESS, COLOURS];
  const table = (place: number, { counts, symbols }: HuffmanCodes) => [place, ...counts, ...symbols];
  return [
    ...[0xff, 0xd8],
    ...segment(0xe0, [...[0x4a, 0x46, 0x49, 0x46, 0], 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...segment(
      0xdb,
      kinds.flatMap(({ steps }, i) => {
        const divided = stepsFor(steps, quality);
        return [i, ...ZIGZAG.map((place) => divided[place]!)];
      }),
    ),
    // Colours are as fine as brightness.
    ...segment(0xc0, [8, ...two(height), ...two(width), 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1]),
    ...segment(
      0xc4,
      kinds.flatMap(({ first, others }, i) => [...table(i, first), ...table(0x10 | i, others)]),
    ),
    ...segment(0xda, [3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]),
  ];
}

function segment(marker: number, content: readonly number[]): number[] {
  return [0xff, marker, ...two(content.length + 2), ...content];
}

function two(number: number): number[] {
  return [number >> 8, number & 255];
}
