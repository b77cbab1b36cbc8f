/** The demo camera's clean pictures as the shipped model sees them, computed in a page. */
import { earliestDays } from '../../src/core/domain/camera/earliest-days';
import { EncoderPool } from '../../src/core/encoder/pool';
import { encodeSnapshots } from '../../src/core/session/reference/reference-builder';
import { fetchJson } from '../../src/core/browser/fetch-asset';
import type { ModelManifest } from '../../src/core/domain/model/model';

export interface Learned {
  readonly modelSha256: string;
  /** embeddings are little-endian float32, thumbnails JPEG, both in base64 */
  readonly snapshots: readonly {
    readonly name: string;
    readonly capturedAt: number;
    readonly properties: object | null;
    readonly embedding: string;
    readonly thumbnail: string;
  }[];
}

/** @param most - how many of the pictures. @returns those that the page would make its reference of */
export async function learnDemo(most: number): Promise<Learned> {
  const { default: id } = await fetchJson<{ default: string }>('/models/index.json');
  const manifest = await fetchJson<ModelManifest>(`/models/${id}/model.json`);
  const { reference } = await fetchJson<{ reference: string[] }>('/demo/index.json');
  const files = await Promise.all(
    reference.slice(0, most).map(async (name) => {
      const picture = await (await fetch(`/demo/reference/${name}`)).blob();
      return new File([picture], name, { type: picture.type });
    }),
  );
  const pool = new EncoderPool();
  const bytes = await (await fetch(`/models/${id}/${manifest.file}`)).arrayBuffer();
  await pool.open({ manifest, bytes });
  const { snapshots } = await encodeSnapshots({
    pool,
    files,
    camera: manifest,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  pool.close();
  const first = earliestDays(snapshots.map(({ capturedAt }) => capturedAt)).map((i) => snapshots[i]!);
  return {
    modelSha256: manifest.sha256,
    snapshots: first.map(({ name, capturedAt, properties, embedding, thumbnail }) => ({
      name,
      capturedAt,
      properties,
      embedding: base64(embedding.buffer as ArrayBuffer),
      thumbnail: base64(thumbnail!),
    })),
  };
}

function base64(buffer: ArrayBuffer): string {
  return btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(''));
}
