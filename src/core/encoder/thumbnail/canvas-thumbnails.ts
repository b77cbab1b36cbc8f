import type { Size } from '../../domain/model/model';
import { QUALITY, thumbnailSize, type ThumbnailMaker } from './thumbnail-maker';

/**
 * {@link ThumbnailMaker} by the browser, for those without SIMD. Keeps its canvases: new ones for each picture would double
 * the time.
 */
export class CanvasThumbnails implements ThumbnailMaker {
  #whole = context({ width: 1, height: 1 });
  #small = context({ width: 1, height: 1 });
  #pixels = new ImageData(1, 1);

  async make(resized: Uint8Array, size: Size, source: Size): Promise<ArrayBuffer> {
    if (!sameSize(this.#whole.canvas, size)) {
      this.#whole = context(size);
      this.#pixels = new ImageData(size.width, size.height);
    }
    const target = thumbnailSize(source);
    if (!sameSize(this.#small.canvas, target)) this.#small = context(target);

    const words = new Uint32Array(this.#pixels.data.buffer);
    for (let i = 0, at = 0; i < words.length; i++, at += 3) {
      words[i] = 0xff000000 | (resized[at + 2]! << 16) | (resized[at + 1]! << 8) | resized[at]!;
    }
    this.#whole.putImageData(this.#pixels, 0, 0);
    this.#small.drawImage(this.#whole.canvas, 0, 0, target.width, target.height);
    const blob = await this.#small.canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY / 100 });
    return blob.arrayBuffer();
  }
}

function context({ width, height }: Size): OffscreenCanvasRenderingContext2D {
  const made = new OffscreenCanvas(width, height).getContext('2d', { alpha: false });
  if (!made) throw new Error('no 2d canvas');
  return made;
}

function sameSize(a: Size, b: Size): boolean {
  return a.height === b.height && a.width === b.width;
}
