import type { Deployment } from '../../core/domain/camera/deployment';
import type { Config } from '../../core/domain/files/config-toml';
import type { Outcome } from '../../core/domain/errors';
import type { Alive } from '../../core/thread/life';

/** Embeddings of one length, end to end, to cross threads fast. */
interface PackedEmbeddings {
  readonly count: number;
  readonly values: Float32Array<ArrayBuffer>;
  readonly names: readonly string[] | null;
}

/** API of the worker that reads people's files. */
export interface FileReaderApi extends Alive {
  config(file: File): Promise<Outcome<{ readonly text: string; readonly config: Config }>>;
  ifdo(file: File): Promise<Outcome<Deployment>>;
  reference(file: File, name: string): Promise<Outcome<PackedEmbeddings>>;
}
