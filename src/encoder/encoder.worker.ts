import { expose, transfer } from 'comlink';
import { AppError } from '../domain/errors';
import type { ModelManifest, Transform } from '../domain/model';
import { inspectAutoencoder, readOnnx } from '../domain/onnx';
import type { EncodeResult, EncoderApi, Inspection, ModelSource, Opened, Outcome } from './api';
import { Preprocessor, type Prepared } from './preprocess';
import { embeddingLengthOf, measure, openSession, type Session } from './session';
import { sha256 } from './sha256';

/** What a model of any size gets to see when it is first looked at: the tutorial's size. */
const DEFAULT_SIZE = { height: 216, width: 384 };

let open: { readonly session: Session; readonly manifest: ModelManifest } | null = null;
let preprocessor: Promise<Preprocessor> | undefined;
/** kept from batch to batch: 8 pictures of 216 × 384 are 8 MB */
let tensor = new Float32Array(0);

const api: EncoderApi = {
  async hold(lock) {
    // Plain http has none, unless it is localhost.
    if (!('locks' in navigator)) return false;
    return new Promise((resolve) => {
      // The browser lets go of it when the worker ends, however it ends.
      const holding = navigator.locks.request(lock, () => {
        resolve(true);
        return new Promise(() => undefined);
      });
      holding.catch(() => {
        resolve(false);
      });
    });
  },

  async open(model, backend) {
    return attempt(async (): Promise<Opened> => {
      await open?.session.release();
      open = null;
      await checkSum(model);
      const { session, opened } = await openSession(model, backend);
      open = { session, manifest: model.manifest };
      return opened;
    });
  },

  async measure() {
    return attempt(() => {
      const { session, manifest } = opened();
      return measure(session, manifest.input);
    });
  },

  async encode(files, transform) {
    const outcome = await attempt(() => encode(files, transform));
    if (!outcome.ok) return outcome;
    const buffers = outcome.value.flatMap((result) =>
      result.ok ? [result.embedding.buffer as ArrayBuffer, result.thumbnail] : [],
    );
    return transfer(outcome, buffers);
  },

  async fingerprint(files) {
    const hashes: string[] = [];
    // One after the other: 30 large files at once would fill the memory.
    for (const file of files) hashes.push((await read(file)).contentSha256);
    return hashes;
  },

  async inspect(bytes) {
    return attempt(async (): Promise<Inspection> => {
      const file = new Uint8Array(bytes);
      const { input, embeddingOutput, reconstructionOutput, batchSize } = inspectAutoencoder(readOnnx(file));
      const size = { height: input.height ?? DEFAULT_SIZE.height, width: input.width ?? DEFAULT_SIZE.width };
      const graph = { input: input.name, embedding: embeddingOutput.name, batchSize };
      const length = embeddingOutput.length ?? (await embeddingLengthOf(file, graph, size));
      return {
        sha256: await sha256(bytes),
        input,
        embeddingOutput: { name: embeddingOutput.name, length },
        reconstructionOutput,
      };
    });
  },
};

expose(api);

async function encode(files: readonly File[], transform: Transform): Promise<EncodeResult[]> {
  const { session, manifest } = opened();
  const { resize } = transform;
  if (resize.height !== manifest.input.height || resize.width !== manifest.input.width) {
    throw new AppError(
      'model-input',
      `1 input: ${manifest.input.name} float32 [N, 3, ${manifest.input.height}, ${manifest.input.width}], and the pictures are resized to ${resize.height} × ${resize.width}`,
    );
  }
  preprocessor ??= Preprocessor.create();
  const preparer = await preprocessor;
  const length = 3 * resize.height * resize.width;
  if (tensor.length < files.length * length) tensor = new Float32Array(files.length * length);

  const results: (() => EncodeResult)[] = [];
  let count = 0;
  let embeddings: Float32Array[] = [];
  let upcoming = files[0] && read(files[0]);
  for (const [i, file] of files.entries()) {
    const { bytes, contentSha256 } = (await upcoming)!;
    // The next file is read and hashed, off this thread, while this one is decoded and resized. Decoding it too, with
    // a second Preprocessor, gains 2 % with two workers on two cores (87 instead of 85 a second) for 1 ms of CPU.
    const next = files[i + 1];
    upcoming = next && read(next);
    const prepared = bytes ? await prepare(preparer, file, bytes, transform, count * length) : UNREADABLE;
    if (!prepared.ok) {
      const { code, detail } = prepared;
      results.push(() => ({ ok: false, contentSha256, code, detail }));
      continue;
    }
    const { properties, thumbnail } = prepared;
    const place = count;
    count += 1;
    results.push(() => ({ ok: true, contentSha256, embedding: embeddings[place]!, properties, thumbnail }));
  }
  if (count > 0) embeddings = await session.encode(tensor, count, resize);
  return results.map((result) => result());
}

const UNREADABLE = { ok: false, code: 'file-unreadable', detail: '' } as const;

async function prepare(
  preparer: Preprocessor,
  file: File,
  bytes: ArrayBuffer,
  transform: Transform,
  offset: number,
): Promise<Prepared> {
  try {
    return await preparer.prepare(file, bytes, transform, tensor, offset);
  } catch (error) {
    // A bug, but one picture's: the others go on.
    console.error(file.name, error);
    return { ok: false, code: 'image-damaged', detail: String(error) };
  }
}

/** A file that is gone, or changed since it was chosen, is recognised by what is known of it. */
async function read(file: File): Promise<{ bytes: ArrayBuffer | null; contentSha256: string }> {
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    const known = new TextEncoder().encode(`${file.name}/${file.size}/${file.lastModified}`);
    return { bytes: null, contentSha256: await sha256(known.buffer) };
  }
  return { bytes, contentSha256: await sha256(bytes) };
}

async function checkSum({ manifest, bytes }: ModelSource): Promise<void> {
  if ((await sha256(bytes)) !== manifest.sha256) throw new AppError('model-checksum', manifest.name);
}

function opened() {
  if (!open) throw new Error('no model is open');
  return open;
}

async function attempt<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, code: error.code, detail: error.detail };
  }
}
