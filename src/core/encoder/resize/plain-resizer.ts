import type { Size, Transform } from '../../domain/model/model';
import { resizeBilinear, toTensor } from '../../domain/model/transform';
import { sumsOf, type PictureSums } from '../../domain/picture/measures';
import { stripRowsOf, type PixelLayout, type Resizer } from './resizer';

/** {@link Resizer} in TypeScript, for browsers without SIMD. */
export class PlainResizer implements Resizer {
  #source: Size = { height: 0, width: 0 };
  #target: Size = { height: 0, width: 0 };
  #layout: PixelLayout = 'RGBX';
  #pixels = new Uint8Array(0);
  #strip = new Uint8Array(0);
  #row = 0;
  #resized: Uint8Array = new Uint8Array(0);

  decode(): boolean {
    return false;
  }

  get stripRows(): number {
    return stripRowsOf(this.#source);
  }

  begin(source: Size, layout: PixelLayout, target: Size): void {
    const bytes = source.height * source.width * 4;
    if (this.#pixels.length !== bytes) this.#pixels = new Uint8Array(bytes);
    this.#source = source;
    this.#target = target;
    this.#layout = layout;
    this.#row = 0;
  }

  strip(rows: number): Uint8Array<ArrayBuffer> {
    const { width } = this.#source;
    if (this.#layout === 'RGB') return (this.#strip = new Uint8Array(rows * width * 3));
    return this.#pixels.subarray(this.#row * width * 4, (this.#row + rows) * width * 4);
  }

  push(rows: number): void {
    if (this.#layout === 'RGB') {
      const pixels = this.#pixels.subarray(this.#row * this.#source.width * 4);
      for (let i = 0, at = 0; i < this.#strip.length; i += 3, at += 4) {
        for (let channel = 0; channel < 3; channel++) pixels[at + channel] = this.#strip[i + channel]!;
      }
    }
    this.#row += rows;
  }

  finish(transform: Transform, tensor: Float32Array, offset: number): Uint8Array {
    if (this.#row !== this.#source.height)
      throw new Error(`${this.#row} of ${this.#source.height} rows were pushed`);
    const resized = resizeBilinear({ ...this.#source, data: this.#pixels }, this.#target);
    if (this.#layout === 'BGRX') {
      for (let i = 0; i < resized.length; i += 3) {
        const blue = resized[i]!;
        resized[i] = resized[i + 2]!;
        resized[i + 2] = blue;
      }
    }
    toTensor(resized, transform, tensor, offset);
    this.#resized = resized;
    return resized;
  }

  sums(): PictureSums {
    return sumsOf(this.#resized, this.#target);
  }
}
