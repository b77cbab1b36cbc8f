import type { Detail } from '../../../../core/domain/detail';
import { AppError } from '../../../../core/domain/errors';
import type { Attributes } from '../../../../core/domain/model/onnx-graph';
import type { Call, Graph, Inputs, Value } from './graph';

/**
 * What is known of an operator of ONNX: the shape of its only output, and how a gradient goes back through it.
 *
 * @see https://onnx.ai/onnx/operators/ (opset 13 to 17)
 */
interface Operator {
  readonly infer: (inputs: Inputs, attributes: Attributes) => number[];
  /**
   * Vector-Jacobian product: the gradient by the output -> for each input, how to add the nodes that compute the
   * gradient by that input. Only those that lead to a parameter are asked for. Left out when there is none.
   */
  readonly vjp?: (graph: Graph, gradient: Value, call: Call) => readonly (() => Value)[];
}

/** An operator, or a use of one, that no gradient goes through here. */
const untrainable = (what: Detail) => new AppError('model-not-trainable', what);

/** An elementwise operator of one input; `derivative` multiplies the gradient by its derivative. */
function elementwise(derivative: (graph: Graph, gradient: Value, x: Value, y: Value) => Value): Operator {
  return {
    infer: (inputs) => [...at(inputs, 0).dims],
    vjp: (graph, gradient, { inputs, output }) => [() => derivative(graph, gradient, at(inputs, 0), output)],
  };
}

/** An elementwise operator of two inputs that are broadcast to one shape. */
function broadcasting(
  derivatives: (graph: Graph, gradient: Value, a: Value, b: Value, y: Value) => readonly (() => Value)[],
): Operator {
  return {
    infer: (inputs) => broadcast(at(inputs, 0).dims, at(inputs, 1).dims),
    vjp: (graph, gradient, { inputs, output }) =>
      derivatives(graph, gradient, at(inputs, 0), at(inputs, 1), output).map(
        (derivative, i) => () => fit(graph, derivative(), at(inputs, i).dims),
      ),
  };
}

const sameShape: Operator = { infer: (inputs) => [...at(inputs, 0).dims] };

