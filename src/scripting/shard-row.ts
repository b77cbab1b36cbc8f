import * as v from 'valibot';
import type { CaptureTimeSource } from '../core/domain/camera/job';
import { isDetail, type Detail } from '../core/domain/detail';
import { ERROR_CODES } from '../core/domain/error-codes';
import { propertiesSchema } from '../core/domain/files/bundle';
import type { StatedTime } from '../core/domain/camera/time/capture-time';
import { plainName } from '../core/domain/files/plain-name';
import { isoInstant } from '../core/domain/instant';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const facts = {
  /** below the folder that was embedded, with forward slashes */
  path: v.pipe(v.string(), v.nonEmpty()),
  /** bytes of the file */
  bytes: count,
  image_name: v.pipe(v.string(), v.transform(plainName)),
  /** ISO 8601 to the millisecond: in UTC, or as if it were where the file states no zone */
  captured_at: v.pipe(
    v.string(),
    v.check((at) => isoInstant(Date.parse(at)) === at),
  ),
  captured_at_source: v.picklist(['file-name', 'exif', 'file-date'] satisfies CaptureTimeSource[]),
  /** minutes that the zone of EXIF is ahead of UTC; null if it states none, absent in rows of before it was kept */
  stated_offset: v.exactOptional(v.nullable(v.number())),
  /** the file's date, milliseconds since 1970: any moment that a `Date` can hold */
  modified_ms: v.pipe(
    v.number(),
    v.check((at) => !Number.isNaN(new Date(at).getTime())),
  ),
};
const readRow = v.object({
  ...facts,
  content_sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  properties: propertiesSchema(),
  error: v.null(),
  /** its row in `embeddings.npy` */
  embedding: count,
  /** its place in `pictures-HEIGHT.npy`, in which growth and loss are looked for */
  picture: v.object({ height: count, row: count }),
  /** place of its JPEG in `thumbnails.bin`, bytes */
  thumbnail: v.object({ at: count, bytes: count }),
});
const unreadRow = v.object({
  ...facts,
  content_sha256: v.string(),
  properties: v.null(),
  error: v.object({ code: v.picklist(ERROR_CODES), detail: v.custom<Detail>(isDetail) }),
  embedding: v.null(),
  picture: v.null(),
  thumbnail: v.null(),
});

/** A line of a shard's `rows.jsonl`, where Python reads it too; docs/archive.md describes the files of a shard. */
export type ShardRow = ReadRow | v.InferOutput<typeof unreadRow>;
/** A snapshot that could be read as a picture. */
export type ReadRow = v.InferOutput<typeof readRow>;
/** The part of a row that an encoder and the file say, without places in the shard. */
export type RowFacts = Omit<ShardRow, 'path' | 'bytes' | 'embedding' | 'picture' | 'thumbnail'>;

/** The capture time that the file of a row states. */
export function statedIn({ captured_at, captured_at_source, stated_offset }: ShardRow): StatedTime {
  return {
    at: Date.parse(captured_at),
    source: captured_at_source,
    ...(stated_offset !== undefined && { offset: stated_offset }),
  };
}

/** A line of `rows.jsonl` that can't be used, from 1, and its first field that is wrong: `row` for no row at all. */
export interface RowFault {
  readonly line: number;
  readonly field: string;
}

/** Reads a line of `rows.jsonl`. @returns the first field that is wrong, where it can't be used */
export function shardRowIn(line: string): ShardRow | RowFault['field'] {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    return 'row';
  }
  const isRead = typeof row === 'object' && row !== null && 'error' in row && row.error === null;
  const result = v.safeParse(isRead ? readRow : unreadRow, row, { abortEarly: true });
  return result.success ? result.output : (v.getDotPath(result.issues[0]) ?? 'row');
}
