import type { Size } from '../model/model';
import type { GlassPicture } from './picture';

/** Standard deviations of the blurs between which the bands lie, in pixels; the last is the light around. */
const FINEST = 0.7;
const NEAR = 1.5;
const FAR = 3;
const COARSE = 6;
const LIGHT = 12;

const root = (variance: number, pixel: number) => Math.sqrt(variance) / pixel;
/** Standard deviations of the blurs, each in pixels of the picture that it is made on. */
export const BAND_BLURS = {
  finest: FINEST,
  near: root(NEAR ** 2 - FINEST ** 2, 1),
  far: root(FAR ** 2 - NEAR ** 2 - 1 / 4, 2),
  coarse: root(COARSE ** 2 - FAR ** 2, 2),
  light: root(LIGHT ** 2 - COARSE ** 2 - 1, 4),
  yellow: root(FAR ** 2 - 1 / 4, 2),
} as const;

/** Structure of one snapshot, in shares of the light around it, so that exposure and light drop out. */
export interface Bands {
  /** brightness between blurs of 0.7 and 1.5 pixels; height × width */
  readonly finest: Float32Array;
  /** brightness between blurs of 1.5 and 3 pixels; height × width */
  readonly fine: Float32Array;
  /** brightness between blurs of 3 and 6 pixels; of half the height and width */
  readonly coarse: Float32Array;
  /** yellow (red and green against blue) between blurs of 3 and 6 pixels; of half the height and width */
  readonly yellow: Float32Array;
  /** mean brightness, 0..255 */
  readonly brightness: number;
}

export type BandArrays = Omit<Bands, 'brightness'>;

/** @param floats - makes each array */
export function emptyBands(
  { height, width }: Size,
  floats: (length: number) => Float32Array = (length) => new Float32Array(length),
): BandArrays {
  const pixels = height * width;
  return {
    finest: floats(pixels),
    fine: floats(pixels),
    coarse: floats(pixels / 4),
    yellow: floats(pixels / 4),
  };
}

/** @throws RangeError for a picture of another size */
export function refuseOther({ data, height, width }: GlassPicture, size: Size): void {
  if (height === size.height && width === size.width && data.length === 3 * height * width) return;
  throw new RangeError(
    `${height} × ${width} with ${data.length} bytes instead of ${size.height} × ${size.width}`,
  );
}