export const OPERATORS: Readonly<Partial<Record<string, Operator>>> = {
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
  Sign: sameShape,
  Greater: { infer: (inputs) => broadcast(at(inputs, 0).dims, at(inputs, 1).dims) },
  Min: { infer: (inputs) => inputs.map((_, i) => at(inputs, i).dims).reduce<number[]>(broadcast, []) },
  Where: { infer: (inputs) => [0, 1, 2].map((i) => at(inputs, i).dims).reduce<number[]>(broadcast, []) },

  Reshape: {
    infer(inputs, { allowzero = 0 }) {
      const { dims } = at(inputs, 0);
      const target = integersOf(inputs, 1, 'Reshape').map((dim, axis) => {
        return dim === 0 && allowzero === 0 ? (dims[axis] ?? 0) : dim;
      });
      const rest = countOf(target.filter((dim) => dim !== -1));
      const shape = target.map((dim) => (dim === -1 ? countOf(dims) / rest : dim));
      // Such as a model that was exported for another number of pictures.
      if (countOf(shape) !== countOf(dims) || !shape.every(Number.isInteger)) throw untrainable('Reshape');
      return shape;
    },
    vjp: reshapeBack,
  },
  Flatten: {
    infer(inputs, attributes) {
      const { dims } = at(inputs, 0);
      const axis = axisOf(numberOf(attributes, 'axis', 1), dims.length);
      return [countOf(dims.slice(0, axis)), countOf(dims.slice(axis))];
    },
    vjp: reshapeBack,
  },
  Transpose: {
    infer: (inputs, attributes) => orderOf(inputs, attributes).map((axis) => at(inputs, 0).dims[axis]!),
    vjp(graph, gradient, { inputs, attributes }) {
      const order = orderOf(inputs, attributes);
      return [
        () =>
          graph.transpose(
            gradient,
            order.map((_, axis) => order.indexOf(axis)),
          ),
      ];
    },
  },
  Concat: {
    infer(inputs, attributes) {
      const axis = axisOf(numberOf(attributes, 'axis', 0), at(inputs, 0).dims.length);
      const length = inputs.reduce((sum, _, i) => sum + at(inputs, i).dims[axis]!, 0);
      return at(inputs, 0).dims.map((dim, i) => (i === axis ? length : dim));
    },
    vjp(graph, gradient, { inputs, attributes, output }) {
      const axis = axisOf(numberOf(attributes, 'axis', 0), output.dims.length);
      let end = 0;
      return inputs.map((_, i) => {
        const start = end;
        end += at(inputs, i).dims[axis]!;
        const stop = end;
        return () => graph.slice(gradient, axis, start, stop);
      });
    },
  },
  Slice: {
    infer: (inputs) =>
      sliceOf(inputs).map(({ start, end, step }) => Math.max(0, Math.ceil((end - start) / step))),
    vjp(graph, gradient, { inputs }) {
      const { dims } = at(inputs, 0);
      const ranges = sliceOf(inputs);
      if (ranges.some(({ step }) => step !== 1))
        throw untrainable({ code: 'onnx-option', operator: 'Slice', option: 'steps' });
      const pads = [...ranges.map(({ start }) => start), ...ranges.map(({ end }, axis) => dims[axis]! - end)];
      return [() => pad(graph, gradient, pads)];
    },
  },
  Pad: {
    infer(inputs) {
      const { dims } = at(inputs, 0);
      const pads = integersOf(inputs, 1, 'Pad');
      if (pads.length !== 2 * dims.length)
        throw untrainable({ code: 'onnx-option', operator: 'Pad', option: 'axes' });
      return dims.map((dim, axis) => dim + pads[axis]! + pads[axis + dims.length]!);
    },
  },
  Expand: {
    infer: (inputs) => broadcast(at(inputs, 0).dims, integersOf(inputs, 1, 'Expand')),
    vjp: (graph, gradient, { inputs }) => [() => fit(graph, gradient, at(inputs, 0).dims)],
  },
  ReduceSum: {
    infer(inputs, attributes) {
      if ('axes' in attributes) throw untrainable({ code: 'onnx-opset', operator: 'ReduceSum', opset: 13 });
      const axes = axesOf(inputs);
      const keep = numberOf(attributes, 'keepdims', 1) === 1;
      return at(inputs, 0).dims.flatMap((dim, axis) => (axes.has(axis) ? (keep ? [1] : []) : [dim]));
    },
    vjp(graph, gradient, { inputs }) {
      const { dims } = at(inputs, 0);
      const axes = axesOf(inputs);
      const kept = dims.map((dim, axis) => (axes.has(axis) ? 1 : dim));
      return [() => graph.expand(graph.reshape(gradient, kept), dims)];
    },
  },

  MatMul: {
    infer(inputs) {
      const [a, b] = [at(inputs, 0).dims, at(inputs, 1).dims];
      if (a.length < 2 || b.length < 2)
        throw untrainable({ code: 'onnx-operator', operator: 'MatMul', way: 'list' });
      return [...broadcast(a.slice(0, -2), b.slice(0, -2)), a.at(-2)!, b.at(-1)!];
    },
    vjp(graph, gradient, { inputs }) {
      const [a, b] = [at(inputs, 0), at(inputs, 1)];
      const turned = (value: Value) => {
        const axes = value.dims.map((_, axis) => axis);
        return graph.transpose(value, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
      };
      return [
        () => fit(graph, graph.apply('MatMul', [gradient, turned(b)]), a.dims),
        () => fit(graph, graph.apply('MatMul', [turned(a), gradient]), b.dims),
      ];
    },
  },
  Gemm: {
    infer(inputs, attributes) {
      const a = at(inputs, 0).dims;
      const b = at(inputs, 1).dims;
      return [
        a[numberOf(attributes, 'transA', 0) === 1 ? 1 : 0]!,
        b[numberOf(attributes, 'transB', 0) === 1 ? 0 : 1]!,
      ];
    },
    vjp(graph, gradient, { inputs, attributes }) {
      const [a, b] = [at(inputs, 0), at(inputs, 1)];
      const transA = numberOf(attributes, 'transA', 0);
      const transB = numberOf(attributes, 'transB', 0);
      const alpha = numberOf(attributes, 'alpha', 1);
      const gemm = (left: Value, right: Value, leftTurned: number, rightTurned: number) =>
        graph.apply('Gemm', [left, right], { alpha, transA: leftTurned, transB: rightTurned });
      return [
        () => (transA === 1 ? gemm(b, gradient, transB, 1) : gemm(gradient, b, 0, 1 - transB)),
        () => (transB === 1 ? gemm(gradient, a, 1, transA) : gemm(a, gradient, 1 - transA, 0)),
        () => graph.scale(fit(graph, gradient, at(inputs, 2).dims), numberOf(attributes, 'beta', 1)),
      ];
    },
  },

  Conv: {
    infer(inputs, attributes) {
      const { dims } = at(inputs, 0);
      const filter = at(inputs, 1).dims;
      const { strides, starts, ends, dilations } = windowOf(attributes, filter.slice(2), 'Conv');
      return [
        dims[0]!,
        filter[0]!,
        ...strides.map((stride, i) => {
          const reach = dilations[i]! * (filter[2 + i]! - 1) + 1;
          return Math.floor((dims[2 + i]! + starts[i]! + ends[i]! - reach) / stride) + 1;
        }),
      ];
    },
    vjp(graph, gradient, { inputs, attributes }) {
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
  },
  ConvTranspose: {
    infer(inputs, attributes) {
      const { dims } = at(inputs, 0);
      const filter = at(inputs, 1).dims;
      const window = windowOf(attributes, filter.slice(2), 'ConvTranspose');
      const { strides, starts, ends, dilations, group } = window;
      const more = extraOf(attributes);
      return [
        dims[0]!,
        filter[1]! * group,
        ...strides.map((stride, i) => {
          const reach = dilations[i]! * (filter[2 + i]! - 1) + 1;
          return (dims[2 + i]! - 1) * stride - starts[i]! - ends[i]! + reach + more[i]!;
        }),
      ];
    },
    vjp(graph, gradient, { inputs, attributes }) {
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
  },

  AveragePool: {
    infer: pooled,
    vjp(graph, gradient, { inputs, attributes }) {
      const { dims } = at(inputs, 0);
      const kernel = listOf(attributes, 'kernel_shape', []);
      const { strides, starts, ends } = windowOf(attributes, kernel, 'AveragePool');
      if ([...starts, ...ends].some((pad) => pad !== 0))
        throw untrainable({ code: 'onnx-option', operator: 'AveragePool', option: 'pads' });
      if (strides.some((stride, i) => stride !== kernel[i]))
        throw untrainable({ code: 'onnx-operator', operator: 'AveragePool', way: 'overlap' });
      return [() => spread(graph, graph.scale(gradient, 1 / countOf(kernel)), kernel, dims)];
    },
  },
  GlobalAveragePool: {
    infer: (inputs) => at(inputs, 0).dims.map((dim, axis) => (axis < 2 ? dim : 1)),
    vjp(graph, gradient, { inputs }) {
      const { dims } = at(inputs, 0);
      return [() => graph.expand(graph.scale(gradient, 1 / countOf(dims.slice(2))), dims)];
    },
  },
  MaxPool: { infer: pooled },
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
  graph: Graph,
  large: Value,
  small: Value,
  { strides, starts, ends }: Window,
  [height = 1, width = 1]: readonly number[],
): Value {
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
  graph: Graph,
  value: Value,
  axes: readonly (readonly [axis: number, first: number, end: number, step: number])[],
): Value {
  const numbers = ([1, 2, 0, 3] as const).map((k) => graph.integers(axes.map((axis) => axis[k])));
  return graph.apply('Slice', [value, ...numbers]);
}

/** Zeros around a value: as many before each axis, then as many after each. */
function pad(graph: Graph, value: Value, pads: readonly number[]): Value {
  return pads.every((count) => count === 0) ? value : graph.apply('Pad', [value, graph.integers(pads)]);
}

/** Each number of [N, C, h, w] over a patch of the size of `kernel`; zeros where no patch is. */
function spread(graph: Graph, value: Value, kernel: readonly number[], dims: readonly number[]): Value {
  const [n = 1, c = 1, h = 1, w = 1] = value.dims;
  const [height = 1, width = 1] = kernel;
  const patches = graph.expand(graph.reshape(value, [n, c, h, 1, w, 1]), [n, c, h, height, w, width]);
  const map = graph.reshape(patches, [n, c, h * height, w * width]);
  return pad(graph, map, [0, 0, 0, 0, 0, 0, dims[2]! - h * height, dims[3]! - w * width]);
}

function pooled(inputs: Inputs, attributes: Attributes): number[] {
  const { dims } = at(inputs, 0);
  const kernel = listOf(attributes, 'kernel_shape', []);
  const { strides, starts, ends, dilations } = windowOf(attributes, kernel, 'Pool');
  if (numberOf(attributes, 'ceil_mode', 0) !== 0)
    throw untrainable({ code: 'onnx-option', operator: 'Pool', option: 'ceil_mode' });
  return dims.map((dim, axis) => {
    const i = axis - 2;
    if (i < 0) return dim;
    const reach = dilations[i]! * (kernel[i]! - 1) + 1;
    return Math.floor((dim + starts[i]! + ends[i]! - reach) / strides[i]!) + 1;
  });
}

function reshapeBack(graph: Graph, gradient: Value, { inputs }: Call): readonly (() => Value)[] {
  return [() => graph.reshape(gradient, at(inputs, 0).dims)];
}

/** Sums a gradient over the axes along which its value was broadcast. */
function fit(graph: Graph, gradient: Value, dims: readonly number[]): Value {
  const more = gradient.dims.length - dims.length;
  const axes = gradient.dims.flatMap((dim, axis) => {
    return axis < more || (dims[axis - more] === 1 && dim !== 1) ? [axis] : [];
  });
  return graph.reshape(graph.sum(gradient, axes, true), dims);
}

/** The shape of two broadcast values, as in numpy. */
function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [left = 1, right = 1] = [a[a.length - rank + axis], b[b.length - rank + axis]];
    if (left !== right && left !== 1 && right !== 1) {
      throw new RangeError(`[${a.join(', ')}] and [${b.join(', ')}] don't fit`);
    }
    return left === 1 ? right : left;
  });
}

