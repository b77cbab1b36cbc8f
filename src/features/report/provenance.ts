import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Reference } from '../../core/domain/camera/job';
import type { PoolStatus } from '../../core/encoder/pool';

/** Where a report's numbers come from: hashes in lower-case hexadecimal. */
export interface Provenance {
  /** of Porthole */
  readonly version: string;
  readonly modelName: string;
  readonly modelSha256: string;
  /** null without a reference */
  readonly referenceSha256: string | null;
  /** null where what the camera came with can't be read */
  readonly configSha256: string | null;
  /** null when it is not known */
  readonly encoder: PoolStatus | null;
  readonly browser: string;
}

/**
 * The hash of a reference, whatever stored it: its embeddings as little-endian float32, row after row, then each name
 * in UTF-8 with a line feed after it. Python computes it from the exported `.npz`; see README.md.
 */
export function referenceSha256({ embeddings, names }: Pick<Reference, 'embeddings' | 'names'>): string {
  const hash = sha256.create();
  for (const embedding of embeddings) {
    const bytes = new DataView(new ArrayBuffer(4 * embedding.length));
    embedding.forEach((value, i) => {
      bytes.setFloat32(4 * i, value, true);
    });
    hash.update(new Uint8Array(bytes.buffer));
  }
  hash.update(new TextEncoder().encode(names.map((name) => `${name}\n`).join('')));
  return bytesToHex(hash.digest());
}

/** The hash of a text in UTF-8. */
export function textSha256(text: string): string {
  return bytesToHex(sha256(new TextEncoder().encode(text)));
}
