import type { Program } from '../../core/domain/files/provenance';
import type { PoolStatus } from '../../core/encoder/pool-status';

/** Hashes are in lower-case hexadecimal. */
export interface Provenance extends Program {
  readonly modelName: string;
  readonly modelSha256: string;
  readonly referenceSha256: string | null;
  /** null where the camera's first configuration can't be read */
  readonly configSha256: string | null;
  readonly encoder: PoolStatus | null;
}
