import type { DifferentiableGraph, GraphTensor } from './graph';

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** Gradients longer than this are shortened to it, as training/train.py does. */
const LARGEST_NORM = 5;

/** What a step starts from, and what it leaves; each [P]. */
export interface OptimizerState {
  readonly weights: GraphTensor;
  /** running mean of the gradient */
  readonly mean: GraphTensor;
  /** running mean of its square */
  readonly square: GraphTensor;
}

/**
 * One step of AdamW on a gradient clipped to a norm of 5.
 *
 * Equals torch.nn.utils.clip_grad_norm_(…, 5) and torch.optim.AdamW with its default betas and eps (PyTorch 2.6,
 * tests/fixtures/training).
 *
 * @param gradients - of each weight, flat; P numbers in all
 * @param rates - [4], as `stepRates` makes them
 */
export function adamW(
  graph: DifferentiableGraph,
  state: OptimizerState,
  gradients: readonly GraphTensor[],
  rates: GraphTensor,
): OptimizerState {
  const [rate, correction1, correction2, decay] = [0, 1, 2, 3].map((i) => graph.slice(rates, 0, i, i + 1));
  const gradient = graph.concat(gradients, 0);
  // Weight by weight, as torch does: a single float32 sum of all squares is off by 1e-4.
  const squares = gradients.map((part) => graph.sum(graph.square(part), [0], true));
  const norm = graph.apply('Sqrt', [graph.sum(graph.concat(squares, 0))]);
  // 1e-6 is torch's.
  const shortening = graph.divide(graph.scalar(LARGEST_NORM), graph.add(norm, graph.scalar(1e-6)));
  const clipped = graph.multiply(gradient, graph.apply('Min', [shortening, graph.scalar(1)]));
  const mean = graph.add(graph.scale(state.mean, BETA_1), graph.scale(clipped, 1 - BETA_1));
  const square = graph.add(graph.scale(state.square, BETA_2), graph.scale(graph.square(clipped), 1 - BETA_2));
  const root = graph.apply('Sqrt', [graph.multiply(square, correction2!)]);
  const step = graph.divide(graph.multiply(mean, correction1!), graph.add(root, graph.scalar(EPSILON)));
  const decayed = graph.add(step, graph.multiply(state.weights, decay!));
  return { weights: graph.subtract(state.weights, graph.multiply(decayed, rate!)), mean, square };
}

/**
 * The numbers that differ from step to step, for the input `h`.
 *
 * @param step - 1 for the first
 * @param learningRate - such as 2e-3
 * @param weightDecay - share of the weights that a step of learning rate 1 would take away
 * @returns learning rate, 1 / (1 - β₁ᵗ), 1 / (1 - β₂ᵗ), weight decay
 */
export function stepRates(step: number, learningRate: number, weightDecay = 1e-4): Float32Array<ArrayBuffer> {
  return Float32Array.of(learningRate, 1 / (1 - BETA_1 ** step), 1 / (1 - BETA_2 ** step), weightDecay);
}
