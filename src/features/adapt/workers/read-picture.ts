import type { Failure } from '../../../core/domain/errors';
import type { Transform } from '../../../core/domain/model/model';
import type { ImageProperties } from '../../../core/domain/picture/property-table';
import { contentOf } from '../../../core/encoder/content';
import { Preprocessor } from '../../../core/encoder/preprocess';
import { sha256 } from '../../../core/encoder/sha256';

/** A file's picture at the model's size with what a reference says of it, or why there is none. */
export type ReadPicture =
  | {
      readonly ok: true;
      readonly contentSha256: string;
      readonly pixels: Uint8Array<ArrayBuffer>;
      readonly properties: ImageProperties;
      readonly thumbnail: ArrayBuffer;
    }
  | Failure;

let preprocessor: Promise<Preprocessor> | undefined;
let tensor = new Float32Array(0);

/** Reads a file; await each call before the next. */
export async function readPicture(file: File, transform: Transform): Promise<ReadPicture> {
  preprocessor ??= Preprocessor.create();
  const preparer = await preprocessor;
  const bytes = await contentOf(file);
  if (!bytes) return { ok: false, code: 'file-unreadable', detail: '' };
  const { height, width } = transform.resize;
  const length = 3 * height * width;
  if (tensor.length !== length) tensor = new Float32Array(length);
  const contentSha256 = await sha256(bytes);
  const picture = await preparer.prepare(file, bytes, transform, tensor, 0);
  if (!picture.ok) return picture;
  const { properties, thumbnail, resized } = picture;
  const pixels = new Uint8Array(resized);
  return { ok: true, contentSha256, pixels, properties, thumbnail };
}
