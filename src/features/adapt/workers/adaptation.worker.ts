import { expose, transfer } from 'comlink';
import { adaptableOf, adaptedModel } from '../pure/adapted-model';
import { chromaOf, paled } from '../pure/chroma';
import { fitPart, type ConditionHead, type FitProgress, type ViewPair } from '../pure/condition-head';
import { CleanSetExaminer, EXAMINED, traceOf } from '../pure/dirty-start';
import { asOutcome } from '../../../core/domain/errors';
import { FouledLens } from '../../../core/domain/picture/fouling';
import type { Adaptable, ModelManifest, Transform } from '../../../core/domain/model/model';
import { naturalView, OWN_WEATHER, sensorNoise } from '../pure/natural-variation';
import { Random } from '../../../core/domain/picture/noise';
import { randomDirt } from '../pure/random-dirt';
import { toTensor } from '../../../core/domain/model/transform';
import { graphOf, Session } from '../../../core/encoder/session';
import { alive } from '../../../core/thread/life';
import type { AdaptationApi, FitAnswer, Look, Made, PackedViews, ReadResult } from './api';
import { tried } from './make';
import { readPicture } from './picture';
import { tryAdaptation } from './trial';

/** Pictures in one run of the model. */
const BATCH = 8;

interface Open {
  readonly session: Session;
  readonly manifest: ModelManifest;
  readonly adaptable: Adaptable;
  /** the camera's */
  readonly transform: Transform;
  /** what its session computes, in the session's order */
  readonly outputs: readonly string[];
  readonly bytes: ArrayBuffer;
}

let open: Open | null = null;
/** height × width × 3 bytes of each picture that was read */
const pictures = new Map<number, Uint8Array>();
let tensor = new Float32Array(0);
let held: readonly ViewPair[] = [];
let fitting: Generator<FitProgress, ConditionHead> | null = null;

const api: AdaptationApi = {
  ...alive,

  open: (model, transform) =>
    asOutcome(async () => {
      const { manifest, bytes } = model;
      const adaptable = adaptableOf(manifest);
      const file = new Uint8Array(bytes);
      const outputs = [
        ...new Set([manifest.outputs.embedding, adaptable.embedding, adaptable.statistics.name]),
      ];
      const session = await Session.start(file, { ...graphOf(manifest, file), outputs }, 'wasm');
      const { height, width } = manifest.input;
      tensor = new Float32Array(BATCH * 3 * height * width);
      open = { session, manifest, adaptable, transform, outputs, bytes };
    }),

  read: (files) =>
    asOutcome(async () => {
      const { transform } = opened();
      const results: ReadResult[] = [];
      const { height, width } = transform.resize;
      const isExamined = height === EXAMINED.height && width === EXAMINED.width;
      for (const { id, capturedAt, file } of files) {
        const picture = await readPicture(file, transform);
        if (!picture.ok) {
          results.push(picture);
          continue;
        }
        const { contentSha256, pixels, source } = picture;
        pictures.set(id, pixels);
        const trace = isExamined ? traceOf(pixels, capturedAt, source) : null;
        results.push({ ok: true, contentSha256, chroma: chromaOf(pixels), trace });
      }
      return results;
    }),

  suspect: (traces) =>
    asOutcome(() => {
      const examiner = new CleanSetExaminer();
      for (const trace of traces) examiner.take(trace);
      return examiner.conclude();
    }),

  async look(ids, lens, colours) {
    const outcome = await asOutcome(() => {
      const { manifest } = opened();
      const made = lens && new FouledLens(lens.kind, lens.severity, manifest.input, lens.seed);
      return lookAt(
        ids.map((id) => () => (made ? paled(kept(id), made.apply(kept(id)), colours) : kept(id))),
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

  async view(id, count, colours, seed) {
    const outcome = await asOutcome(() => viewsOf(id, count, colours, new Random(seed)));
    if (!outcome.ok) return outcome;
    const { strengths, clean, dirty } = outcome.value;
    return transfer(outcome, [strengths.buffer, clean.buffer, dirty.buffer]);
  },

  hold: (views) =>
    asOutcome(() => {
      held = views.flatMap(unpack);
    }),

  beginFit: (size, part, seed) =>
    asOutcome(() => {
      fitting = fitPart(held, size, part, seed);
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

  tryOut: (present, looks, parts) => asOutcome(() => tryAdaptation(opened().manifest, present, looks, parts)),

  async make(adaptation, draft) {
    const outcome = await asOutcome(async (): Promise<Made> => {
      const { adaptable, bytes } = opened();
      return tried(draft, adaptedModel(new Uint8Array(bytes), adaptable, adaptation));
    });
    return outcome.ok ? transfer(outcome, [outcome.value.bytes]) : outcome;
  },
};

expose(api);

/** @param sources - each gives a picture of height × width × 3 bytes when its turn has come */
async function lookAt(sources: readonly (() => Uint8Array)[]): Promise<Look[]> {
  const { session, manifest, adaptable, transform, outputs } = opened();
  const { input } = manifest;
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

async function viewsOf(source: number, count: number, colours: number, random: Random): Promise<PackedViews> {
  const { manifest, adaptable } = opened();
  const { input } = manifest;
  const picture = kept(source);
  const strengths = new Float32Array(count);
  const views: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const { view } = naturalView(picture, input, random, {
      ...OWN_WEATHER,
      cast: OWN_WEATHER.cast * colours,
    });
    const dirt = randomDirt(input, random);
    strengths[i] = dirt.strength;
    const dirty = paled(view, dirt.apply(view), colours);
    // Noise comes last, on both: added before, its absence would give the dirt away.
    views.push(sensorNoise(view, random), sensorNoise(dirty, random));
  }
  const looks = await lookAt(views.map((view) => () => view));
  const { length } = adaptable.statistics;
  const clean = new Float32Array(count * length);
  const dirty = new Float32Array(count * length);
  for (let i = 0; i < count; i++) {
    clean.set(looks[2 * i]!.inside.statistics, i * length);
    dirty.set(looks[2 * i + 1]!.inside.statistics, i * length);
  }
  return { source, strengths, clean, dirty };
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
