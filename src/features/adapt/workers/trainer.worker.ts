import { expose, transfer, wrap } from 'comlink';
import type { InferenceSession } from 'onnxruntime-web';
import { AppError, asOutcome } from '../../../core/domain/errors';
import { readWeights } from '../../../core/domain/model/onnx-weights';
import { averageWeights, learningRate, type Trained } from '../../../core/domain/model/training-course';
import { initialState, stepRates, type TrainingGraph } from '../pure/training-graph';
import type { Transform } from '../../../core/domain/model/model';
import { createSession, loadRuntime } from '../../../core/encoder/onnx-session';
import { alive } from '../../../core/thread/life';
import { autoencoderGraph } from './autoencoder';
import type { Batch, PainterApi, TrainerApi } from './training-api';

type Ort = Awaited<ReturnType<typeof loadRuntime>>;

interface Open {
  readonly ort: Ort;
  readonly session: InferenceSession;
  readonly graph: TrainingGraph;
  readonly transform: Transform;
  readonly painter: PainterApi;
  /** what the step after the present one learns from: it is made meanwhile */
  next: { readonly step: number; readonly batch: Promise<Batch> } | null;
  state: Trained;
}

let open: Open | null = null;

const api: TrainerApi = {
  ...alive,

  open: (model, transform, from, port) =>
    asOutcome(async () => {
      const graph = autoencoderGraph(model);
      const ort = await loadRuntime('wasm');
      const session = await createSession(ort, graph.bytes, { logSeverityLevel: 3 });
      const first = initialState(readWeights(new Uint8Array(model.bytes)), graph.layout);
      const state = from ?? { ...first, mean: first.w.slice() };
      open = { ort, session, graph, transform, painter: wrap<PainterApi>(port), next: null, state };
    }),

  step: (step) =>
    asOutcome(async () => {
      const training = opened();
      const { ort, session, graph, state, painter, transform, next } = training;
      const batch = await (next?.step === step ? next.batch : painter.batch(step, transform));
      training.next = { step: step + 1, batch: painter.batch(step + 1, transform) };
      const { w, m, v, mean } = state;
      const { x, strengths: q, target: tgt } = batch;
      const values = { x, q, tgt, w, m, v, h: stepRates(step, learningRate(step)) };
      const feeds = Object.fromEntries(
        Object.entries(values).map(([name, data]) => {
          return [name, new ort.Tensor('float32', data, [...graph.inputs.get(name)!])];
        }),
      );
      const outputs = await session.run(feeds);
      const numbersOf = (name: string) => outputs[name]!.data as Float32Array<ArrayBuffer>;
      const [loss = NaN] = numbersOf('mse');
      if (!Number.isFinite(loss)) throw new AppError('training-diverged', String(step));
      averageWeights(mean, numbersOf('w1'), step);
      training.state = { w: numbersOf('w1'), m: numbersOf('m1'), v: numbersOf('v1'), mean };
      return loss;
    }),

  state() {
    const { w, m, v, mean } = opened().state;
    const copy = { w: w.slice(), m: m.slice(), v: v.slice(), mean: mean.slice() };
    const buffers = [copy.w.buffer, copy.m.buffer, copy.v.buffer, copy.mean.buffer];
    return Promise.resolve(transfer(copy, buffers));
  },
};

expose(api);

function opened(): Open {
  if (!open) throw new Error('no model is open');
  return open;
}
