import { expose, transfer } from 'comlink';
import type { Embedding } from '../domain/drift/embedding';
import { AppError, asOutcome } from '../domain/errors';
import { tooLargeForPicture } from '../domain/files/file-size';
import type { ModelManifest, Size, Transform } from '../domain/model/model';
import { manifestInside } from '../domain/model/model-file';
import { inspectAutoencoder, readOnnx } from '../domain/model/onnx';
import { Turns } from '../domain/turns';
import { alive } from '../thread/life';
import type { EncodeResult, EncoderApi, Inspection, ModelSource, OpenedModel } from './encoder-api';
import { contentOf, unreadSha256 } from './content';
import { openLayers } from './layers/open-layers';
import { Preprocessor, type PreparedPicture } from './preprocess';
import {
  embeddingLengthOf,
  importRuntime,
  loadRuntime,
  measure,
  openSession,
  tryOut,
  type Embedder,
} from './onnx-session';
import { readAhead } from './read-ahead';
import { sha256 } from './sha256';

/** Input size for the first try of a model that takes any size: the tutorial's. */
const DEFAULT_SIZE = { height: 216, width: 384 };

/** Pictures in one run of the model. */
const BATCH = 8;

interface OpenModel {
  readonly session: Embedder;
  readonly manifest: ModelManifest;
}

let open: OpenModel | null = null;
let preprocessor: Promise<Preprocessor> | undefined;
/** A message waits for the one before it: they share the model and the tensor. */
const turns = new Turns();
/** kept from batch to batch: 16 pictures of 216 × 384 are 16 MB */
let tensor = new Float32Array(0);

const api: EncoderApi = {
  ...alive,

  async prepare(backend) {
    // A failure now is reported by `start`.
    await importRuntime(backend).catch(() => undefined);
  },

  async start(backend, runtime) {
    return asOutcome(async () => {
      await loadRuntime(backend, runtime);
      return null;
    });
  },

  async openAlone(model) {
    return asOutcome(async () => {
      await close();
      await checkSum(model);
      const session = await openLayers(model);
      if (session) keep(session, model);
      return session !== null;
    });
  },

  async open(model, backend) {
    return asOutcome(async () => {
      await close();
      await checkSum(model);
      keep(await openSession(model, backend), model);
      return null;
    });
  },

  async tryOut() {
    return asOutcome(async (): Promise<OpenedModel> => {
      const { session, manifest } = opened();
      try {
        return await tryOut(session, manifest);
      } catch (error) {
        await close();
        throw error;
      }
    });
  },

  async measure() {
    return asOutcome(() =>
      turns.take(() => {
        const { session, manifest } = opened();
        return measure(session, manifest.input);
      }),
    );
  },

  async encode(files, transform) {
    // Read while the message before this one is at work.
    const contents = readAhead(files, read);
    const outcome = await asOutcome(() => turns.take(() => encode(files.length, contents, transform)));
    if (!outcome.ok) return outcome;
    const buffers = outcome.value.flatMap((result) =>
      result.ok
        ? [result.embedding.buffer, result.thumbnail!, result.glass!.data.buffer].map(
            (buffer) => buffer as ArrayBuffer,
          )
        : [],
    );
    return transfer(outcome, buffers);
  },

  async fingerprint(files) {
    const hashes: string[] = [];
    for await (const [, { contentSha256 }] of readAhead(files, read)) hashes.push(contentSha256);
    return hashes;
  },

  async inspect(bytes) {
    return asOutcome(async (): Promise<Inspection> => {
      const file = new Uint8Array(bytes);
      const { input, embeddingOutput, reconstructionOutput, batchSize } = inspectAutoencoder(readOnnx(file));
      const size = { height: input.height ?? DEFAULT_SIZE.height, width: input.width ?? DEFAULT_SIZE.width };
      const graph = { input: input.name, output: embeddingOutput.name, batchSize };
      const length = embeddingOutput.length ?? (await embeddingLengthOf(file, graph, size));
      const facts = { sha256: await sha256(bytes), bytes: bytes.byteLength, file: 'model.onnx' };
      return {
        sha256: facts.sha256,
        manifest: manifestInside(file, facts),
        input,
        embeddingOutput: { name: embeddingOutput.name, length },
        reconstructionOutput,
      };
    });
  },
};

expose(api);

