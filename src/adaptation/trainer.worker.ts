import { expose, transfer, wrap } from 'comlink';
import type { InferenceSession } from 'onnxruntime-web';
import { AppError, asOutcome } from '../domain/errors';
import { readWeights, replaceWeights } from '../domain/onnx-weights';
import { squaredDistance } from '../domain/rebuilding';
import { average, learningRate, type Trained } from '../domain/training-course';
import {
  initialState,
  stepRates,
  trainingGraph,
  weightsOf,
  type Layout,
  type TrainingGraph,
} from '../domain/training-graph';
import { toTensor } from '../domain/transform';
import type { Transform } from '../domain/model';
import type { ModelSource } from '../encoder/api';
import { meanSquaredError } from '../encoder/reconstruction';
import { graphOf, loadRuntime, refusal, Session } from '../encoder/session';
import { decoderWeights, embeddingOf, reconstructionOf } from './decoder';
import { tried } from './make';
import { PAIRS, type Batch, type PainterApi, type TrainerApi } from './training-api';

/** Pictures in one run of the model. */
const BATCH = 4;

type Ort = Awaited<ReturnType<typeof loadRuntime>>;

interface Open {
  readonly ort: Ort;
  readonly model: ModelSource;
  readonly session: InferenceSession;
  readonly graph: TrainingGraph;
  readonly transform: Transform;
  readonly painter: PainterApi;
  /** what the step after the present one learns from: it is made meanwhile */
  next: { readonly step: number; readonly batch: Promise<Batch> } | null;
  state: Trained;
}

let open: Open | null = null;
/** clean ones of days that are not trained on */
const later: Uint8Array[] = [];

const api: TrainerApi = {
  open: (model, transform, from, port) =>
    asOutcome(async () => {
      const bytes = new Uint8Array(model.bytes);
      const graph = decoderGraph(model, bytes);
      const ort = await loadRuntime('wasm');
      const session = await ort.InferenceSession.create(graph.bytes, { logSeverityLevel: 3 }).catch(
        (error: unknown) => {
          throw refusal(error);
        },
      );
      const first = initialState(readWeights(bytes), graph.layout);
      const state = from ?? { ...first, mean: first.w.slice() };
      open = { ort, model, session, graph, transform, painter: wrap<PainterApi>(port), next: null, state };
    }),

  keep(picture) {
    later.push(new Uint8Array(picture));
    return Promise.resolve();
  },

  step: (step) =>
    asOutcome(async () => {
      const training = opened();
      const { ort, session, graph, state, painter, transform, next } = training;
      const batch = await (next?.step === step ? next.batch : painter.batch(step, transform));
      training.next = { step: step + 1, batch: painter.batch(step + 1, transform) };
      const { w, m, v, mean } = state;
      const values = { x: batch.x, tgt: batch.target, w, m, v, h: stepRates(step, learningRate(step)) };
      const feeds = Object.fromEntries(
        Object.entries(values).map(([name, data]) => {
          return [name, new ort.Tensor('float32', data, [...graph.inputs.get(name)!])];
        }),
      );
      const outputs = await session.run(feeds);
      const numbersOf = (name: string) => outputs[name]!.data as Float32Array<ArrayBuffer>;
      const [loss = NaN] = numbersOf('mse');
      if (!Number.isFinite(loss)) throw new AppError('training-diverged', String(step));
      average(mean, numbersOf('w1'), step);
      training.state = { w: numbersOf('w1'), m: numbersOf('m1'), v: numbersOf('v1'), mean };
      return loss;
    }),

  state() {
    const { w, m, v, mean } = opened().state;
    const copy = { w: w.slice(), m: m.slice(), v: v.slice(), mean: mean.slice() };
    const buffers = [copy.w.buffer, copy.m.buffer, copy.v.buffer, copy.mean.buffer];
    return Promise.resolve(transfer(copy, buffers));
  },

  judge: (of) =>
    asOutcome(async () => {
      const { model, graph, state, transform } = opened();
      const { manifest } = model;
      const bytes = new Uint8Array(model.bytes);
      const file = of === 'before' ? bytes : withWeights(bytes, graph.layout, state.mean);
      const outputs = [reconstructionOf(manifest)];
      const session = await Session.start(file, { ...graphOf(manifest, bytes), outputs }, 'wasm');
      try {
        const length = 3 * manifest.input.height * manifest.input.width;
        const tensor = new Float32Array(BATCH * length);
        let sum = 0;
        for (let first = 0; first < later.length; first += BATCH) {
          const some = later.slice(first, first + BATCH);
          for (const [i, picture] of some.entries()) toTensor(picture, transform, tensor, i * length);
          const rebuilt = await session.run(tensor, some.length, manifest.input);
          for (const [i, picture] of rebuilt.entries()) {
            const seen = tensor.subarray(i * length, (i + 1) * length);
            sum += meanSquaredError(seen, picture, transform);
          }
        }
        return sum / later.length;
      } finally {
        await session.release();
      }
    }),

  compare(mean) {
    const errors = later.map((picture) => squaredDistance(mean, picture));
    return Promise.resolve(errors.reduce((sum, error) => sum + error, 0) / errors.length);
  },

  async make(model, mean, draft) {
    const outcome = await asOutcome(() => {
      const bytes = new Uint8Array(model.bytes);
      const { layout } = decoderGraph(model, bytes);
      return tried(draft, withWeights(bytes, layout, mean));
    });
    return outcome.ok ? transfer(outcome, [outcome.value.bytes]) : outcome;
  },
};

expose(api);

/**
 * Of the losses only the error of the reconstruction: the embedding stays as it is to the last bit, and with it every
 * distance.
 */
function decoderGraph({ manifest }: ModelSource, bytes: Uint8Array): TrainingGraph {
  return trainingGraph(bytes, {
    input: manifest.input,
    embeddingOutput: embeddingOf(manifest),
    reconstructionOutput: reconstructionOf(manifest),
    parameters: decoderWeights(manifest, bytes),
    pairs: PAIRS,
    decode: PAIRS,
    weights: { pull: 0, push: 0, size: 0 },
  });
}

function withWeights(bytes: Uint8Array, layout: Layout, w: Float32Array): Uint8Array {
  return replaceWeights(bytes, weightsOf(w, layout));
}

function opened(): Open {
  if (!open) throw new Error('no model is open');
  return open;
}
