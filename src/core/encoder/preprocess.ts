import type { Detail } from '../domain/detail';
import { glassSize, type GlassPicture } from '../domain/glass/picture';
import { AppError, type ErrorCode } from '../domain/errors';
import { imageProperties } from '../domain/picture/image-properties';
import type { ImageProperties } from '../domain/picture/property-table';
import type { Size, Transform } from '../domain/model/model';
import { decode } from './decode';
import { decodesExactly } from './decoder-check';
import { readImageFile } from './image-file';
import { readBaselineJpeg } from './resize/jpeg';
import { openWasm } from './open-wasm';
import resizeUrl from './resize/resize.wasm?url';
import { Resizer } from './resize/resizer';
import thumbnailUrl from './thumbnail/thumbnail.wasm?url';
import { ThumbnailMaker } from './thumbnail/thumbnail-maker';

interface NotPrepared {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly detail: Detail;
}

export type ResizedPicture =
  | {
      readonly ok: true;
      /** height × width × 3 bytes: red, green, blue; valid until the next call */
      readonly resized: Uint8Array;
      /** size of the picture before */
      readonly source: Size;
    }
  | NotPrepared;

export type PreparedPicture =
  | {
      readonly ok: true;
      readonly properties: ImageProperties;
      /** JPEG bytes, longer side 320 pixels */
      readonly thumbnail: ArrayBuffer;
      /** the thumbnail as growth and loss look at it */
      readonly glass: GlassPicture;
      /** height × width × 3 bytes: red, green, blue; valid until the next call */
      readonly resized: Uint8Array;
    }
  | NotPrepared;

/**
 * Turns image files into tensors, one at a time: await each call before the next.
 *
 * Decoding the next file meanwhile was tried and gains nothing if two workers share two cores.
 */
export class Preprocessor {
  readonly #resizer: Resizer;
  readonly #thumbnails: ThumbnailMaker;
  /** for thumbnails alone: a resizer keeps memory for one kind of picture */
  readonly #thumbnailResizer: Resizer;
  readonly #decodesJpeg: boolean;

  private constructor(
    resizer: Resizer,
    thumbnails: ThumbnailMaker,
    thumbnailResizer: Resizer,
    decodesJpeg: boolean,
  ) {
    this.#resizer = resizer;
    this.#thumbnails = thumbnails;
    this.#thumbnailResizer = thumbnailResizer;
    this.#decodesJpeg = decodesJpeg;
  }

  static async create(): Promise<Preprocessor> {
    const opening = [openWasm(resizeUrl), openWasm(thumbnailUrl)] as const;
    const [resize, thumbnail] = await Promise.all(opening);
    const resizer = new Resizer(resize);
    return new Preprocessor(
      resizer,
      new ThumbnailMaker(thumbnail),
      new Resizer(resize),
      await decodesExactly(resizer),
    );
  }

  /**
   * Decodes, transforms and describes one snapshot.
   *
   * @param bytes - the content of its file; not changed
   * @param tensor - receives 3 × height × width float32, channels first, from `offset` on
   * @returns a failure for a file that is not a whole picture; then `tensor` is unchanged
   */
  async prepare(
    bytes: ArrayBuffer,
    transform: Transform,
    tensor: Float32Array,
    offset: number,
  ): Promise<PreparedPicture> {
    const result = await this.resize(bytes, transform, tensor, offset);
    if (!result.ok) return result;
    const { resized, source } = result;
    const thumbnail = this.#thumbnails.make(resized, transform.resize, source);
    return {
      ok: true,
      properties: imageProperties(transform.resize, source, this.#resizer.sums()),
      thumbnail,
      glass: await this.shrink(thumbnail, glassSize),
      resized,
    };
  }

  /**
   * A picture at the size that `sizeOf` gives, and not changed otherwise.
   *
   * @param bytes - the content of an image file
   * @throws AppError if it is not a complete picture
   */
  async shrink(bytes: ArrayBuffer, sizeOf: (source: Size) => Size): Promise<GlassPicture> {
    const target = sizeOf(readImageFile(bytes));
    const resizer = this.#thumbnailResizer;
    await this.#read(resizer, bytes, target);
    return { ...target, data: resizer.finishBytes().slice() };
  }

  /** @returns JPEG bytes, longer side 320 pixels */
  thumbnailOf({ data, ...size }: GlassPicture): ArrayBuffer {
    return this.#thumbnails.make(data, size, size);
  }

  /** Decodes and transforms one picture as `prepare` does, and no more. */
  async resize(
    bytes: ArrayBuffer,
    transform: Transform,
    tensor: Float32Array,
    offset: number,
  ): Promise<ResizedPicture> {
    try {
      const source = await this.#read(this.#resizer, bytes, transform.resize);
      return { ok: true, resized: this.#resizer.finish(transform, tensor, offset), source };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { ok: false, code: error.code, detail: error.detail };
    }
  }

  /** @returns its size before; the resizer has still to finish it */
  async #read(resizer: Resizer, bytes: ArrayBuffer, target: Size): Promise<Size> {
    return this.#decodeJpeg(resizer, bytes, target) ?? this.#decode(resizer, bytes, target);
  }

  /** @returns null for a file that must be decoded in the general way */
  #decodeJpeg(resizer: Resizer, bytes: ArrayBuffer, target: Size): Size | null {
    if (!this.#decodesJpeg || !readImageFile(bytes).isYccJpeg) return null;
    const jpeg = readBaselineJpeg(new Uint8Array(bytes));
    return jpeg && resizer.decode(jpeg, target) ? { height: jpeg.height, width: jpeg.width } : null;
  }

  async #decode(resizer: Resizer, bytes: ArrayBuffer, target: Size): Promise<Size> {
    const picture = await decode(bytes);
    try {
      resizer.begin(picture, picture.layout, target);
      for (let first = 0; first < picture.height;) {
        const rows = Math.min(resizer.stripRows, picture.height - first);
        await picture.read(first, rows, resizer.strip(rows));
        resizer.push(rows);
        first += rows;
      }
      return { height: picture.height, width: picture.width };
    } finally {
      picture.close();
    }
  }
}
