import { expose, transfer } from 'comlink';
import { performanceOf } from '../../../core/domain/model/adaptation-evidence';
import { chromaOf, colourShare, paled } from '../pure/chroma';
import type { Embedding } from '../../../core/domain/drift/embedding';
import { asOutcome } from '../../../core/domain/errors';
import { FouledLens } from '../../../core/domain/picture/fouling';
import type { Transform } from '../../../core/domain/model/model';
import { meanPictureOf, squaredDistance } from '../../../core/domain/model/rebuilding';
import { spreadSample } from '../../../core/domain/drift/sets';
import { toTensor } from '../../../core/domain/model/transform';
import type { Part } from '../../../core/domain/model/training-course';
import type { ModelSource } from '../../../core/encoder/api';
import { meanSquaredError } from '../../../core/encoder/reconstruction';
import { graphOf, Session } from '../../../core/encoder/session';
import { alive } from '../../../core/thread/life';
import { reconstructionOf, withTrained } from './autoencoder';
import { LENSES } from './lenses';
import { tried } from './make';
import type { JudgeApi, Judgement } from './training-api';
import type { JudgedBy } from './trial';

/** Pictures in one run of the model. */
const BATCH = 8;

let open: { readonly model: ModelSource; readonly transform: Transform } | null = null;
const pictures: Record<Part, Uint8Array[]> = { fitted: [], 'kept-out': [], dirty: [] };

const api: JudgeApi = {
  ...alive,

  open(model, transform) {
    open = { model, transform };
    return Promise.resolve({ ok: true, value: undefined });
  },

  keep(part, picture) {
    pictures[part].push(new Uint8Array(picture));
    return Promise.resolve();
  },

  async judge(weights, by) {
    const outcome = await asOutcome(() => judge(weights, by));
    if (!outcome.ok) return outcome;
    return transfer(
      outcome,
      outcome.value.embeddings.map(({ buffer }) => buffer as ArrayBuffer),
    );
  },

  meanPicture() {
    const mean = meanPictureOf(pictures.fitted);
    return Promise.resolve(average(pictures['kept-out'].map((picture) => squaredDistance(mean, picture))));
  },

  async make(model, weights, draft) {
    const outcome = await asOutcome(() => tried(draft, withTrained(model, weights)));
    return outcome.ok ? transfer(outcome, [outcome.value.bytes]) : outcome;
  },
};

expose(api);

async function judge(
  weights: Float32Array<ArrayBuffer> | null,
  { detector, thresholds }: JudgedBy,
): Promise<Judgement> {
  if (!open) throw new Error('no model is open');
  const { model, transform } = open;
  const { manifest } = model;
  const { input, outputs } = manifest;
  const file = weights ? withTrained(model, weights) : new Uint8Array(model.bytes);
  const length = 3 * input.height * input.width;
  const tensor = new Float32Array(BATCH * length);
  const start = (output: string) =>
    Session.start(file, { ...graphOf(manifest, file), outputs: [output] }, 'wasm');
  const run = async <T>(
    session: Session,
    some: readonly Uint8Array[],
    use: (values: Float32Array<ArrayBuffer>, seen: Float32Array) => T,
    lens: (picture: Uint8Array) => Uint8Array = (picture) => picture,
  ) => {
    const results: T[] = [];
    for (let first = 0; first < some.length; first += BATCH) {
      const batch = some.slice(first, first + BATCH);
      for (const [i, picture] of batch.entries()) toTensor(lens(picture), transform, tensor, i * length);
      for (const [i, values] of (await session.run(tensor, batch.length, input)).entries()) {
        results.push(use(values, tensor.subarray(i * length, (i + 1) * length)));
      }
    }
    return results;
  };

  const decoder = await start(reconstructionOf(manifest));
  const errors = await run(decoder, pictures['kept-out'], (rebuilt, seen) =>
    meanSquaredError(seen, rebuilt, transform),
  ).finally(() => decoder.release());

  const encoder = await start(outputs.embedding);
  try {
    const itself = (embedding: Embedding) => embedding;
    const reference = await run(encoder, pictures.fitted, itself);
    const clean = await run(encoder, pictures['kept-out'], itself);
    const dirty = await run(encoder, pictures.dirty, itself);
    const colours = colourShare(pictures.fitted.map(chromaOf));
    const some = spreadSample(pictures['kept-out'], detector.windowSize);
    const fouled = [];
    for (const { kind, severity, seed } of LENSES) {
      const lens = new FouledLens(kind, severity, input, seed);
      const through = (picture: Uint8Array) => paled(picture, lens.apply(picture), colours);
      fouled.push({ kind, severity, embeddings: await run(encoder, some, itself, through) });
    }
    const performance = performanceOf({ reference, clean, fouled, dirty }, detector, thresholds);
    return { error: average(errors), performance, embeddings: [...reference, ...clean] };
  } finally {
    await encoder.release();
  }
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
