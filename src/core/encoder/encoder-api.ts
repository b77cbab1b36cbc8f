import type { Failure, Outcome } from '../domain/errors';
import type { Embedding } from '../domain/drift/embedding';
import type { GlassPicture } from '../domain/glass/picture';
import type { ImageProperties } from '../domain/picture/property-table';
import type { EncoderChoice } from '../domain/model/encoder-choice';
import type { ModelManifest, Transform } from '../domain/model/model';
import type { Alive } from '../thread/life';

/** WebGPU on a real adapter, else WebAssembly with SIMD, one thread a worker. */
export type Backend = 'webgpu' | 'wasm';

export interface ModelSource {
  readonly manifest: ModelManifest;
  /** the ONNX file as it came; copied to each worker */
  readonly bytes: ArrayBuffer;
  /** absent for automatic */
  readonly encoder?: EncoderChoice;
}

export interface OpenedModel {
  /** largest difference to the manifest's known answer; null when the manifest has none */
  readonly selfTestDifference: number | null;
  /** the embedding of the built-in picture, to compare backends with each other */
  readonly answer: Embedding;
  /** false if our own code runs it */
  readonly isOnnxRuntime: boolean;
}

/** An ONNX file's facts, for the manifest of a user's own model. */
export interface Inspection {
  readonly sha256: string;
  /** height and width are null when the model takes pictures of any size */
  readonly input: { readonly name: string; readonly height: number | null; readonly width: number | null };
  readonly embeddingOutput: { readonly name: string; readonly length: number };
  readonly reconstructionOutput: string | null;
  /** the manifest that Porthole wrote into the file; its name is left to the caller */
  readonly manifest: ModelManifest | null;
}

interface EncodedPicture {
  readonly ok: true;
  readonly contentSha256: string;
  readonly embedding: Embedding;
  /** null for a row of numbers, as are the next two */
  readonly properties: ImageProperties | null;
  /** JPEG bytes, at most 320 pixels wide */
  readonly thumbnail: ArrayBuffer | null;
  /** picture for growth and loss */
  readonly glass: GlassPicture | null;
}

interface NotEncoded extends Failure {
  /** for an unreadable file: hash of its name, size and date */
  readonly contentSha256: string;
}

export type EncodeResult = EncodedPicture | NotEncoded;

/** The only door between the page and an encoder worker, which keeps nothing but the model it opened. */
export interface EncoderApi extends Alive {
  /** Fetches other files of the worker while the runtime's file is fetched; never fails. */
  prepare(backend: Backend): Promise<void>;
  /** Readies the runtime (see `runtimeFile`): `open` and `inspect` then need no network. */
  start(backend: Backend, runtime: Blob): Promise<Outcome<null>>;
  /**
   * Opens a model in place of the one before without ONNX Runtime, on WebAssembly, if our own code runs it and gives
   * the manifest's known answer.
   *
   * @returns false when it needs ONNX Runtime; then none is open
   */
  openAlone(model: ModelSource): Promise<Outcome<boolean>>;
  /** Opens a model in place of the one before with ONNX Runtime; nothing of it runs yet. */
  open(model: ModelSource, backend: Backend): Promise<Outcome<null>>;
  /** Lets the open model encode the built-in picture; a model with a loop may never come back from it. */
  tryOut(): Promise<Outcome<OpenedModel>>;
  /** Milliseconds of one encoding in a batch, without decoding: median of a few. */
  measure(): Promise<Outcome<number>>;
  /**
   * Encodes up to 16 snapshots, in the order given; `transform` overrides the manifest's. A file that is no
   * picture is one result among the others; the whole fails when the model does.
   */
  encode(files: readonly File[], transform: Transform): Promise<Outcome<EncodeResult[]>>;
  /** SHA-256 of each file in hexadecimal, to recognise a snapshot without decoding it. */
  fingerprint(files: readonly File[]): Promise<string[]>;
  /** Reads an ONNX file, and runs it once when its file doesn't say how long an embedding is. */
  inspect(bytes: ArrayBuffer): Promise<Outcome<Inspection>>;
}

/** The door to a worker that unpacks one file and is ended. */
export interface UnpackerApi extends Alive {
  /** @param packed - Zstandard; anything else, or a part of a file, throws */
  unpack(packed: Uint8Array<ArrayBuffer>): Promise<Blob>;
}