/** How a filter moves over a map; lists hold [height, width]. */
interface Window {
  readonly strides: readonly number[];
  /** above and left */
  readonly starts: readonly number[];
  /** below and right */
  readonly ends: readonly number[];
  readonly dilations: readonly number[];
  readonly group: number;
}

function windowOf(attributes: Attributes, kernel: readonly number[], operator: string): Window {
  if (kernel.length !== 2) throw untrainable({ code: 'onnx-dimensions', operator, count: kernel.length });
  const { auto_pad: automatic = 'NOTSET' } = attributes;
  if (automatic !== 'NOTSET' && automatic !== 'VALID')
    throw untrainable({ code: 'onnx-option', operator, option: 'auto_pad' });
  const pads = listOf(attributes, 'pads', [0, 0, 0, 0]);
  return {
    strides: listOf(attributes, 'strides', [1, 1]),
    starts: pads.slice(0, 2),
    ends: pads.slice(2),
    dilations: listOf(attributes, 'dilations', [1, 1]),
    group: numberOf(attributes, 'group', 1),
  };
}

function requirePlain(window: Window, operator: string): Window {
  if (window.group !== 1) throw untrainable({ code: 'onnx-operator', operator, way: 'groups' });
  if (window.dilations.some((dilation) => dilation !== 1))
    throw untrainable({ code: 'onnx-option', operator, option: 'dilations' });
  return window;
}

