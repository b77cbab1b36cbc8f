import type { ArchivedContent } from './archive-judge';
import { npyBody } from '../core/domain/files/npy';
import { GLASS_WIDTH, type GlassPicture } from '../core/domain/glass/picture';
import { EncodedFile } from '../core/encoder/encoded-file';
import { shardRowIn, statedIn, type ReadRow, type RowFault, type ShardRow } from './shard-row';

/** An `.npy` header of version 1.0 is mostly 128 bytes long, and never longer than this. */
const LONGEST_HEADER = 2 ** 16;
/** A slice of a file takes the browser half a millisecond, however long it is. 1 MB. */
const ROWS_AT_ONCE = 16;

/** A snapshot of an archive. */
interface Place {
  readonly row: ShardRow;
  readonly shard: Shard;
}

/** One shard, as `npm run embed` left it: rows and embeddings are held, pictures are read when they are needed. */
export class Shard {
  readonly rows: ShardRow[] = [];
  readonly #embeddings: { readonly values: Float32Array; readonly length: number };
  readonly #pictures: ReadonlyMap<number, Pictures>;
  readonly #thumbnails: File;

  private constructor(
    embeddings: { readonly values: Float32Array; readonly length: number },
    pictures: ReadonlyMap<number, Pictures>,
    thumbnails: File,
  ) {
    this.#embeddings = embeddings;
    this.#pictures = pictures;
    this.#thumbnails = thumbnails;
  }

  /** @returns its first row that can't be used, if there is one. @throws AppError `npy-format` for a file that is no array */
  static async open(files: readonly File[]): Promise<Shard | RowFault> {
    // The command has looked that they are there.
    const named = (name: string) => files.find((file) => file.name === name)!;
    const embeddings = named('embeddings.npy');
    const { from, shape } = npyBody(await head(embeddings), '<f4');
    const values = new Float32Array(await embeddings.slice(from).arrayBuffer());
    const pictures = new Map<number, Pictures>();
    for (const file of files) {
      const height = Number(/^pictures-(\d+)\.npy$/.exec(file.name)?.[1]);
      if (!Number.isNaN(height)) {
        pictures.set(height, new Pictures(file, height, npyBody(await head(file), '|u1').from));
      }
    }
    const shard = new Shard({ values, length: shape[1] ?? 0 }, pictures, named('thumbnails.bin'));
    for await (const line of linesOf(named('rows.jsonl'))) {
      const row = shardRowIn(line);
      const field = typeof row === 'string' ? row : shard.#take(row);
      if (field !== null) return { line: shard.rows.length + 1, field };
    }
    return shard;
  }

  /** The content of a snapshot that could be read. The embedding is the shard's own memory. */
  partsOf({ properties, embedding, picture }: ReadRow) {
    const { values, length } = this.#embeddings;
    return {
      embedding: values.subarray(embedding * length, (embedding + 1) * length),
      properties,
      pictures: this.#pictures.get(picture.height)!,
      at: picture.row,
    };
  }

  /** One of its snapshots as a file that the page takes. */
  fileOf(row: ShardRow): EncodedFile {
    return new EncodedFile(row.path.slice(row.path.lastIndexOf('/') + 1), {
      lastModified: row.modified_ms,
      stated: statedIn(row),
      contentSha256: row.content_sha256,
      read: async () => {
        const contentSha256 = row.content_sha256;
        if (row.error) return { ok: false, contentSha256, ...row.error };
        const { embedding, properties, pictures, at } = this.partsOf(row);
        const { at: from, bytes } = row.thumbnail;
        const part = this.#thumbnails.slice(from, from + bytes);
        const [glass, thumbnail] = await Promise.all([pictures.read(at), part.arrayBuffer()]);
        // Storing or posting takes the whole buffer along.
        return { ok: true, contentSha256, embedding: embedding.slice(), properties, glass, thumbnail };
      },
    });
  }

