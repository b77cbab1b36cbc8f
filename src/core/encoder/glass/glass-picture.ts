import { glassSize, type GlassPicture } from '../../domain/glass/picture';
import type { Size } from '../../domain/model/model';
import type { Resizer } from '../resize/resizer';

/**
 * The picture in which growth and loss are looked for. Takes 0.2 ms for what a model is given.
 *
 * @param resizer - for such pictures alone: it keeps memory for one kind of picture
 * @param pixels - as `Resizer.resize` takes them, of `size`
 * @param source - the size before an earlier resize, whose proportions the result gets
 * @throws RangeError for another number of bytes
 */
export function glassPictureOf(
  resizer: Resizer,
  pixels: Uint8Array | Uint8ClampedArray,
  size: Size,
  source = size,
): GlassPicture {
  const target = glassSize(source);
  return { ...target, data: resizer.resize(pixels, size, target).slice() };
}
