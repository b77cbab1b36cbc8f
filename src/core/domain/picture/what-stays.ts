import type { GlassKernels } from '../glass/kernels';
import type { Move } from '../glass/move';
import { GLASS_WIDTH } from '../glass/picture';
import { movedBack } from '../glass/registration';
import type { Size } from '../model/model';

/** In fewer pictures the middle value is often that of a fish. */
export const LEAST_STAYING = 3;

/**
 * The pixelwise median of pictures of one scene: fish, plankton and light pass, dirt stays.
 *
 * A place counts in the pictures that show it; one that no picture shows is black.
 *
 * @param pictures - of this size: red, green and blue bytes, row by row
 * @param moves - how far each shows the scene from its place, in pixels of a picture 192 wide
 * @returns bytes as those of a picture; halves are rounded up
 * @see equals numpy's `nanmedian` (tests/fixtures/what-stays.json)
 */
export function whatStays(
  pictures: readonly Uint8Array[],
  { height, width }: Size,
  moves: readonly Move[],
  kernels: Pick<GlassKernels, 'medians'>,
): Uint8Array {
  const scaled = (pixels: number) => Math.round((pixels * width) / GLASS_WIDTH);
  // Three numbers a pixel.
  const size = { height, width: 3 * width };
  const rows = pictures.map((picture, i) => {
    const move = { down: scaled(moves[i]!.down), right: 3 * scaled(moves[i]!.right) };
    return movedBack(new Float32Array(picture), size, move);
  });
  const middle = kernels.medians(rows);
  const bytes = new Uint8Array(middle.length);
  // As a byte, NaN is 0.
  for (let i = 0; i < middle.length; i++) bytes[i] = middle[i]! + 0.5;
  return bytes;
}