  /** @returns the field that the shard's files have nothing for; null if the row was taken */
  #take(row: ShardRow): string | null {
    if (row.error === null) {
      const { embedding, picture, thumbnail } = row;
      const { values, length } = this.#embeddings;
      if ((embedding + 1) * length > values.length) return 'embedding';
      if (!this.#pictures.get(picture.height)?.has(picture.row)) return 'picture';
      if (thumbnail.at + thumbnail.bytes > this.#thumbnails.size) return 'thumbnail';
    }
    this.rows.push(row);
    return null;
  }
}

/**
 * Reads snapshots of any shards. Pictures that follow each other in their file, as in an archive whose names tell the
 * time, are read many at once.
 *
 * @param into - is read into where it is large enough, and can't be used afterwards, nor what was read into it before:
 *   new memory each time would be hundreds of megabytes until Chromium collects garbage
 * @returns `contents`, null for a snapshot that could not be read, and the buffer that has their pictures
 */
export async function readTogether(places: readonly Place[], into: ArrayBuffer) {
  const found = places.map(({ row, shard }) => (row.error ? null : shard.partsOf(row)));
  const rows = new Map<Pictures, number[]>();
  let size = 0;
  for (const parts of found) {
    if (!parts) continue;
    rows.set(parts.pictures, [...(rows.get(parts.pictures) ?? []), parts.at]);
    size += parts.pictures.size;
  }
  let buffer = into.byteLength >= size ? into : new ArrayBuffer(size);
  const starts = new Map<Pictures, Map<number, number>>();
  let end = 0;
  for (const [pictures, asked] of rows) {
    const own = new Map<number, number>();
    starts.set(pictures, own);
    for (const { first, count } of runsOf(asked)) {
      buffer = await pictures.readInto(buffer, end, first, count);
      for (let i = 0; i < count; i += 1) own.set(first + i, end + i * pictures.size);
      end += count * pictures.size;
    }
  }
  const contents = found.map((parts): ArchivedContent | null => {
    if (!parts) return null;
    const { embedding, properties, pictures, at } = parts;
    return { embedding, properties, glass: pictures.in(buffer, starts.get(pictures)!.get(at)!) };
  });
  return { contents, buffer };
}

/** @returns stretches of rows that follow each other, each of at most `ROWS_AT_ONCE` */
function runsOf(rows: readonly number[]): { readonly first: number; readonly count: number }[] {
  const runs: { readonly first: number; count: number }[] = [];
  for (const row of [...new Set(rows)].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && row === run.first + run.count && run.count < ROWS_AT_ONCE) run.count += 1;
    else runs.push({ first: row, count: 1 });
  }
  return runs;
}

/** `pictures-HEIGHT.npy`, read in pieces: all of it is gigabytes. */
class Pictures {
  readonly #file: File;
  readonly #height: number;
  /** start of its values, bytes */
  readonly #from: number;

  constructor(file: File, height: number, from: number) {
    this.#file = file;
    this.#height = height;
    this.#from = from;
  }

  /** Bytes of one. */
  get size(): number {
    return 3 * this.#height * GLASS_WIDTH;
  }

  /** A picture that was read into a buffer. */
  in(buffer: ArrayBuffer, start: number): GlassPicture {
    return { height: this.#height, width: GLASS_WIDTH, data: new Uint8Array(buffer, start, this.size) };
  }

  /** True if the file is long enough for a row. */
  has(row: number): boolean {
    return this.#from + (row + 1) * this.size <= this.#file.size;
  }

  async read(row: number): Promise<GlassPicture> {
    return this.in(await this.readInto(new ArrayBuffer(this.size), 0, row, 1), 0);
  }

  /**
   * Reads rows that follow each other.
   *
   * @param buffer - is taken over
   * @param start - where in it the first begins, bytes
   * @returns the buffer that has it all
   */
  async readInto(buffer: ArrayBuffer, start: number, first: number, count: number): Promise<ArrayBuffer> {
    const from = this.#from + first * this.size;
    const part = this.#file.slice(from, from + count * this.size);
    const reader = part.stream().getReader({ mode: 'byob' });
    const end = start + count * this.size;
    for (let at = start; at < end;) {
      const { value } = await reader.read(new Uint8Array(buffer, at, end - at));
      if (!value?.length) throw new Error(`${this.#file.name} is too short`);
      buffer = value.buffer;
      at += value.length;
    }
    return buffer;
  }
}

async function* linesOf(file: File): AsyncGenerator<string> {
  let rest = '';
  for await (const part of file.stream().pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

async function head(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, LONGEST_HEADER).arrayBuffer());
}
