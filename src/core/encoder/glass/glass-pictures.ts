import { AppError } from '../../domain/errors';
import { glassSize, type GlassPicture } from '../../domain/glass/picture';
import { readImageFile } from '../image-file';
import { Preprocessor } from '../preprocess';

/**
 * Thumbnails as `Glass` takes them: for what was stored before growth and loss were looked for, and for a reference of
 * jobs. A fit and sights of one kind do well through those of the other (docs/glass.md).
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

  /** A JPEG thumbnail, not changed, as a picture 192 pixels wide. @throws AppError when it is no whole picture */
  async read(thumbnail: ArrayBuffer): Promise<GlassPicture> {
    const resize = glassSize(readImageFile(thumbnail));
    const transform = { resize, mean: [0, 0, 0], std: [1, 1, 1] } as const;
    const numbers = 3 * resize.height * resize.width;
    if (this.#tensor.length < numbers) this.#tensor = new Float32Array(numbers);
    const file = new Blob([thumbnail], { type: 'image/jpeg' });
    const result = await this.#preprocessor.resize(file, thumbnail, transform, this.#tensor, 0);
    if (!result.ok) throw new AppError(result.code, result.detail);
    return { ...resize, data: result.resized.slice() };
  }
}
