import type { Difference } from '../../core/session/pictures/differences';

type Reconstruction = Difference['drawn'];

/** Inferno of matplotlib at eight even steps: brighter is more, for every eye and in grey, as the night theme has it. */
const INFERNO = [
  [0, 0, 4],
  [40, 11, 84],
  [101, 21, 110],
  [159, 42, 99],
  [212, 72, 66],
  [245, 125, 21],
  [250, 193, 39],
  [252, 255, 164],
] as const;

/** The colours of the map as a CSS gradient, for its legend. */
export const HEAT_GRADIENT = `linear-gradient(to right, ${INFERNO.map((color) => `rgb(${color.join(' ')})`).join(', ')})`;

/** Draws where a picture and the model's drawing differ, from black for not at all to `most`. */
export function paintHeat(
  canvas: HTMLCanvasElement,
  { errorMap, height, width }: Reconstruction,
  most: number,
): void {
  canvas.width = width;
  canvas.height = height;
  const colors = table();
  const words = new Uint32Array(errorMap.length);
  for (let i = 0; i < words.length; i++) {
    words[i] = colors[Math.min(255, Math.round((255 * errorMap[i]!) / most))]!;
  }
  const pixels = new ImageData(new Uint8ClampedArray(words.buffer), width, height);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
}

/** 256 colours as the words of an `ImageData`, which every machine that runs browsers keeps with red first. */
function table(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const place = (i / 255) * (INFERNO.length - 1);
    const lower = Math.min(INFERNO.length - 2, Math.floor(place));
    const [red, green, blue] = INFERNO[lower]!.map((from, channel) =>
      Math.round(from + (place - lower) * (INFERNO[lower + 1]![channel]! - from)),
    ) as [number, number, number];
    return 0xff000000 | (blue << 16) | (green << 8) | red;
  });
}
