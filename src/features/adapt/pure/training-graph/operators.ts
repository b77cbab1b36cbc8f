import type { Detail } from '../../../../core/domain/detail';
import { AppError } from '../../../../core/domain/errors';
import {
  at,
  reducedAxes,
  axisOf,
  countOf,
  listOf,
  numberOf,
  orderOf,
  sliceOf,
  windowOf,
  type Window,
} from '../../../../core/domain/model/onnx-shapes';
import type { Call, DifferentiableGraph, GraphTensor } from './graph';

/**
 * How a gradient goes back through an operator of ONNX, its vector-Jacobian product: the gradient by the output -> for
 * each input, how to add the nodes that compute the gradient by that input. Only those that lead to a parameter are
 * asked for.
 */
type Vjp = (graph: DifferentiableGraph, gradient: GraphTensor, call: Call) => readonly (() => GraphTensor)[];

/** An operator, or a use of one, that no gradient goes through here. */
const untrainable = (what: Detail) => new AppError('model-not-trainable', what);

/** An elementwise operator of one input; `derivative` multiplies the gradient by its derivative. */
function elementwise(
  derivative: (
    graph: DifferentiableGraph,
    gradient: GraphTensor,
    x: GraphTensor,
    y: GraphTensor,
  ) => GraphTensor,
): Vjp {
  return (graph, gradient, { inputs, output }) => [() => derivative(graph, gradient, at(inputs, 0), output)];
}

/** An elementwise operator of two inputs that are broadcast to one shape. */
function broadcasting(
  derivatives: (
    graph: DifferentiableGraph,
    gradient: GraphTensor,
    a: GraphTensor,
    b: GraphTensor,
    y: GraphTensor,
  ) => readonly (() => GraphTensor)[],
): Vjp {
  return (graph, gradient, { inputs, output }) =>
    derivatives(graph, gradient, at(inputs, 0), at(inputs, 1), output).map(
      (derivative, i) => () => fit(graph, derivative(), at(inputs, i).dims),
    );
}

