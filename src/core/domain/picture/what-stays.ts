import type { GlassKernels } from '../glass/kernels';
import type { PlacedSnapshot } from '../glass/move';
import { GLASS_WIDTH, type GlassPicture } from '../glass/picture';
import { movedBack } from '../glass/registration';

/** In fewer pictures the middle value is often that of a fish. */
export const LEAST_STAYING = 3;

/**
 * The pixelwise median of pictures of one scene: fish, plankton and light pass, dirt stays.
 *
 * A place counts in the pictures that show it; one that no picture shows is black.
 *
 * @param placed - of one size, which may be any
 * @returns a picture of that size; halves are rounded up
 * @see equals numpy's `nanmedian` (tests/fixtures/what-stays.json)
 */
export function whatStays(
  placed: readonly PlacedSnapshot[],
  kernels: Pick<GlassKernels, 'medians'>,
): GlassPicture {
  const { height, width } = placed[0]!.picture;
  const scaled = (pixels: number) => Math.round((pixels * width) / GLASS_WIDTH);
  const rows = placed.map(({ picture, move }) =>
    movedBack(
      new Float32Array(picture.data),
      // Three numbers a pixel.
      { height, width: 3 * width },
      { down: scaled(move.down), right: 3 * scaled(move.right) },
    ),
  );
  const middle = kernels.medians(rows);
  const data = new Uint8Array(middle.length);
  // As a byte, NaN is 0.
  for (let i = 0; i < middle.length; i++) data[i] = middle[i]! + 0.5;
  return { height, width, data };
}
