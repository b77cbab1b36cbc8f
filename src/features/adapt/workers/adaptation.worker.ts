import { expose, transfer } from 'comlink';
import { adaptableOf, adaptedModel } from '../pure/adapted-model';
import { chromaOf, paled } from '../pure/chroma';
import { FIT, fitPart, type ConditionHead, type FitProgress, type ViewPair } from '../pure/condition-head';
import { CleanSetExaminer, EXAMINED, traceOf } from '../pure/dirty-start';
import { performanceOf } from '../../../core/domain/model/adaptation-evidence';
import { asOutcome } from '../../../core/domain/errors';
import { FouledLens } from '../../../core/domain/picture/fouling';
import type { Transform } from '../../../core/domain/model/model';
import { Random } from '../../../core/domain/picture/noise';
import { meanPictureOf, squaredDifference } from '../../../core/domain/model/rebuilding';
import { toTensor } from '../../../core/domain/model/transform';
import type { ModelSource } from '../../../core/encoder/encoder-api';
import { meanSquaredError } from '../../../core/encoder/reconstruction';
import { openBlur } from '../../../core/encoder/blur/open-blur';
import { openLayers } from '../../../core/encoder/layers/open-layers';
import { graphOf, OnnxSession, type Embedder } from '../../../core/encoder/onnx-session';
import { alive } from '../../../core/thread/life';
import type { AdaptationApi, FitAnswer, Look, PackedViews } from './adaptation-api';
import { reconstructionOf, withTrained } from './autoencoder';
import { tried } from './try-version';
import { openFitKernels } from './open-fit-kernels';
import { readPicture } from './read-picture';
import { tryAdaptation } from './trial';
import { viewPair } from './training-views';

/** Pictures in one run of the model. */
const BATCH = 8;

interface Open {
  readonly model: ModelSource;
  /** the camera's */
  readonly transform: Transform;
  /** the model's file, with the weights in use */
  readonly file: Uint8Array;
  readonly session: Embedder;
  /** what the session computes, in its order */
  readonly outputs: readonly string[];
}

let open: Open | null = null;
/** height × width × 3 bytes of each picture that was read */
const pictures = new Map<number, Uint8Array>();
let tensor = new Float32Array(0);
/** views that heads are fitted to, by the place of their snapshot */
const held = new Map<number, readonly ViewPair[]>();
let fitKernels: ReturnType<typeof openFitKernels> | undefined;
let fitting: Generator<FitProgress, ConditionHead> | null = null;

const api: AdaptationApi = {
  ...alive,

  open: (model, transform) => asOutcome(() => start(model, transform, null)),

  use: (weights) =>
    asOutcome(async () => {
      const { model, transform, session } = opened();
      await session.release();
      await start(model, transform, weights);
    }),

  async read(id, capturedAt, file) {
    const outcome = await asOutcome(async () => {
      const { transform } = opened();
      const { height, width } = transform.resize;
      const picture = await readPicture(file, transform);
      if (!picture.ok) return picture;
      const { contentSha256, pixels, properties, thumbnail } = picture;
      pictures.set(id, pixels);
      const isExamined = height === EXAMINED.height && width === EXAMINED.width;
      const trace = isExamined ? traceOf(pixels, capturedAt, properties) : null;
      return { ok: true as const, contentSha256, properties, thumbnail, trace };
    });
    return outcome.ok && outcome.value.ok ? transfer(outcome, [outcome.value.thumbnail]) : outcome;
  },

  keep(id, pixels) {
    pictures.set(id, new Uint8Array(pixels));
    return Promise.resolve();
  },

  async pixels(id) {
    const outcome = await asOutcome(() => kept(id).slice().buffer);
    return outcome.ok ? transfer(outcome, [outcome.value]) : outcome;
  },

  chromas: (ids) => asOutcome(() => ids.map((id) => chromaOf(kept(id)))),

  suspect: (traces) =>
    asOutcome(() => {
      const examiner = new CleanSetExaminer();
      for (const trace of traces) examiner.take(trace);
      return examiner.conclude();
    }),

  async look(ids, lens, colours) {
    const outcome = await asOutcome(async () => {
      const blurBy = await openBlur();
      const made = lens && new FouledLens(lens.kind, lens.severity, opened().model.manifest.input, lens.seed);
      return lookAt(
        ids.map((id) => () => (made ? paled(kept(id), made.apply(kept(id), blurBy), colours) : kept(id))),
      );
    });
    if (!outcome.ok) return outcome;
    const buffers = outcome.value.flatMap(({ embedding, inside }) => [
      embedding,
      inside.embedding,
      inside.statistics,
    ]);
    // An embedding that is both is one buffer.
    return transfer(outcome, [...new Set(buffers.map(({ buffer }) => buffer as ArrayBuffer))]);
  },

  async view(id, source, count, colours, seed) {
    const outcome = await asOutcome(() => viewsOf(id, source, count, colours, new Random(seed)));
    if (!outcome.ok) return outcome;
    const { strengths, clean, dirty } = outcome.value;
    held.set(source, unpack({ source, strengths, clean: clean.slice(), dirty: dirty.slice() }));
    return transfer(outcome, [strengths.buffer, clean.buffer, dirty.buffer]);
  },

  hold: (views) =>
    asOutcome(() => {
      held.set(views.source, unpack(views));
    }),

  dropViews: () =>
    asOutcome(() => {
      held.clear();
    }),

  beginFit: (size, part, seed) =>
    asOutcome(async () => {
      const kernels = await (fitKernels ??= openFitKernels());
      // Whoever made them: a fit depends on their order.
      const views = [...held].sort(([a], [b]) => a - b).flatMap(([, views]) => views);
      fitting = fitPart(views, size, part, seed, FIT, kernels());
    }),

  fit: (steps) =>
    asOutcome((): FitAnswer => {
      if (!fitting) throw new Error('no fit was begun');
      let answer = fitting.next();
      for (let step = 1; step < steps && answer.done !== true; step++) answer = fitting.next();
      if (answer.done !== true) return { isDone: false, progress: answer.value };
      fitting = null;
      return { isDone: true, part: answer.value };
    }),

  tryOut: (present, looks, parts) =>
    asOutcome(() => tryAdaptation(opened().model.manifest, present, looks, parts)),

  rate: (seen, { detector, thresholds }) => asOutcome(() => performanceOf(seen, detector, thresholds)),

  rebuild: (ids) => asOutcome(() => rebuild(ids)),

  meanPicture: (of, others) =>
    asOutcome(() => {
      const mean = meanPictureOf(of.map(kept));
      return average(others.map((id) => squaredDifference(mean, kept(id))));
    }),

  async make(model, change, draft) {
    const outcome = await asOutcome(() =>
      tried(
        draft,
        change instanceof Float32Array
          ? withTrained(model, change)
          : adaptedModel(new Uint8Array(model.bytes), adaptableOf(model.manifest), change),
      ),
    );
    return outcome.ok ? transfer(outcome, [outcome.value.bytes]) : outcome;
  },
};

