import type { Picture } from './decode';
import type { ImageFile } from './image-file';

/** All planes are in memory at once; larger pictures go through strips of pixels. */
const MOST_PIXELS = 16_000_000;
/** libjpeg upsamples narrower pictures in a simpler way. */
const LEAST_SIDE = 16;

/**
 * Decodes a usual camera JPEG to the planes that are in it, leaving colour to src/encoder/resize.
 *
 * The browser then neither upsamples nor converts, which takes it longer than decoding (Chromium 156, 2026-11).
 *
 * @returns null when this file or this browser doesn't give planes, or the file is damaged: try another way
 */
export async function openPlanes(image: ImageFile, bytes: ArrayBuffer): Promise<Picture | null> {
  const { width, height } = image;
  if (!image.isYcc420 || width < LEAST_SIDE || height < LEAST_SIDE || width * height > MOST_PIXELS)
    return null;
  if (typeof ImageDecoder === 'undefined') return null;
  const data = image.plain ? await new Blob([...image.plain]).arrayBuffer() : bytes;
  const decoder = new ImageDecoder({ data, type: 'image/jpeg' });
  let frame: VideoFrame;
  try {
    ({ image: frame } = await decoder.decode());
  } catch {
    return null;
  } finally {
    decoder.close();
  }
  if (frame.format !== 'I420' || frame.codedWidth !== width || frame.codedHeight !== height) {
    frame.close();
    return null;
  }
  const luma = width * height;
  const chromaWidth = Math.ceil(width / 2);
  const chroma = chromaWidth * Math.ceil(height / 2);
  return {
    width,
    height,
    layout: 'I420',
    read: async (_first, _rows, into) => {
      await frame.copyTo(into, {
        layout: [
          { offset: 0, stride: width },
          { offset: luma, stride: chromaWidth },
          { offset: luma + chroma, stride: chromaWidth },
        ],
      });
    },
    close: () => {
      frame.close();
    },
  };
}
