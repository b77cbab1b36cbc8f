import type { ArchivedContent } from '../core/domain/camera/archive-judge';
import { npyBody } from '../core/domain/files/npy';
import { GLASS_WIDTH, type GlassPicture } from '../core/domain/glass/picture';
import { EncodedFile } from '../core/encoder/encoded-file';
import type { ShardRow } from './shard-row';

/** An `.npy` header of version 1.0 is mostly 128 bytes long, and never longer than this. */
const LONGEST_HEADER = 2 ** 16;
/** A slice of a file takes the browser half a millisecond, however long it is. 1 MB. */
const ROWS_AT_ONCE = 16;

/** One shard, as `npm run embed` left it: rows and embeddings are held, pictures are read when they are needed. */
export class Shard {
  readonly rows: readonly ShardRow[];
  readonly #embeddings: Float32Array;
  readonly #length: number;
  readonly #pictures: ReadonlyMap<number, Pictures>;
  readonly #thumbnails: File;

  private constructor(
    rows: readonly ShardRow[],
    embeddings: { readonly values: Float32Array; readonly length: number },
    pictures: ReadonlyMap<number, Pictures>,
    thumbnails: File,
  ) {
    this.rows = rows;
    this.#embeddings = embeddings.values;
    this.#length = embeddings.length;
    this.#pictures = pictures;
    this.#thumbnails = thumbnails;
  }

  /** @throws Error when a file is missing, AppError `npy-format` when one is no array */
  static async open(files: readonly File[]): Promise<Shard> {
    const named = (name: string): File => {
      const found = files.find((file) => file.name === name);
      if (!found) throw new Error(`there is no ${name}`);
      return found;
    };
    const embeddings = named('embeddings.npy');
    const { from, shape } = npyBody(await head(embeddings), '<f4');
    const values = new Float32Array(await embeddings.slice(from).arrayBuffer());
    const pictures = new Map<number, Pictures>();
    for (const file of files) {
      const height = Number(/^pictures-(\d+)\.npy$/.exec(file.name)?.[1]);
      if (!Number.isNaN(height)) pictures.set(height, await Pictures.open(file, height));
    }
    const rows: ShardRow[] = [];
    for await (const line of linesOf(named('rows.jsonl'))) rows.push(JSON.parse(line) as ShardRow);
    return new Shard(rows, { values, length: shape[1] ?? 0 }, pictures, named('thumbnails.bin'));
  }

  /** What an encoder made of one of its snapshots; null for one that could not be read. */
  async contentOf({
    path,
    error,
    embedding,
    picture,
    properties,
  }: ShardRow): Promise<ArchivedContent | null> {
    if (error) return null;
    if (!properties || embedding === null || !picture)
      throw new Error(`${path} lacks what its line does not`);
    return {
      embedding: this.#embeddings.slice(embedding * this.#length, (embedding + 1) * this.#length),
      properties,
      glass: await this.#pictures.get(picture.height)!.row(picture.row),
    };
  }

  /** One of its snapshots as a file that the page takes. */
  fileOf(row: ShardRow): EncodedFile {
    return new EncodedFile(row.path.slice(row.path.lastIndexOf('/') + 1), {
      lastModified: row.modified_ms,
      stated: { at: Date.parse(row.captured_at), source: row.captured_at_source },
      contentSha256: row.content_sha256,
      read: async () => {
        const contentSha256 = row.content_sha256;
        if (row.error) return { ok: false, contentSha256, ...row.error };
        const [content, thumbnail] = await Promise.all([this.contentOf(row), this.#thumbnailOf(row)]);
        return { ok: true, contentSha256, ...content!, thumbnail };
      },
    });
  }

  async #thumbnailOf({ path, thumbnail }: ShardRow): Promise<ArrayBuffer> {
    if (!thumbnail) throw new Error(`${path} lacks what its line does not`);
    return this.#thumbnails.slice(thumbnail.at, thumbnail.at + thumbnail.bytes).arrayBuffer();
  }
}

/** `pictures-HEIGHT.npy`, read in pieces: all of it is gigabytes. */
class Pictures {
  readonly #file: File;
  readonly #height: number;
  /** where its values begin, bytes */
  readonly #from: number;
  /** the rows that were read last */
  #known: { readonly first: number; readonly count: number; readonly bytes: Promise<ArrayBuffer> } | null =
    null;
  #lastRow = -1;

  private constructor(file: File, height: number, from: number) {
    this.#file = file;
    this.#height = height;
    this.#from = from;
  }

  static async open(file: File, height: number): Promise<Pictures> {
    return new Pictures(file, height, npyBody(await head(file), '|u1').from);
  }

  /** Rows that are asked for in a row, as in an archive whose names tell the time, are read many at once. */
  async row(row: number): Promise<GlassPicture> {
    const [height, width] = [this.#height, GLASS_WIDTH];
    const size = 3 * height * width;
    const isNext = row === this.#lastRow + 1;
    this.#lastRow = row;
    let known = this.#known;
    if (!known || row < known.first || row >= known.first + known.count) {
      const count = isNext ? ROWS_AT_ONCE : 1;
      const from = this.#from + row * size;
      known = { first: row, count, bytes: this.#file.slice(from, from + count * size).arrayBuffer() };
      this.#known = known;
    }
    const from = (row - known.first) * size;
    const data = new Uint8Array(await known.bytes).subarray(from, from + size);
    if (data.length !== size) throw new Error(`${this.#file.name} is too short`);
    return { height, width, data };
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
