import type { Embedding } from '../domain/embedding';
import { AppError, type ErrorCode } from '../domain/errors';
import type { Transform } from '../domain/model';
import type { EncoderPool } from '../encoder/pool';
import { inCaptureOrder } from './intake';

/** A clean snapshot that did not get into the reference, and why. */
export type LeftOut =
  | { readonly kind: 'unreadable'; readonly name: string; readonly code: ErrorCode; readonly detail: string }
  | { readonly kind: 'same-picture'; readonly name: string; readonly as: string };

/** Embeddings of clean snapshots, in capture order. */
export interface CleanEmbeddings {
  readonly names: readonly string[];
  readonly embeddings: readonly Embedding[];
  readonly leftOut: readonly LeftOut[];
}

interface EncodeCleanOptions {
  readonly pool: EncoderPool;
  readonly files: readonly File[];
  readonly transform: Transform;
  readonly signal: AbortSignal;
  /** called with the number of files that are done since the last call */
  readonly onProgress: (files: number) => void;
}

/** Encodes clean snapshots; a file that can't be read, or the same picture twice, is left out and named. */
export async function encodeClean(options: EncodeCleanOptions): Promise<CleanEmbeddings> {
  const snapshots = await inCaptureOrder(options.files, options.signal);
  const names: string[] = [];
  const embeddings: Embedding[] = [];
  const leftOut: LeftOut[] = [];
  const nameBySha256 = new Map<string, string>();
  const files = snapshots.map((snapshot) => snapshot.file);
  let next = 0;
  for await (const results of options.pool.encode(files, options.transform, options.signal)) {
    for (const result of results) {
      const name = snapshots[next]?.imageName ?? '';
      next += 1;
      const twin = nameBySha256.get(result.contentSha256);
      if (!result.ok) leftOut.push({ kind: 'unreadable', name, code: result.code, detail: result.detail });
      else if (twin !== undefined) leftOut.push({ kind: 'same-picture', name, as: twin });
      else {
        nameBySha256.set(result.contentSha256, name);
        names.push(name);
        embeddings.push(result.embedding);
      }
    }
    options.onProgress(results.length);
  }
  options.signal.throwIfAborted();
  return { names, embeddings, leftOut };
}

/**
 * Sets the newest clean embeddings aside for the warm-up: windows that share samples with the reference score low.
 *
 * @param keepOut - how many to set aside; 0 keeps all in the reference
 * @throws AppError `reference-too-small` when fewer than two would be left
 */
export function splitWarmUp(
  clean: CleanEmbeddings,
  keepOut: number,
): { names: readonly string[]; embeddings: readonly Embedding[]; warmUpEmbeddings: readonly Embedding[] } {
  const count = clean.embeddings.length - keepOut;
  if (count < 2) throw new AppError('reference-too-small', String(Math.max(count, 0)));
  return {
    names: clean.names.slice(0, count),
    embeddings: clean.embeddings.slice(0, count),
    warmUpEmbeddings: clean.embeddings.slice(count),
  };
}
