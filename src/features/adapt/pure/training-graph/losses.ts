import type { DifferentiableGraph, GraphTensor } from './graph';
import { countOf } from '../../../../core/domain/model/onnx-shapes';

/** Bandwidth that makes a distance between clean embeddings large: the published sigma (training/detector.py). */
const SIGMA = 0.3;

/** Dirty embeddings belong at least this far from clean ones, and so much further by strength (training/losses.py). */
const MARGIN = { least: 0.15, byStrength: 1.2, tolerance: 0.8 } as const;

/**
 * Clean views of one scene belong together: the mean over pairs of log(1 + d² / 2σ²), which forgives the odd one
 * far out.
 *
 * @param clean - [n, D], n ≥ 2
 * @returns a scalar; equals `pull` of training/losses.py
 */
export function pull(graph: DifferentiableGraph, clean: GraphTensor): GraphTensor {
  const [n = 0] = clean.dims;
  // Each pair once, and no embedding with itself.
  const shares = Float32Array.from({ length: n * n }, (_, i) =>
    i % n > Math.floor(i / n) ? 2 / (n * (n - 1)) : 0,
  );
  const scaled = graph.scale(squaredDistances(graph, clean, clean), 1 / (2 * SIGMA ** 2));
  const logs = graph.apply('Log', [graph.add(scaled, graph.scalar(1))]);
  return graph.sum(graph.multiply(logs, graph.constant(shares, [n, n])));
}

/**
 * Dirty embeddings belong at 0.15 + 1.2 strength from every clean one, and not much further than that.
 *
 * @param clean - [n, D]
 * @param dirty - [m, D]
 * @param strength - [m, 1], of the dirt, 0 to 1
 * @returns a scalar; equals `push` of training/losses.py
 */
export function push(
  graph: DifferentiableGraph,
  clean: GraphTensor,
  dirty: GraphTensor,
  strength: GraphTensor,
): GraphTensor {
  // Without the small number the square root has no derivative at 0.
  const distance = graph.apply('Sqrt', [
    graph.add(squaredDistances(graph, dirty, clean), graph.scalar(1e-8)),
  ]);
  const margin = graph.add(graph.scale(strength, MARGIN.byStrength), graph.scalar(MARGIN.least));
  const near = graph.apply('Relu', [graph.subtract(margin, distance)]);
  const far = graph.apply('Relu', [
    graph.subtract(distance, graph.add(margin, graph.scalar(MARGIN.tolerance))),
  ]);
  return graph.add(graph.scale(mean(graph, graph.square(near)), 6), mean(graph, graph.square(far)));
}

/** @returns a scalar: the mean squared error of pictures of one shape */
export function squaredErrorLoss(
  graph: DifferentiableGraph,
  picture: GraphTensor,
  target: GraphTensor,
): GraphTensor {
  return mean(graph, graph.square(graph.subtract(picture, target)));
}

/** [n, D], [m, D] -> [n, m] */
function squaredDistances(graph: DifferentiableGraph, a: GraphTensor, b: GraphTensor): GraphTensor {
  const [n = 0, length = 0] = a.dims;
  const [m = 0] = b.dims;
  const difference = graph.subtract(graph.reshape(a, [n, 1, length]), graph.reshape(b, [1, m, length]));
  return graph.sum(graph.square(difference), [2]);
}

/** Axis by axis: a single float32 sum of half a million squares is off by 2e-4. */
function mean(graph: DifferentiableGraph, value: GraphTensor): GraphTensor {
  const sum = value.dims.reduceRight((rest, _, axis) => graph.sum(rest, [axis]), value);
  return graph.scale(sum, 1 / countOf(value.dims));
}
