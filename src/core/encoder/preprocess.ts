import type { Detail } from '../domain/detail';
import type { GlassPicture } from '../domain/glass/picture';
import { AppError, type ErrorCode } from '../domain/errors';
import { imageProperties } from '../domain/picture/image-properties';
import type { ImageProperties } from '../domain/picture/property-table';
import type { Size, Transform } from '../domain/model/model';
import { decode } from './decode';
import { GlassShrinker } from './glass-shrinker';
import { planesAreExact } from './planes-check';
import { createResizer, type Resizer } from './resize';
import { ThumbnailMaker } from './thumbnail';

interface NotPrepared {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly detail: Detail;
}

/** A file's picture at the model's size. */
export type Resized =
  | {
      readonly ok: true;
      /** height × width × 3 bytes: red, green, blue; valid until the next call */
      readonly resized: Uint8Array;
      /** how large the picture was before */
      readonly source: Size;
    }
  | NotPrepared;

/** What became of one file. */
export type Prepared =
  | {
      readonly ok: true;
      readonly properties: ImageProperties;
      /** JPEG bytes, longer side 320 pixels */
      readonly thumbnail: ArrayBuffer;
      /** what growth and loss are looked for in */
      readonly glass: GlassPicture;
      /** height × width × 3 bytes: red, green, blue; valid until the next call */
      readonly resized: Uint8Array;
    }
  | NotPrepared;

/**
 * Turns image files into tensors, one at a time: await each call before the next.
 *
 * Decoding the next file meanwhile was tried and gains nothing where two workers share two cores.
 */
export class Preprocessor {
  readonly #resizer: Resizer;
  readonly #thumbnails = new ThumbnailMaker();
  readonly #glass: GlassShrinker;

  readonly #takesPlanes: boolean;

  private constructor(resizer: Resizer, glass: GlassShrinker, takesPlanes: boolean) {
    this.#resizer = resizer;
    this.#glass = glass;
    this.#takesPlanes = takesPlanes;
  }

  static async create(): Promise<Preprocessor> {
    const [resizer, another] = await Promise.all([createResizer(), createResizer()]);
    return new Preprocessor(resizer, new GlassShrinker(another), await planesAreExact(resizer));
  }

  /**
   * Decodes, transforms and describes one snapshot.
   *
   * @param bytes - the content of `file`; not changed
   * @param tensor - receives 3 × height × width float32, channels first, from `offset` on
   * @returns a failure for a file that is not a whole picture; then `tensor` is unchanged
   */
  async prepare(
    file: Blob,
    bytes: ArrayBuffer,
    transform: Transform,
    tensor: Float32Array,
    offset: number,
  ): Promise<Prepared> {
    const result = await this.resize(file, bytes, transform, tensor, offset);
    if (!result.ok) return result;
    const { resized, source } = result;
    return {
      ok: true,
      properties: imageProperties(resized, transform.resize, source),
      // The thumbnail reads it before its first wait.
      glass: this.glassOf(resized, transform.resize, source),
      thumbnail: await this.#thumbnails.make(resized, transform.resize, source),
      resized,
    };
  }

  /** What growth and loss are looked for in, of a picture that a model is given; see {@link GlassShrinker.shrink}. */
  glassOf(resized: Uint8Array, size: Size, source: Size): GlassPicture {
    return this.#glass.shrink(resized, size, source);
  }

  /** Decodes and transforms one picture as `prepare` does, and no more. */
  async resize(
    file: Blob,
    bytes: ArrayBuffer,
    transform: Transform,
    tensor: Float32Array,
    offset: number,
  ): Promise<Resized> {
    try {
      const picture = await decode(file, bytes, this.#takesPlanes);
      try {
        this.#resizer.begin(picture, picture.layout, transform.resize);
        for (let first = 0; first < picture.height;) {
          const rows = Math.min(this.#resizer.stripRows, picture.height - first);
          await picture.read(first, rows, this.#resizer.strip(rows));
          this.#resizer.push(rows);
          first += rows;
        }
        const resized = this.#resizer.finish(transform, tensor, offset);
        return { ok: true, resized, source: { height: picture.height, width: picture.width } };
      } finally {
        picture.close();
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { ok: false, code: error.code, detail: error.detail };
    }
  }
}
