import { expose, transfer } from 'comlink';
import { adaptableOf, adaptedModel } from '../pure/adapted-model';
import { chromaOf, paled } from '../pure/chroma';
import { FIT, fitPart, type ViewPair } from '../pure/condition-head';
import { EXAMINED, suspicionsOf, traceOf } from '../pure/dirty-start';
import { asOutcome } from '../../../core/domain/errors';
import { FouledLens } from '../../../core/domain/picture/fouling';
import type { Transform } from '../../../core/domain/model/model';
import { Random, type BlurPicture } from '../../../core/domain/picture/noise';
import { toTensor } from '../../../core/domain/model/transform';
import type { ModelSource } from '../../../core/encoder/encoder-api';
import { simdBlur } from '../../../core/encoder/blur/blur-kernels';
import blurUrl from '../../../core/encoder/blur/blur.wasm?url';
import { openWasm } from '../../../core/encoder/open-wasm';
import { openLayers } from '../../../core/encoder/layers/open-layers';
import { graphOf, OnnxSession, type Embedder } from '../../../core/encoder/onnx-session';
import { alive } from '../../../core/thread/life';
import type { AdaptationApi, PackedViews } from './adaptation-api';
import { tried } from './try-version';
import { SimdFitKernels } from './simd-fit-kernels';
import fitUrl from './fit/fit.wasm?url';
import { picturePair } from './picture-pair';
import { readPicture } from './read-picture';
import { tryAdaptation, type Look } from './trial';

/** Pictures in one run of the model. */
const BATCH = 8;

interface Open {
  readonly model: ModelSource;
  readonly transform: Transform;
  readonly session: Embedder;
  /** names of the session's outputs, in its order */
  readonly outputs: readonly string[];
}

let open: Open | null = null;
/** height × width × 3 bytes of each picture that was read */
const pictures = new Map<number, Uint8Array>();
let tensor = new Float32Array(0);
/** views that heads are fitted to, by the place of their snapshot */
const held = new Map<number, readonly ViewPair[]>();
let fitModule: WebAssembly.Module | undefined;
let blur: BlurPicture | undefined;
let fitting: ReturnType<typeof fitPart> | null = null;

const api: AdaptationApi = {
  ...alive,

  open: (model, transform) =>
    asOutcome(async () => {
      const { manifest } = model;
      const adaptable = adaptableOf(manifest);
      const outputs = [
        ...new Set([manifest.outputs.embedding, adaptable.embedding, adaptable.statistics.name]),
      ];
      const file = new Uint8Array(model.bytes);
      const graph = { ...graphOf(manifest, file), outputs };
      // As for scoring: ONNX Runtime runs what our own code can't.
      const session = (await openLayers(model, outputs)) ?? (await OnnxSession.start(file, graph, 'wasm'));
      const { height, width } = manifest.input;
      tensor = new Float32Array(BATCH * 3 * height * width);
      open = { model, transform, session, outputs };
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

  keep: (id, pixels) =>
    asOutcome(() => {
      pictures.set(id, new Uint8Array(pixels));
    }),

  async pixels(id) {
    const outcome = await asOutcome(() => kept(id).slice().buffer);
    return outcome.ok ? transfer(outcome, [outcome.value]) : outcome;
  },

  chromas: (ids) => asOutcome(() => ids.map((id) => chromaOf(kept(id)))),

  suspect: (traces) => asOutcome(() => suspicionsOf(traces)),

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
      fitModule ??= await openWasm(fitUrl);
      // A fit depends on their order, no matter which worker made them.
      const views = [...held].sort(([a], [b]) => a - b).flatMap(([, views]) => views);
      fitting = fitPart(views, size, part, seed, FIT, new SimdFitKernels(fitModule));
    }),

  fit: (steps) =>
    asOutcome(() => {
      if (!fitting) throw new Error('no fit was begun');
      let answer = fitting.next();
      for (let step = 1; step < steps && answer.done !== true; step++) answer = fitting.next();
      if (answer.done !== true) return null;
      fitting = null;
      return answer.value;
    }),

  tryOut: (present, looks, parts) =>
    asOutcome(() => tryAdaptation(opened().model.manifest, present, looks, parts)),

  async make(model, adaptation, draft) {
    const outcome = await asOutcome(() =>
      tried(draft, adaptedModel(new Uint8Array(model.bytes), adaptableOf(model.manifest), adaptation)),
    );
    return outcome.ok ? transfer(outcome, [outcome.value.bytes]) : outcome;
  },
};

expose(api);

/** @param sources - each gives a picture of height × width × 3 bytes when its turn has come */
async function lookAt(sources: readonly (() => Uint8Array)[]): Promise<Look[]> {
  const { session, model, transform, outputs } = opened();
  const { manifest } = model;
  const { input } = manifest;
  const adaptable = adaptableOf(manifest);
  const length = 3 * input.height * input.width;
  const looks: Look[] = [];
  for (let first = 0; first < sources.length; first += BATCH) {
    const batch = sources.slice(first, first + BATCH);
    for (const [i, source] of batch.entries()) toTensor(source(), transform, tensor, i * length);
    for (const values of await session.runAll(tensor, batch.length, input)) {
      const valueOf = (name: string) => values[outputs.indexOf(name)]!;
      looks.push({
        embedding: valueOf(manifest.outputs.embedding),
        inside: {
          embedding: valueOf(adaptable.embedding),
          statistics: valueOf(adaptable.statistics.name),
        },
      });
    }
  }
  return looks;
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
    picturePair(kept(id), manifest.input, colours, random, blurBy),
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

async function openBlur(): Promise<BlurPicture> {
  return (blur ??= simdBlur(await openWasm(blurUrl)));
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