/** @see https://onnx.ai/onnx/operators/ (opset 13 to 17) */
export const VJPS: Readonly<Partial<Record<string, Vjp>>> = {
  Add: broadcasting((_, gradient) => [() => gradient, () => gradient]),
  Sub: broadcasting((graph, gradient) => [() => gradient, () => graph.apply('Neg', [gradient])]),
  Mul: broadcasting((graph, gradient, a, b) => [
    () => graph.multiply(gradient, b),
    () => graph.multiply(gradient, a),
  ]),
  Div: broadcasting((graph, gradient, _, b, y) => [
    () => graph.divide(gradient, b),
    () => graph.apply('Neg', [graph.divide(graph.multiply(gradient, y), b)]),
  ]),

  Identity: elementwise((_, gradient) => gradient),
  Neg: elementwise((graph, gradient) => graph.apply('Neg', [gradient])),
  Abs: elementwise((graph, gradient, x) => graph.multiply(gradient, graph.apply('Sign', [x]))),
  Log: elementwise((graph, gradient, x) => graph.divide(gradient, x)),
  Sqrt: elementwise((graph, gradient, _, y) => graph.divide(graph.scale(gradient, 0.5), y)),
  Exp: elementwise((graph, gradient, _, y) => graph.multiply(gradient, y)),
  Tanh: elementwise((graph, gradient, _, y) =>
    graph.multiply(gradient, graph.subtract(graph.scalar(1), graph.square(y))),
  ),
  Sigmoid: elementwise((graph, gradient, _, y) =>
    graph.multiply(gradient, graph.subtract(y, graph.square(y))),
  ),
  // By the output: the input can be forgotten, and ONNX Runtime can fuse Relu with the convolution before it.
  Relu: elementwise((graph, gradient, _, y) =>
    graph.apply('Where', [graph.apply('Greater', [y, graph.scalar(0)]), gradient, graph.scalar(0)]),
  ),

  Reshape: reshapeBack,
  Flatten: reshapeBack,
  Transpose(graph, gradient, { inputs, attributes }) {
    const order = orderOf(inputs, attributes);
    return [
      () =>
        graph.transpose(
          gradient,
          order.map((_, axis) => order.indexOf(axis)),
        ),
    ];
  },
  Concat(graph, gradient, { inputs, attributes, output }) {
    const axis = axisOf(numberOf(attributes, 'axis', 0), output.dims.length);
    let end = 0;
    return inputs.map((_, i) => {
      const start = end;
      end += at(inputs, i).dims[axis]!;
      const stop = end;
      return () => graph.slice(gradient, axis, start, stop);
    });
  },
  Slice(graph, gradient, { inputs }) {
    const { dims } = at(inputs, 0);
    const ranges = sliceOf(inputs);
    if (ranges.some(({ step }) => step !== 1))
      throw untrainable({ code: 'onnx-option', operator: 'Slice', option: 'steps' });
    const pads = [...ranges.map(({ start }) => start), ...ranges.map(({ end }, axis) => dims[axis]! - end)];
    return [() => pad(graph, gradient, pads)];
  },
  Expand: (graph, gradient, { inputs }) => [() => fit(graph, gradient, at(inputs, 0).dims)],
  ReduceSum(graph, gradient, { inputs }) {
    const { dims } = at(inputs, 0);
    const axes = reducedAxes(inputs);
    const kept = dims.map((dim, axis) => (axes.has(axis) ? 1 : dim));
    return [() => graph.expand(graph.reshape(gradient, kept), dims)];
  },

  MatMul(graph, gradient, { inputs }) {
    const [a, b] = [at(inputs, 0), at(inputs, 1)];
    const turned = (value: GraphTensor) => {
      const axes = value.dims.map((_, axis) => axis);
      return graph.transpose(value, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
    };
    return [
      () => fit(graph, graph.apply('MatMul', [gradient, turned(b)]), a.dims),
      () => fit(graph, graph.apply('MatMul', [turned(a), gradient]), b.dims),
    ];
  },
  Gemm(graph, gradient, { inputs, attributes }) {
    const [a, b] = [at(inputs, 0), at(inputs, 1)];
    const transA = numberOf(attributes, 'transA', 0);
    const transB = numberOf(attributes, 'transB', 0);
    const alpha = numberOf(attributes, 'alpha', 1);
    const gemm = (left: GraphTensor, right: GraphTensor, leftTurned: number, rightTurned: number) =>
      graph.apply('Gemm', [left, right], { alpha, transA: leftTurned, transB: rightTurned });
    return [
      () => (transA === 1 ? gemm(b, gradient, transB, 1) : gemm(gradient, b, 0, 1 - transB)),
      () => (transB === 1 ? gemm(gradient, a, 1, transA) : gemm(a, gradient, 1 - transA, 0)),
      () => graph.scale(fit(graph, gradient, at(inputs, 2).dims), numberOf(attributes, 'beta', 1)),
    ];
  },

  Conv(graph, gradient, { inputs, attributes }) {
    const [x, filter] = [at(inputs, 0), at(inputs, 1)];
    const window = windowOf(attributes, filter.dims.slice(2), 'Conv');
    const { strides, starts, ends } = requirePlain(window, 'Conv');
    // Rows and columns at the end that no step of the filter reaches.
    const rest = strides.map(
      (stride, i) => (x.dims[2 + i]! + starts[i]! + ends[i]! - filter.dims[2 + i]!) % stride,
    );
    return [
      () =>
        graph.apply('ConvTranspose', [gradient, filter], {
          strides,
          pads: [...starts, ...ends],
          output_padding: rest,
          kernel_shape: filter.dims.slice(2),
        }),
      () => filterGradient(graph, x, gradient, window, filter.dims.slice(2)),
      () => graph.sum(gradient, [0, 2, 3]),
    ];
  },
  ConvTranspose(graph, gradient, { inputs, attributes }) {
    const [x, filter] = [at(inputs, 0), at(inputs, 1)];
    const window = windowOf(attributes, filter.dims.slice(2), 'ConvTranspose');
    const { strides, starts, ends } = requirePlain(window, 'ConvTranspose');
    return [
      () =>
        graph.apply('Conv', [gradient, filter], {
          strides,
          pads: [...starts, ...ends],
          kernel_shape: filter.dims.slice(2),
        }),
      () => filterGradient(graph, gradient, x, window, filter.dims.slice(2)),
      () => graph.sum(gradient, [0, 2, 3]),
    ];
  },

  AveragePool(graph, gradient, { inputs, attributes }) {
    const { dims } = at(inputs, 0);
    const kernel = listOf(attributes, 'kernel_shape', []);
    const { strides, starts, ends } = windowOf(attributes, kernel, 'AveragePool');
    if ([...starts, ...ends].some((pad) => pad !== 0))
      throw untrainable({ code: 'onnx-option', operator: 'AveragePool', option: 'pads' });
    if (strides.some((stride, i) => stride !== kernel[i]))
      throw untrainable({ code: 'onnx-operator', operator: 'AveragePool', way: 'overlap' });
    return [() => spread(graph, graph.scale(gradient, 1 / countOf(kernel)), kernel, dims)];
  },
  GlobalAveragePool(graph, gradient, { inputs }) {
    const { dims } = at(inputs, 0);
    return [() => graph.expand(graph.scale(gradient, 1 / countOf(dims.slice(2))), dims)];
  },
};

/** Columns of a matrix that ONNX Runtime multiplies at once: narrower ones take as long (1.30, WASM SIMD). */
const PANEL = 16;

/**
 * The gradient by a filter, of a convolution from `large` to `small` maps or of its transpose: for places in the filter,
 * a matrix product of the small map and the numbers of the large one that they have met. Places that lie beside each
 * other within a stride are met beside each other too, so they are taken together; with few channels, all are.
 *
 * The textbook way, a convolution with batch and channels exchanged and the stride as dilation, gives the same and
 * takes twice as long and more in ONNX Runtime 1.30: its matrices are only as wide as the filter has places.
 *
 * @param large - [N, A, H, W]
 * @param small - [N, B, h, w]
 * @param size - height and width of the filter
 * @returns [B, A, height, width]
 */
function filterGradient(
  graph: DifferentiableGraph,
  large: GraphTensor,
  small: GraphTensor,
  { strides, starts, ends }: Window,
  [height = 1, width = 1]: readonly number[],
): GraphTensor {
  const [n = 1, channels = 1, h = 1, w = 1] = small.dims;
  const [, inner = 1, , across = 1] = large.dims;
  const [down = 1, right = 1] = strides;
  const groups = Math.ceil(width / right);
  // As many columns as there are strides, so that a stride's columns can become channels.
  const missing = right * (w + groups - 1) - (starts[1]! + across + ends[1]!);
  const padded = pad(graph, large, [0, 0, ...starts, 0, 0, ends[0]!, ends[1]! + Math.max(missing, 0)]);
  const whole = missing < 0 ? cut(graph, padded, [[3, 0, padded.dims[3]! + missing, 1]]) : padded;
  // With channels last, what is cut out lies in rows that are copied whole.
  const last = graph.transpose(whole, [0, 2, 3, 1]);
  const columns = graph.reshape(last, [n, last.dims[1]!, w + groups - 1, right * inner]);
  const rows = graph.reshape(small, [n, channels, h * w]);
  const met = Array.from({ length: height * groups }, (_, i) => {
    const [y, group] = [Math.floor(i / groups), i % groups];
    const places = Math.min(right, width - group * right);
    return cut(graph, columns, [
      [1, y, y + (h - 1) * down + 1, down],
      [2, group, group + w, 1],
      [3, 0, places * inner, 1],
    ]);
  });
  const parts = inner < PANEL ? [graph.concat(met, 3)] : met;
  const products = parts.map((part) =>
    graph.apply('MatMul', [rows, graph.reshape(part, [n, h * w, part.dims[3]!])]),
  );
  const sum = graph.sum(graph.concat(products, 2), [0]);
  return graph.transpose(graph.reshape(sum, [channels, height, width, inner]), [0, 3, 1, 2]);
}

/** What lies between the first and the last of some axes, every so many steps. */
function cut(
  graph: DifferentiableGraph,
  value: GraphTensor,
  axes: readonly (readonly [axis: number, first: number, end: number, step: number])[],
): GraphTensor {
  const numbers = ([1, 2, 0, 3] as const).map((k) => graph.integers(axes.map((axis) => axis[k])));
  return graph.apply('Slice', [value, ...numbers]);
}

/** Zeros around a value: as many before each axis, then as many after each. */
function pad(graph: DifferentiableGraph, value: GraphTensor, pads: readonly number[]): GraphTensor {
  return pads.every((count) => count === 0) ? value : graph.apply('Pad', [value, graph.integers(pads)]);
}

/** Each number of [N, C, h, w] over a patch of the size of `kernel`; zeros where no patch is. */
function spread(
  graph: DifferentiableGraph,
  value: GraphTensor,
  kernel: readonly number[],
  dims: readonly number[],
): GraphTensor {
  const [n = 1, c = 1, h = 1, w = 1] = value.dims;
  const [height = 1, width = 1] = kernel;
  const patches = graph.expand(graph.reshape(value, [n, c, h, 1, w, 1]), [n, c, h, height, w, width]);
  const map = graph.reshape(patches, [n, c, h * height, w * width]);
  return pad(graph, map, [0, 0, 0, 0, 0, 0, dims[2]! - h * height, dims[3]! - w * width]);
}

function reshapeBack(
  graph: DifferentiableGraph,
  gradient: GraphTensor,
  { inputs }: Call,
): readonly (() => GraphTensor)[] {
  return [() => graph.reshape(gradient, at(inputs, 0).dims)];
}

/** Sums a gradient over the axes along which its value was broadcast. */
function fit(graph: DifferentiableGraph, gradient: GraphTensor, dims: readonly number[]): GraphTensor {
  const more = gradient.dims.length - dims.length;
  const axes = gradient.dims.flatMap((dim, axis) => {
    return axis < more || (dims[axis - more] === 1 && dim !== 1) ? [axis] : [];
  });
  return graph.reshape(graph.sum(gradient, axes, true), dims);
}

function requirePlain(window: Window, operator: string): Window {
  if (window.group !== 1) throw untrainable({ code: 'onnx-operator', operator, way: 'groups' });
  if (window.dilations.some((dilation) => dilation !== 1))
    throw untrainable({ code: 'onnx-option', operator, option: 'dilations' });
  return window;
}
