import type { Size } from '../../domain/model/model';

/** Pixels of the longer side: enough for a list and a chart's tooltip, about 9 kB. */
const LONGEST = 320;
/** Of 100. At 70 its noise hides young growth: on the camera of 2014 drift came 4 to 7 days later in one cycle of three. */
export const QUALITY = 85;

/** Makes small JPEGs. */
export interface ThumbnailMaker {
  /**
   * @param resized - height × width × 3 bytes of `size`: red, green, blue; read before it returns
   * @param source - the size of the picture before it was resized, whose proportions the thumbnail gets
   * @returns a JPEG, longer side 320 pixels
   */
  make(resized: Uint8Array, size: Size, source: Size): Promise<ArrayBuffer>;
}

/** @param source - the size of a file's picture */
export function thumbnailSize(source: Size): Size {
  const shrink = LONGEST / Math.max(source.width, source.height);
  return {
    height: Math.max(1, Math.round(source.height * shrink)),
    width: Math.max(1, Math.round(source.width * shrink)),
  };
}
