import { expose, transfer } from 'comlink';
import { adaptedModel } from '../domain/adapted-model';
import { fitPart, type ConditionHead, type FitProgress, type ViewPair } from '../domain/condition-head';
import { AppError, asOutcome } from '../domain/errors';
import { FouledLens } from '../domain/fouling';
import type { Adaptable, ModelManifest } from '../domain/model';
import { naturalView, OWN_WEATHER, sensorNoise } from '../domain/natural-variation';
import { Random } from '../domain/noise';
import { randomDirt } from '../domain/random-dirt';
import { toTensor } from '../domain/transform';
import { graphOf, Session } from '../encoder/session';
import type { AdaptationApi, FitAnswer, Look, Made, PackedViews, ReadResult } from './api';
import { tried } from './make';
import { readPicture } from './picture';

/** Pictures in one run of the model. */
const BATCH = 8;

interface Open {
  readonly session: Session;
  readonly manifest: ModelManifest;
  readonly adaptable: Adaptable;
  readonly bytes: ArrayBuffer;
}

let open: Open | null = null;
/** height × width × 3 bytes of each picture that was read */
const pictures = new Map<number, Uint8Array>();
let tensor = new Float32Array(0);
let fitting: Generator<FitProgress, ConditionHead> | null = null;

const api: AdaptationApi = {
  open: (model) =>
    asOutcome(async () => {
      const { manifest, bytes } = model;
      const { adaptable } = manifest;
      if (!adaptable) throw new AppError('model-not-adaptable', manifest.name);
      const file = new Uint8Array(bytes);
      const outputs = [adaptable.statistics.name, manifest.outputs.embedding];
      const session = await Session.start(file, { ...graphOf(manifest, file), outputs }, 'wasm');
      const { height, width } = manifest.input;
      tensor = new Float32Array(BATCH * 3 * height * width);
      open = { session, manifest, adaptable, bytes };
    }),

  read: (files, transform) =>
    asOutcome(async () => {
      const results: ReadResult[] = [];
      for (const { id, file } of files) {
        const picture = await readPicture(file, transform);
        if (picture.ok) pictures.set(id, picture.pixels);
        results.push(picture.ok ? { ok: true, contentSha256: picture.contentSha256 } : picture);
      }
      return results;
    }),

  async look(ids, lens) {
    const outcome = await asOutcome(() => {
      const { manifest } = opened();
      const made = lens && new FouledLens(lens.kind, lens.severity, manifest.input, lens.seed);
      return lookAt(ids.map((id) => () => made?.apply(kept(id)) ?? kept(id)));
    });
    if (!outcome.ok) return outcome;
    const buffers = outcome.value.flatMap(({ embedding, statistics }) => [
      embedding.buffer,
      statistics.buffer,
    ]);
    return transfer(outcome, buffers as ArrayBuffer[]);
  },

  async view(id, count, seed) {
    const outcome = await asOutcome(() => viewsOf(id, count, new Random(seed)));
    if (!outcome.ok) return outcome;
    const { strengths, clean, dirty } = outcome.value;
    return transfer(outcome, [strengths.buffer, clean.buffer, dirty.buffer]);
  },

  beginFit: (views, size, part, seed) =>
    asOutcome(() => {
      fitting = fitPart(views.flatMap(unpack), size, part, seed);
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
  const { session, manifest } = opened();
  const { input, transform } = manifest;
  const length = 3 * input.height * input.width;
  const looks: Look[] = [];
  for (let first = 0; first < sources.length; first += BATCH) {
    const batch = sources.slice(first, first + BATCH);
    for (const [i, source] of batch.entries()) toTensor(source(), transform, tensor, i * length);
    for (const [statistics, embedding] of await session.runAll(tensor, batch.length, input)) {
      looks.push({ statistics: statistics!, embedding: embedding! });
    }
  }
  return looks;
}

async function viewsOf(source: number, count: number, random: Random): Promise<PackedViews> {
  const { manifest, adaptable } = opened();
  const { input } = manifest;
  const picture = kept(source);
  const strengths = new Float32Array(count);
  const views: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const { view } = naturalView(picture, input, random, OWN_WEATHER);
    const dirt = randomDirt(input, random);
    strengths[i] = dirt.strength;
    // Noise comes last, on both: added before, its absence would give the dirt away.
    views.push(sensorNoise(view, random), sensorNoise(dirt.apply(view), random));
  }
  const looks = await lookAt(views.map((view) => () => view));
  const { length } = adaptable.statistics;
  const clean = new Float32Array(count * length);
  const dirty = new Float32Array(count * length);
  for (let i = 0; i < count; i++) {
    clean.set(looks[2 * i]!.statistics, i * length);
    dirty.set(looks[2 * i + 1]!.statistics, i * length);
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
