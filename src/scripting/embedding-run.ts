import { isoInstant } from '../core/domain/instant';
import { imageNameOf } from '../core/domain/camera/time/capture-time';
import { GLASS_VERSION } from '../core/domain/glass/glass-facts';
import type { Transform } from '../core/domain/model/model';
import type { EncodeResult } from '../core/encoder/encoder-api';
import { EncoderPool } from '../core/encoder/pool';
import { statedTimeOf } from '../core/session/scoring/capture-order';
import { sortFiles } from '../core/session/intake';
import type { Models } from '../core/session/models.svelte';
import type { RowFacts } from './shard-row';

/** The facts that decide a snapshot's embedding and picture. */
export interface EmbeddedWith {
  readonly porthole: string;
  readonly model: { readonly id: string; readonly sha256: string };
  readonly transform: Transform;
  readonly embedding_length: number;
  /** of the method that growth and loss are looked for by */
  readonly glass: number;
}

/** Some snapshots, in the order in which they were given. */
export interface EmbeddedPart {
  /** `index` among the files that were given; a file that is no snapshot has none */
  readonly rows: readonly (RowFacts & {
    readonly index: number;
    /** height of its picture, and bytes of its thumbnail; null if it could not be read */
    readonly sizes: { readonly height: number; readonly thumbnail: number } | null;
  })[];
  /** of those that could be read: float32 embeddings, RGB pictures and JPEG thumbnails end to end, as base64 */
  readonly embeddings: string;
  readonly pictures: string;
  readonly thumbnails: string;
}

/** Encodes snapshots without a camera, a part at a time: who asks for parts slowly makes it wait. */
export class EmbeddingRun {
  readonly with: EmbeddedWith;
  readonly #pool: EncoderPool;

  private constructor(pool: EncoderPool, embeddedWith: EmbeddedWith) {
    this.#pool = pool;
    this.with = embeddedWith;
  }

  /**
   * Opens a model in encoder workers of its own.
   *
   * @param workers - how many; each keeps one core busy
   * @throws AppError when the model can't be used
   */
  static async open(models: Models, modelSha256: string, workers: number): Promise<EmbeddingRun> {
    const source = await models.source(modelSha256);
    const pool = new EncoderPool({ workers });
    await pool.open(source);
    const { id, sha256, transform, embeddingLength } = source.manifest;
    return new EmbeddingRun(pool, {
      porthole: __PORTHOLE_VERSION__,
      model: { id, sha256 },
      transform,
      embedding_length: embeddingLength,
      glass: GLASS_VERSION,
    });
  }

  /** @throws AppError when the model or its backend fails; a file that is no picture is a row with its error */
  async *embed(given: readonly File[]): AsyncGenerator<EmbeddedPart, void> {
    const snapshots = new Set(sortFiles(given).snapshots);
    const places = [...given.keys()].filter((index) => snapshots.has(given[index]!));
    const files = places.map((index) => given[index]!);
    let next = 0;
    for await (const results of this.#pool.encode(files, this.with.transform)) {
      const first = next;
      next += results.length;
      const rows = results.map(async (result, i) => ({
        index: places[first + i]!,
        ...(await factsOf(files[first + i]!, result)),
        sizes: result.ok ? { height: result.glass!.height, thumbnail: result.thumbnail!.byteLength } : null,
      }));
      const read = results.filter((result) => result.ok);
      const [embeddings, pictures, thumbnails] = await Promise.all([
        base64(read.map(({ embedding }) => new Uint8Array(embedding.slice().buffer))),
        base64(read.map(({ glass }) => glass!.data.slice())),
        base64(read.map(({ thumbnail }) => thumbnail!)),
      ]);
      yield { rows: await Promise.all(rows), embeddings, pictures, thumbnails };
    }
  }
}

async function factsOf(file: File, result: EncodeResult): Promise<RowFacts> {
  const { at, source, offset } = await statedTimeOf(file);
  return {
    image_name: imageNameOf(file.name),
    captured_at: isoInstant(at),
    captured_at_source: source,
    ...(offset !== undefined && { stated_offset: offset }),
    content_sha256: result.contentSha256,
    modified_ms: file.lastModified,
    properties: result.ok ? result.properties : null,
    error: result.ok ? null : { code: result.code, detail: result.detail },
  };
}

/** Parts end to end, as base64: what crosses a debugger's wire is text. */
async function base64(parts: readonly (ArrayBuffer | Uint8Array<ArrayBuffer>)[]): Promise<string> {
  const reader = new FileReader();
  const done = new Promise((resolve, reject) => {
    reader.onload = resolve;
    reader.onerror = reject;
  });
  reader.readAsDataURL(new Blob([...parts]));
  await done;
  const url = reader.result as string;
  return url.slice(url.indexOf(',') + 1);
}
