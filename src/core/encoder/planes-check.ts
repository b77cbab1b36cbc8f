import type { Transform } from '../domain/model/model';
import { decode } from './decode';
import { readImageFile } from './image-file';
import type { Resizer } from './resize';

/**
 * Asked once a worker: whether a JPEG's planes give the very bytes that the browser's own conversion gives.
 *
 * Compares every pixel of a colourful picture of odd size, so that a browser which counts its planes differently, or
 * upsamples in another way, never gets to use them.
 */
export async function planesAreExact(resizer: Resizer): Promise<boolean> {
  if (!resizer.takesPlanes || typeof ImageDecoder === 'undefined') return false;
  try {
    const file = await colourfulJpeg();
    const bytes = await file.arrayBuffer();
    const { width, height } = readImageFile(bytes);
    const transform: Transform = { resize: { width, height }, mean: [0, 0, 0], std: [1, 1, 1] };
    const results: Uint8Array[] = [];
    for (const takesPlanes of [true, false]) {
      const picture = await decode(file, bytes, takesPlanes);
      try {
        if ((picture.layout === 'I420') !== takesPlanes) return false;
        resizer.begin(picture, picture.layout, transform.resize);
        await picture.read(0, height, resizer.strip(height));
        resizer.push(height);
        results.push(resizer.finish(transform, new Float32Array(3 * width * height), 0).slice());
      } finally {
        picture.close();
      }
    }
    const [own, browsers] = results;
    return own!.every((byte, i) => byte === browsers![i]);
  } catch {
    return false;
  }
}

async function colourfulJpeg(): Promise<Blob> {
  const picture = new ImageData(83, 45);
  for (let i = 0; i < picture.data.length; i++)
    picture.data[i] = i % 4 === 3 ? 255 : Math.imul(i >> 3, 2654435761) >>> 24;
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
}
