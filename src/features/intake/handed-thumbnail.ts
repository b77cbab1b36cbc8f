import { readImageFile } from '../../core/encoder/image-file';
import type { AsideFile } from './put-aside';

/** A picture of more bytes or pixels is only named: the browser decodes all of it for a thumbnail. */
const MOST_BYTES = 30 * 2 ** 20;
const MOST_PIXELS = 50_000_000;

/** The address of a file's picture, until it is revoked; null for what is no picture, or too large to be drawn safely. */
export async function thumbnailAddress(file: AsideFile): Promise<string | null> {
  if (file.size > MOST_BYTES) return null;
  try {
    const bytes = await (await file.open()).arrayBuffer();
    const { type, width, height } = readImageFile(bytes);
    // What the content is says the type, not what came with it: a document would be drawn too.
    return width * height > MOST_PIXELS
      ? null
      : URL.createObjectURL(new Blob([bytes], { type: `image/${type}` }));
  } catch {
    return null;
  }
}
