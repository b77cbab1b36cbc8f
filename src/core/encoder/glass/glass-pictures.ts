import { AppError } from '../../domain/errors';
import type { GlassPicture } from '../../domain/glass/picture';
import type { Size, Transform } from '../../domain/model/model';
import { readImageFile } from '../image-file';
import type { GlassFile } from './glass-api';
import { Preprocessor } from '../preprocess';

/**
 * Thumbnails as `Glass` takes them: for snapshots stored before growth and loss existed, and for a reference of jobs. A
 * fit and sights of one kind do well through those of the other (docs/glass.md).
 */
export class GlassPictures {
  readonly #preprocessor: Preprocessor;
  #tensor = new Float32Array(0);

  private constructor(preprocessor: Preprocessor) {
    this.#preprocessor = preprocessor;
  }

  static async create(): Promise<GlassPictures> {
    return new GlassPictures(await Preprocessor.create());
  }

  /** A snapshot's own file as an encoder would give it. @throws AppError when it is no whole picture */
  async readFile({ file, transform }: GlassFile): Promise<GlassPicture> {
    const { resize } = transform;
    const result = await this.#resized(file, await file.arrayBuffer(), transform);
    return this.#preprocessor.glassOf(result.resized, resize, result.source);
  }

  /** A snapshot or a JPEG thumbnail, not changed, at the size that `sizeOf` gives. @throws AppError when it is no whole picture */
  async read(source: Blob | ArrayBuffer, sizeOf: (source: Size) => Size): Promise<GlassPicture> {
    const isThumbnail = source instanceof ArrayBuffer;
    const file = isThumbnail ? new Blob([source], { type: 'image/jpeg' }) : source;
    const bytes = isThumbnail ? source : await source.arrayBuffer();
    const resize = sizeOf(readImageFile(bytes));
    const { resized } = await this.#resized(file, bytes, { resize, mean: [0, 0, 0], std: [1, 1, 1] });
    return { ...resize, data: resized.slice() };
  }

  /** @returns a JPEG, longer side 320 pixels */
  write(picture: GlassPicture): ArrayBuffer {
    return this.#preprocessor.thumbnailOf(picture);
  }

  async #resized(file: Blob, bytes: ArrayBuffer, transform: Transform) {
    const numbers = 3 * transform.resize.height * transform.resize.width;
    if (this.#tensor.length < numbers) this.#tensor = new Float32Array(numbers);
    const result = await this.#preprocessor.resize(file, bytes, transform, this.#tensor, 0);
    if (!result.ok) throw new AppError(result.code, result.detail);
    return result;
  }
}
