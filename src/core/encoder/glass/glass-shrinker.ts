import { glassSize, type GlassPicture } from '../../domain/glass/picture';
import type { Size } from '../../domain/model/model';
import type { Resizer } from '../resize/resizer';

/** Shrinks pictures that a model has been given to what growth and loss are looked for in: 0.2 ms. */
export class GlassShrinker {
  readonly #resizer: Resizer;
  #tensor = new Float32Array(0);

  /** @param resizer - for it alone: a resizer keeps what one kind of picture needs */
  constructor(resizer: Resizer) {
    this.#resizer = resizer;
  }

  /**
   * @param resized - height × width × 3 bytes of `size`: red, green, blue; not changed
   * @param source - the size of the picture before it was resized, whose proportions the result gets
   */
  shrink(resized: Uint8Array, size: Size, source: Size): GlassPicture {
    const target = glassSize(source);
    const resizer = this.#resizer;
    const row = 3 * size.width;
    resizer.begin(size, 'RGB', target);
    for (let first = 0; first < size.height;) {
      const rows = Math.min(resizer.stripRows, size.height - first);
      resizer.strip(rows).set(resized.subarray(first * row, (first + rows) * row));
      resizer.push(rows);
      first += rows;
    }
    const numbers = 3 * target.height * target.width;
    if (this.#tensor.length < numbers) this.#tensor = new Float32Array(numbers);
    const transform = { resize: target, mean: [0, 0, 0], std: [1, 1, 1] } as const;
    return { ...target, data: resizer.finish(transform, this.#tensor, 0).slice() };
  }
}
