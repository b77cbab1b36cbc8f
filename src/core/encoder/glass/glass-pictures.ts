import type { GlassPicture } from '../../domain/glass/picture';
import type { Size } from '../../domain/model/model';
import { Preprocessor } from '../preprocess';

/** Thumbnails as `Glass` takes them, the same as when their snapshots were encoded. */
export class GlassPictures {
  readonly #preprocessor: Preprocessor;

  private constructor(preprocessor: Preprocessor) {
    this.#preprocessor = preprocessor;
  }

  static async create(): Promise<GlassPictures> {
    return new GlassPictures(await Preprocessor.create());
  }

  /** A snapshot or a JPEG thumbnail at the size that `sizeOf` gives. @throws AppError when it is no whole picture */
  async read(source: Blob | ArrayBuffer, sizeOf: (source: Size) => Size): Promise<GlassPicture> {
    const bytes = source instanceof ArrayBuffer ? source : await source.arrayBuffer();
    return this.#preprocessor.shrink(bytes, sizeOf);
  }

  /** @returns a JPEG, longer side 320 pixels */
  write(picture: GlassPicture): ArrayBuffer {
    return this.#preprocessor.thumbnailOf(picture);
  }
}
