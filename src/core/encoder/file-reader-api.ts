import type { Deployment } from '../domain/camera/deployment';
import type { Config } from '../domain/files/config-toml';
import type { Outcome } from '../domain/errors';
import type { NumberRow } from '../domain/table/rows';
import type { Alive } from '../thread/life';

/** Embeddings of one length, end to end, to cross threads fast. */
interface PackedEmbeddings {
  readonly count: number;
  readonly values: Float32Array<ArrayBuffer>;
  readonly names: readonly string[] | null;
}

/** A row of numbers, with the SHA-256 of its content. */
export interface ReadRow extends NumberRow {
  readonly contentSha256: string;
}

/** API of the worker that reads people's files. */
export interface FileReaderApi extends Alive {
  config(file: File): Promise<Outcome<{ readonly text: string; readonly config: Config }>>;
  ifdo(file: File): Promise<Outcome<Deployment>>;
  reference(file: File, name: string): Promise<Outcome<PackedEmbeddings>>;
  /** Reads a table or an array as rows of numbers. */
  rows(file: File, name: string): Promise<Outcome<readonly ReadRow[]>>;
}
