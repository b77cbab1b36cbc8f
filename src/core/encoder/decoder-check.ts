import type { Transform } from '../domain/model/model';
import { decode } from './decode';
import { readBaselineJpeg } from './resize/jpeg';
import type { Resizer } from './resize/resizer';

/**
 * Run once a worker: true if the resizer's own JPEG decoder gives exactly the browser's bytes.
 *
 * Compares every pixel of a colourful picture of odd size, so that a processor or a compiler with a fault, or a browser
 * that decodes in another way, never gives a camera two kinds of embeddings.
 */
export async function decodesExactly(resizer: Resizer): Promise<boolean> {
  try {
    const bytes = await (await colourfulJpeg()).arrayBuffer();
    const jpeg = readBaselineJpeg(new Uint8Array(bytes));
    if (!jpeg) return false;
    const { width, height } = jpeg;
    const transform: Transform = { resize: { width, height }, mean: [0, 0, 0], std: [1, 1, 1] };
    const tensor = new Float32Array(3 * width * height);
    if (!resizer.decode(jpeg, transform.resize)) return false;
    const own = resizer.finish(transform, tensor, 0).slice();
    const picture = await decode(bytes);
    try {
      resizer.begin(picture, picture.layout, transform.resize);
      await picture.read(0, height, resizer.strip(height));
      resizer.push(height);
    } finally {
      picture.close();
    }
    const browsers = resizer.finish(transform, tensor, 0);
    return own.every((byte, i) => byte === browsers[i]);
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
