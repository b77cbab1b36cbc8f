import type { TrainingState } from '../../../../core/domain/model/training-course';
import { widenFloat16Weights } from '../../../../core/domain/model/onnx';
import { readWeights, type Weights } from '../../../../core/domain/model/onnx-weights';
import { adamW } from './adamw';
import { DifferentiableGraph, type GraphTensor } from './graph';
import { squaredErrorLoss, pull, push } from './losses';
import { importOutput, trainableWeights, weightsBehind } from './model-graph';
import { countOf } from '../../../../core/domain/model/onnx-shapes';

export { stepRates } from './adamw';
export { trainableWeights } from './model-graph';

export interface TrainingOptions {
  /** the model's picture input; pictures are [3, height, width] */
  readonly input: { readonly name: string; readonly height: number; readonly width: number };
  readonly embeddingOutput: string;
  /** null for a model without a decoder, or to leave it out */
  readonly reconstructionOutput: string | null;
  /**
   * Names of the weights to train, as `readWeights` gives them; `trainableWeights` when left out. The others, and
   * those that the embedding and the reconstruction don't need, stay as they are.
   */
  readonly parameters?: readonly string[];
  /** clean pictures of a step, each with its dirtied one; at least 2 */
  readonly pairs: number;
  /** how many of the clean and how many of the dirty ones are decoded; 0 leaves the decoder out */
  readonly decode: number;
  /** factors of the parts of the loss, 1 when left out; 0 leaves a part out */
  readonly weights?: Partial<LossWeights>;
  /** adds the output `grad` */
  readonly gradient?: boolean;
}

interface LossWeights {
  /** clean embeddings belong together */
  readonly pull: number;
  /** dirty ones belong further away, the dirtier the further */
  readonly push: number;
  /** 1e-6 Σ|z|: embeddings stay small where nothing else matters */
  readonly size: number;
  /** 10 × the mean squared error to the clean view */
  readonly reconstruction: number;
}

/** Where a weight stands in the flat state: `length` numbers from `offset`, row-major in `dims`. */
interface Slot {
  readonly offset: number;
  readonly length: number;
  readonly dims: readonly number[];
}

export type WeightLayout = ReadonlyMap<string, Slot>;

export interface TrainingGraph {
  /** an ONNX model, one run of which is one step */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly layout: WeightLayout;
  /** P: how many numbers are trained */
  readonly parameters: number;
  /** shapes of what must be fed, all float32 */
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  readonly outputs: readonly string[];
}

/**
 * A model's training as one ONNX model: forward pass, losses, backward pass, clipping and an AdamW step, made from
 * the model's own graph.
 *
 * Inputs, float32: `x` [2n, 3, H, W] clean pictures, then the same ones dirtied; `q` [n, 1] strength of the dirt, 0
 * to 1; `tgt` [2k, 3, H, W] the clean views of the first k clean and the first k dirty pictures; `w`, `m`, `v` [P]
 * the state; `h` [4], see `stepRates`. Inputs that no part of the loss needs are left out.
 *
 * Outputs: `w1`, `m1`, `v1` [P]; `loss`, which is minimised; `pull`, `push` and `mse`, its parts before any factor;
 * `grad` [P] before clipping, where asked for. The losses are those of training/losses.py and training/train.py.
 *
 * @throws AppError `model-not-trainable` with the operator when a gradient can't pass to a trained weight, or the
 *   reconstruction isn't computed from the embedding alone
 * @throws RangeError for a name that no weight has, or when there is nothing to train
 */