/** What a ConvTranspose adds below and right. */
function extraOf(attributes: Attributes): readonly number[] {
  if ('output_shape' in attributes)
    throw untrainable({ code: 'onnx-option', operator: 'ConvTranspose', option: 'output_shape' });
  return listOf(attributes, 'output_padding', [0, 0]);
}

function sliceOf(inputs: Inputs): { readonly start: number; readonly end: number; readonly step: number }[] {
  const { dims } = at(inputs, 0);
  const starts = integersOf(inputs, 1, 'Slice');
  const ends = integersOf(inputs, 2, 'Slice');
  const axes = inputs[3] ? integersOf(inputs, 3, 'Slice') : starts.map((_, axis) => axis);
  const steps = inputs[4] ? integersOf(inputs, 4, 'Slice') : starts.map(() => 1);
  if (steps.some((step) => step < 1))
    throw untrainable({ code: 'onnx-operator', operator: 'Slice', way: 'backwards' });
  const ranges = dims.map((dim) => ({ start: 0, end: dim, step: 1 }));
  axes.forEach((axis, i) => {
    const dim = dims[axisOf(axis, dims.length)]!;
    const inside = (index: number) => Math.min(dim, Math.max(0, index < 0 ? index + dim : index));
    const range = { start: inside(starts[i]!), end: inside(ends[i]!), step: steps[i]! };
    ranges[axisOf(axis, dims.length)] = range;
  });
  return ranges;
}

function orderOf(inputs: Inputs, attributes: Attributes): readonly number[] {
  const axes = at(inputs, 0).dims.map((_, axis) => axis);
  return listOf(attributes, 'perm', axes.reverse());
}

/** The axes of a ReduceSum: all when it names none. */
function axesOf(inputs: Inputs): ReadonlySet<number> {
  const rank = at(inputs, 0).dims.length;
  const axes = inputs[1] ? integersOf(inputs, 1, 'ReduceSum') : at(inputs, 0).dims.map((_, axis) => axis);
  return new Set(axes.map((axis) => axisOf(axis, rank)));
}

const axisOf = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

export const countOf = (dims: readonly number[]) => dims.reduce((product, dim) => product * dim, 1);

function at(inputs: Inputs, i: number): Value {
  const input = inputs[i];
  if (!input) throw new RangeError(`input ${i} of an operator is missing`);
  return input;
}

/** An input that must be known before anything runs, such as a shape. */
function integersOf(inputs: Inputs, i: number, operator: string): readonly number[] {
  const numbers = inputs[i]?.integers;
  if (!numbers) throw untrainable({ code: 'onnx-operator', operator, way: 'computed' });
  return numbers;
}

function numberOf(attributes: Attributes, name: string, otherwise: number): number {
  const value = attributes[name];
  return typeof value === 'number' ? value : otherwise;
}

function listOf(attributes: Attributes, name: string, otherwise: readonly number[]): readonly number[] {
  const value = attributes[name];
  return typeof value === 'object' ? value : otherwise;
}