expose(api);

/** @param weights - what a training made of the model's own; null for these */
async function start(model: ModelSource, transform: Transform, weights: Float32Array | null): Promise<void> {
  const { manifest } = model;
  const adaptable = adaptableOf(manifest);
  const outputs = [...new Set([manifest.outputs.embedding, adaptable.embedding, adaptable.statistics.name])];
  const file = weights ? withTrained(model, weights) : new Uint8Array(model.bytes);
  // Of trained weights no answer is known yet that our own code could be held to.
  const own = weights ? null : await openLayers(model, outputs);
  const graph = { ...graphOf(manifest, file), outputs };
  const session = own ?? (await OnnxSession.start(file, graph, 'wasm'));
  const { height, width } = manifest.input;
  tensor = new Float32Array(BATCH * 3 * height * width);
  open = { model, transform, file, session, outputs };
}

/**
 * Runs pictures through a session.
 *
 * @param sources - each gives a picture of height × width × 3 bytes when its turn has come
 * @param use - gets a picture's outputs, and the tensor that they are of until the next call
 */
async function run<T>(
  session: Embedder,
  sources: readonly (() => Uint8Array)[],
  use: (values: Float32Array<ArrayBuffer>[], seen: Float32Array) => T,
): Promise<T[]> {
  const { model, transform } = opened();
  const { input } = model.manifest;
  const length = 3 * input.height * input.width;
  const results: T[] = [];
  for (let first = 0; first < sources.length; first += BATCH) {
    const batch = sources.slice(first, first + BATCH);
    for (const [i, source] of batch.entries()) toTensor(source(), transform, tensor, i * length);
    for (const [i, values] of (await session.runAll(tensor, batch.length, input)).entries()) {
      results.push(use(values, tensor.subarray(i * length, (i + 1) * length)));
    }
  }
  return results;
}

function lookAt(sources: readonly (() => Uint8Array)[]): Promise<Look[]> {
  const { session, model, outputs } = opened();
  const { manifest } = model;
  const adaptable = adaptableOf(manifest);
  return run(session, sources, (values) => {
    const valueOf = (name: string) => values[outputs.indexOf(name)]!;
    return {
      embedding: valueOf(manifest.outputs.embedding),
      inside: {
        embedding: valueOf(adaptable.embedding),
        statistics: valueOf(adaptable.statistics.name),
      },
    };
  });
}

async function rebuild(ids: readonly number[]): Promise<number> {
  const { model, file, transform } = opened();
  const graph = { ...graphOf(model.manifest, file), outputs: [reconstructionOf(model.manifest)] };
  const decoder = await OnnxSession.start(file, graph, 'wasm');
  const sources = ids.map((id) => () => kept(id));
  const errors = run(decoder, sources, ([rebuilt], seen) => meanSquaredError(seen, rebuilt!, transform));
  return average(await errors.finally(() => decoder.release()));
}

async function viewsOf(
  id: number,
  source: number,
  count: number,
  colours: number,
  random: Random,
): Promise<PackedViews> {
  const { manifest } = opened().model;
  const blurBy = await openBlur();
  const pairs = Array.from({ length: count }, () =>
    viewPair(kept(id), manifest.input, colours, random, blurBy),
  );
  const looks = await lookAt(pairs.flatMap(({ clean, dirty }) => [() => clean, () => dirty]));
  const { length } = adaptableOf(manifest).statistics;
  const clean = new Float32Array(count * length);
  const dirty = new Float32Array(count * length);
  for (let i = 0; i < count; i++) {
    clean.set(looks[2 * i]!.inside.statistics, i * length);
    dirty.set(looks[2 * i + 1]!.inside.statistics, i * length);
  }
  return { source, strengths: Float32Array.from(pairs, ({ strength }) => strength), clean, dirty };
}

function unpack({ source, strengths, clean, dirty }: PackedViews): ViewPair[] {
  const length = clean.length / strengths.length;
  return Array.from(strengths, (strength, i) => ({
    source,
    strength,
    clean: clean.subarray(i * length, (i + 1) * length),
    dirty: dirty.subarray(i * length, (i + 1) * length),
  }));
}

function opened(): Open {
  if (!open) throw new Error('no model is open');
  return open;
}

function kept(id: number): Uint8Array {
  const picture = pictures.get(id);
  if (!picture) throw new Error(`picture ${id} was not read`);
  return picture;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
