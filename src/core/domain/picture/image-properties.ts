import type { Size } from '../model/model';
import type { PictureSums } from './measures';
import { IMAGE_PROPERTIES, type ImageProperties } from './property-table';

/**
 * Describes a picture by a few numbers that a person can check by eye: each row of the table that is measured of it.
 *
 * @param size - of the resized picture
 * @param source - its size before; reported, not used
 * @param sums - of the resized picture
 */
export function imageProperties(
  size: Size,
  source: Size,
  sums: PictureSums,
  table = IMAGE_PROPERTIES,
): ImageProperties {
  const picture = { size, sums };
  const measured = table.map(({ key, measure }) => [key, measure(picture)] as const);
  // The types of the table's rows say the same of what a row is measured by and whether it may be lacking.
  return {
    width: source.width,
    height: source.height,
    ...(Object.fromEntries(measured) as Omit<ImageProperties, 'width' | 'height'>),
  };
}