export function trainingGraph(bytes: Uint8Array, options: TrainingOptions): TrainingGraph {
  const { input, embeddingOutput, reconstructionOutput, pairs, decode } = options;
  const factors = { pull: 1, push: 1, size: 1, reconstruction: 1, ...options.weights };
  const decoded = factors.reconstruction === 0 ? null : reconstructionOutput;
  const k = decoded === null ? 0 : decode;
  if (pairs < 2 || k > pairs) throw new RangeError(`${pairs} pairs, ${k} of them decoded`);

  const model = widenFloat16Weights(bytes);
  const used = weightsBehind(model, embeddingOutput, [input.name]);
  if (decoded !== null && k > 0) {
    for (const name of weightsBehind(model, decoded, [embeddingOutput])) used.add(name);
  }
  const names = (options.parameters ?? trainableWeights(model)).filter((name) => used.has(name));
  const layout = layOut(readWeights(model), names, options.parameters ?? []);
  const parameters = [...layout.values()].reduce((sum, { length }) => sum + length, 0);
  if (parameters === 0) throw new RangeError('no weights to train');

  const graph = new DifferentiableGraph();
  const x = graph.input('x', [2 * pairs, 3, input.height, input.width]);
  const state = {
    weights: graph.input('w', [parameters]),
    mean: graph.input('m', [parameters]),
    square: graph.input('v', [parameters]),
  };
  const trained = new Map(
    [...layout].map(([name, { offset, length, dims }]) => {
      return [name, graph.reshape(graph.slice(state.weights, 0, offset, offset + length), dims)];
    }),
  );

  const embedding = importOutput(graph, model, embeddingOutput, new Map([[input.name, x]]), trained);
  const z = graph.reshape(embedding, [2 * pairs, countOf(embedding.dims.slice(1))]);
  const clean = graph.slice(z, 0, 0, pairs);
  const dirty = graph.slice(z, 0, pairs, 2 * pairs);
  const parts: Record<string, GraphTensor> = {};
  const terms: GraphTensor[] = [];
  if (factors.pull !== 0) {
    parts['pull'] = pull(graph, clean);
    terms.push(graph.scale(parts['pull'], factors.pull));
  }
  if (factors.push !== 0) {
    parts['push'] = push(graph, clean, dirty, graph.input('q', [pairs, 1]));
    terms.push(graph.scale(parts['push'], factors.push));
  }
  if (factors.size !== 0) terms.push(graph.scale(graph.sum(graph.apply('Abs', [z])), 1e-6 * factors.size));
  if (decoded !== null && k > 0) {
    const some = graph.concat(
      [graph.slice(embedding, 0, 0, k), graph.slice(embedding, 0, pairs, pairs + k)],
      0,
    );
    const picture = importOutput(graph, model, decoded, new Map([[embeddingOutput, some]]), trained);
    parts['mse'] = squaredErrorLoss(graph, picture, graph.input('tgt', picture.dims));
    terms.push(graph.scale(parts['mse'], 10 * factors.reconstruction));
  }
  if (terms.length === 0) throw new RangeError('no loss to minimise');
  const loss = terms.reduce((sum, term) => graph.add(sum, term));

  const gradients = graph.gradients(loss, [...trained.values()]).map((gradient, i) => {
    const [name, { length }] = [...layout][i]!;
    if (!gradient) throw new RangeError(`the loss doesn't depend on ${name}`);
    return graph.reshape(gradient, [length]);
  });
  const next = adamW(graph, state, gradients, graph.input('h', [4]));
  const outputs = {
    w1: next.weights,
    m1: next.mean,
    v1: next.square,
    loss,
    ...parts,
    ...(options.gradient === true ? { grad: graph.concat(gradients, 0) } : {}),
  };
  return {
    bytes: graph.build(outputs),
    layout,
    parameters,
    inputs: new Map([...graph.inputs].map(([name, { dims }]) => [name, dims])),
    outputs: Object.keys(outputs),
  };
}

/**
 * The state before the first step.
 *
 * @param weights - as `readWeights` gives them
 * @throws RangeError when a weight of the layout is missing or has another length
 */
export function initialState(weights: ReadonlyMap<string, Weights>, layout: WeightLayout): TrainingState {
  const slots = [...layout];
  const length = slots.reduce((sum, [, slot]) => sum + slot.length, 0);
  const w = new Float32Array(length);
  for (const [name, slot] of slots) {
    const values = weights.get(name)?.values;
    if (values?.length !== slot.length) throw new RangeError(`${name} isn't ${slot.length} numbers`);
    w.set(values, slot.offset);
  }
  return { w, m: new Float32Array(length), v: new Float32Array(length) };
}

/**
 * A trained state as weights for `replaceWeights`; views into `w`, not copies.
 *
 * @param w - [P], the output `w1` of the last step
 */
export function weightsOf(w: Float32Array, layout: WeightLayout): Map<string, Float32Array> {
  return new Map(
    [...layout].map(([name, { offset, length }]) => [name, w.subarray(offset, offset + length)]),
  );
}

/** One weight after the other. */
function layOut(
  weights: ReadonlyMap<string, Weights>,
  names: readonly string[],
  asked: readonly string[],
): Map<string, Slot> {
  for (const name of asked) {
    if (!weights.has(name)) throw new RangeError(`the model has no weights ${name}`);
  }
  const layout = new Map<string, Slot>();
  let offset = 0;
  for (const name of names) {
    const { dims, values } = weights.get(name)!;
    layout.set(name, { offset, length: values.length, dims });
    offset += values.length;
  }
  return layout;
}
