import type { CaptureTimeSource } from '../core/domain/camera/time/capture-time';
import { DETAIL } from '../core/domain/detail';
import { ERROR_CODES } from '../core/domain/error-codes';
import type { StatedTime } from '../core/domain/camera/time/capture-time';
import { isoInstant } from '../core/domain/instant';
import { propertiesRow } from '../core/domain/picture/property-table';
import * as kind from '../core/domain/row';
import { isObject, isText, Misfit, type RowOf } from '../core/domain/row';

const place = kind.count();
const nothing = kind.single<null>((value) => value === null);

const FACTS = {
  /** below the folder that was embedded, with forward slashes */
  path: kind.matching(/./su),
  /** bytes of the file */
  bytes: kind.count(),
  image_name: kind.name,
  /** ISO 8601 to the millisecond: in UTC, or as if it were where the file states no zone */
  captured_at: kind.single<string>(isText, (at) => isoInstant(Date.parse(at)) === at),
  captured_at_source: kind.oneOf<CaptureTimeSource>(['file-name', 'exif', 'file-date']),
  /** minutes that the zone of EXIF is ahead of UTC; null if it states none, absent in rows of before it was kept */
  stated_offset: kind.optional(kind.orNull(kind.single<number>(Number.isFinite))),
  /** the file's date, milliseconds since 1970: any moment that a `Date` can hold */
  modified_ms: kind.single<number>(Number.isFinite, (at) => !Number.isNaN(new Date(at).getTime())),
};
const READ_ROW = kind.row({
  ...FACTS,
  content_sha256: kind.sha256,
  properties: propertiesRow(),
  error: nothing,
  /** its row in `embeddings.npy` */
  embedding: place,
  /** its place in `pictures-HEIGHT.npy`, in which growth and loss are looked for */
  picture: kind.row({ height: place, row: place }),
  /** place of its JPEG in `thumbnails.bin`, bytes */
  thumbnail: kind.row({ at: place, bytes: place }),
});
const UNREAD_ROW = kind.row({
  ...FACTS,
  content_sha256: kind.text(),
  properties: nothing,
  error: kind.row({ code: kind.oneOf(ERROR_CODES), detail: DETAIL }),
  embedding: nothing,
  picture: nothing,
  thumbnail: nothing,
});

/** A line of a shard's `rows.jsonl`, where Python reads it too; docs/archive.md describes the files of a shard. */
export type ShardRow = ReadRow | RowOf<typeof UNREAD_ROW>;
/** A snapshot that could be read as a picture. */
export type ReadRow = RowOf<typeof READ_ROW>;
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
  try {
    const row: unknown = JSON.parse(line);
    const isRead = isObject(row) && row['error'] === null;
    return (isRead ? READ_ROW : UNREAD_ROW).taken(row);
  } catch (error) {
    if (error instanceof Misfit) return error.path || 'row';
    if (error instanceof SyntaxError) return 'row';
    throw error;
  }
}
