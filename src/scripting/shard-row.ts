import type { CaptureTimeSource } from '../core/domain/camera/job';
import type { Detail } from '../core/domain/detail';
import type { ErrorCode } from '../core/domain/errors';
import type { ImageProperties } from '../core/domain/picture/property-table';

/**
 * What a file says of itself and an encoder of it, without arrays: a line of a shard's `rows.jsonl`, where Python reads
 * it too. docs/archive.md describes the files of a shard.
 */
export interface RowFacts {
  readonly image_name: string;
  /** ISO 8601 in UTC, to the millisecond */
  readonly captured_at: string;
  readonly captured_at_source: CaptureTimeSource;
  readonly content_sha256: string;
  /** the file's date, milliseconds since 1970 */
  readonly modified_ms: number;
  /** null where the file could not be read as a picture */
  readonly properties: ImageProperties | null;
  /** why it could not be; null where it could */
  readonly error: { readonly code: ErrorCode; readonly detail: Detail } | null;
}

/** The same with its place among the shard's files. */
export interface ShardRow extends RowFacts {
  /** below the folder that was embedded, with forward slashes */
  readonly path: string;
  /** bytes of the file */
  readonly bytes: number;
  /** its row in `embeddings.npy`; null where it has none, as have the next two */
  readonly embedding: number | null;
  /** its place in `pictures-HEIGHT.npy`, what growth and loss are looked for in */
  readonly picture: { readonly height: number; readonly row: number } | null;
  /** where its JPEG stands in `thumbnails.bin`, bytes */
  readonly thumbnail: { readonly at: number; readonly bytes: number } | null;
}