async function encode(
  count: number,
  contents: AsyncIterable<[File, Content]>,
  transform: Transform,
): Promise<EncodeResult[]> {
  const { session } = openedFor(transform);
  const stack = new Stack(session, transform.resize, count);
  const results: (() => EncodeResult)[] = [];
  for await (const [file, { bytes, contentSha256 }] of contents) {
    const prepared = await prepare(file, bytes, transform, stack.offset);
    if (!prepared.ok) {
      const { code, detail } = prepared;
      results.push(() => ({ ok: false, contentSha256, code, detail }));
      continue;
    }
    const { properties, thumbnail, glass } = prepared;
    const place = await stack.push();
    results.push(() => {
      const embedding = stack.embeddings[place]!;
      return { ok: true, contentSha256, embedding, properties, thumbnail, glass };
    });
  }
  await stack.finish();
  return results.map((result) => result());
}

/** Tensors that are encoded 8 at a time: write one at `offset` of `tensor`, then push it. */
class Stack {
  /** in the order pushed; complete when `finish` has come back */
  readonly embeddings: Embedding[] = [];
  readonly #session: Embedder;
  readonly #size: Size;
  #count = 0;

  /** @param expected - how many tensors there will be at most */
  constructor(session: Embedder, size: Size, expected: number) {
    this.#session = session;
    this.#size = size;
    makeRoom(Math.min(expected, BATCH), size);
  }

  get offset(): number {
    return this.#count * 3 * this.#size.height * this.#size.width;
  }

  /** @returns the index that its embedding will have */
  async push(): Promise<number> {
    const index = this.embeddings.length + this.#count;
    this.#count += 1;
    if (this.#count === BATCH) await this.finish();
    return index;
  }

  async finish(): Promise<void> {
    if (this.#count === 0) return;
    this.embeddings.push(...(await this.#session.run(tensor, this.#count, this.#size)));
    this.#count = 0;
  }
}

/** Makes `tensor` hold at least `count` pictures. */
function makeRoom(count: number, { height, width }: Size): void {
  const length = count * 3 * height * width;
  if (tensor.length < length) tensor = new Float32Array(length);
}

const UNREADABLE = { ok: false, code: 'file-unreadable', detail: '' } as const;

/** Fills `tensor` from `offset` on. @param bytes - null when the file could not be read */
async function prepare(
  file: File,
  bytes: ArrayBuffer | null,
  transform: Transform,
  offset: number,
): Promise<PreparedPicture> {
  const tooLarge = tooLargeForPicture(file);
  if (tooLarge) return { ok: false, code: tooLarge.code, detail: tooLarge.detail };
  if (!bytes) return UNREADABLE;
  preprocessor ??= Preprocessor.create();
  const preparer = await preprocessor;
  try {
    return await preparer.prepare(bytes, transform, tensor, offset);
  } catch (error) {
    // An unforeseen failure is a bug, but one picture's: the others go on.
    console.error(file.name, error);
    return { ok: false, code: 'image-damaged', detail: String(error) };
  }
}

interface Content {
  /** null for a file that is gone, changed since it was chosen, or too large */
  readonly bytes: ArrayBuffer | null;
  readonly contentSha256: string;
}

/** Never rejects. */
async function read(file: File): Promise<Content> {
  const bytes = await contentOf(file);
  return { bytes, contentSha256: await (bytes ? sha256(bytes) : unreadSha256(file)) };
}

async function checkSum({ manifest, bytes }: ModelSource): Promise<void> {
  if ((await sha256(bytes)) !== manifest.sha256) throw new AppError('model-checksum', manifest.name);
}

function opened(): OpenModel {
  if (!open) throw new Error('no model is open');
  return open;
}

/** @throws AppError `model-input` when the transform makes pictures of another size than the model takes */
function openedFor({ resize }: Transform): OpenModel {
  const model = opened();
  const { input } = model.manifest;
  if (resize.height !== input.height || resize.width !== input.width) {
    throw new AppError('model-input', {
      code: 'model-resized',
      input: `${input.name} float32 [N, 3, ${input.height}, ${input.width}]`,
      size: `${resize.height} × ${resize.width}`,
    });
  }
  return model;
}

function keep(session: Embedder, { manifest }: ModelSource): void {
  open = { session, manifest };
}

async function close(): Promise<void> {
  const last = open;
  open = null;
  await last?.session.release();
}
