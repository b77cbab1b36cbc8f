import type { Detail } from '../detail';
import type { Attributes } from './onnx-graph';

/** What is known of a tensor before anything runs. */
export interface Shaped {
  /** outermost first; empty for a scalar */
  readonly dims: readonly number[];
  /** the numbers of an int64 constant, such as a shape */
  readonly integers?: readonly number[];
}

/** An input that is left out is null. */
type Inputs<T extends Shaped = Shaped> = readonly (T | null)[];

/** An operator, or a use of one, whose result has a shape that is not known here. */
export class UnknownShape extends Error {
  override readonly name = 'UnknownShape';
  readonly detail: Detail;

  constructor(detail: Detail) {
    super(JSON.stringify(detail));
    this.detail = detail;
  }
}

/**
 * The shape of an operator's only output.
 *
 * @throws UnknownShape
 * @see https://onnx.ai/onnx/operators/ (opset 13 to 17)
 */
export function inferShape(operator: string, inputs: Inputs, attributes: Attributes): number[] {
  const infer = SHAPES[operator];
  if (!infer) throw new UnknownShape(operator);
  return infer(inputs, attributes);
}

type Infer = (inputs: Inputs, attributes: Attributes) => number[];

const same: Infer = (inputs) => [...at(inputs, 0).dims];
const broadcasting: Infer = (inputs) =>
  inputs.map((_, i) => at(inputs, i).dims).reduce<number[]>(broadcast, []);

const SHAPES: Readonly<Partial<Record<string, Infer>>> = {
  Add: broadcasting,
  Sub: broadcasting,
  Mul: broadcasting,
  Div: broadcasting,
  Greater: broadcasting,
  Min: broadcasting,
  Where: broadcasting,

  Identity: same,
  Neg: same,
  Abs: same,
  Log: same,
  Sqrt: same,
  Exp: same,
  Tanh: same,
  Sigmoid: same,
  Relu: same,
  Sign: same,

  Reshape(inputs, { allowzero = 0 }) {
    const { dims } = at(inputs, 0);
    const target = integersOf(inputs, 1, 'Reshape').map((dim, axis) => {
      return dim === 0 && allowzero === 0 ? (dims[axis] ?? 0) : dim;
    });
    const rest = countOf(target.filter((dim) => dim !== -1));
    const shape = target.map((dim) => (dim === -1 ? countOf(dims) / rest : dim));
    // Such as a model that was exported for another number of pictures.
    if (countOf(shape) !== countOf(dims) || !shape.every(Number.isInteger)) throw new UnknownShape('Reshape');
    return shape;
  },
  Flatten(inputs, attributes) {
    const { dims } = at(inputs, 0);
    const axis = axisOf(numberOf(attributes, 'axis', 1), dims.length);
    return [countOf(dims.slice(0, axis)), countOf(dims.slice(axis))];
  },
  Transpose: (inputs, attributes) => orderOf(inputs, attributes).map((axis) => at(inputs, 0).dims[axis]!),
  Concat(inputs, attributes) {
    const axis = axisOf(numberOf(attributes, 'axis', 0), at(inputs, 0).dims.length);
    const length = inputs.reduce((sum, _, i) => sum + at(inputs, i).dims[axis]!, 0);
    return at(inputs, 0).dims.map((dim, i) => (i === axis ? length : dim));
  },
  Slice: (inputs) =>
    sliceOf(inputs).map(({ start, end, step }) => Math.max(0, Math.ceil((end - start) / step))),
  Pad(inputs) {
    const { dims } = at(inputs, 0);
    const pads = integersOf(inputs, 1, 'Pad');
    if (pads.length !== 2 * dims.length)
      throw new UnknownShape({ code: 'onnx-option', operator: 'Pad', option: 'axes' });
    return dims.map((dim, axis) => dim + pads[axis]! + pads[axis + dims.length]!);
  },
  Expand: (inputs) => broadcast(at(inputs, 0).dims, integersOf(inputs, 1, 'Expand')),
  ReduceSum(inputs, attributes) {
    if ('axes' in attributes)
      throw new UnknownShape({ code: 'onnx-opset', operator: 'ReduceSum', opset: 13 });
    const axes = reducedAxes(inputs);
    const keep = numberOf(attributes, 'keepdims', 1) === 1;
    return at(inputs, 0).dims.flatMap((dim, axis) => (axes.has(axis) ? (keep ? [1] : []) : [dim]));
  },

  MatMul(inputs) {
    const [a, b] = [at(inputs, 0).dims, at(inputs, 1).dims];
    if (a.length < 2 || b.length < 2)
      throw new UnknownShape({ code: 'onnx-operator', operator: 'MatMul', way: 'list' });
    return [...broadcast(a.slice(0, -2), b.slice(0, -2)), a.at(-2)!, b.at(-1)!];
  },
  Gemm(inputs, attributes) {
    const a = at(inputs, 0).dims;
    const b = at(inputs, 1).dims;
    return [
      a[numberOf(attributes, 'transA', 0) === 1 ? 1 : 0]!,
      b[numberOf(attributes, 'transB', 0) === 1 ? 0 : 1]!,
    ];
  },

  Conv(inputs, attributes) {
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
  ConvTranspose(inputs, attributes) {
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
  AveragePool: pooled,
  GlobalAveragePool: (inputs) => at(inputs, 0).dims.map((dim, axis) => (axis < 2 ? dim : 1)),
  MaxPool: pooled,
};

function pooled(inputs: Inputs, attributes: Attributes): number[] {
  const { dims } = at(inputs, 0);
  const kernel = listOf(attributes, 'kernel_shape', []);
  const { strides, starts, ends, dilations } = windowOf(attributes, kernel, 'Pool');
  if (numberOf(attributes, 'ceil_mode', 0) !== 0)
    throw new UnknownShape({ code: 'onnx-option', operator: 'Pool', option: 'ceil_mode' });
  return dims.map((dim, axis) => {
    const i = axis - 2;
    if (i < 0) return dim;
    const reach = dilations[i]! * (kernel[i]! - 1) + 1;
    return Math.floor((dim + starts[i]! + ends[i]! - reach) / strides[i]!) + 1;
  });
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
export interface Window {
  readonly strides: readonly number[];
  /** above and left */
  readonly starts: readonly number[];
  /** below and right */
  readonly ends: readonly number[];
  readonly dilations: readonly number[];
  readonly group: number;
}

export function windowOf(attributes: Attributes, kernel: readonly number[], operator: string): Window {
  if (kernel.length !== 2)
    throw new UnknownShape({ code: 'onnx-dimensions', operator, count: kernel.length });
  const { auto_pad: automatic = 'NOTSET' } = attributes;
  if (automatic !== 'NOTSET' && automatic !== 'VALID')
    throw new UnknownShape({ code: 'onnx-option', operator, option: 'auto_pad' });
  const pads = listOf(attributes, 'pads', [0, 0, 0, 0]);
  return {
    strides: listOf(attributes, 'strides', [1, 1]),
    starts: pads.slice(0, 2),
    ends: pads.slice(2),
    dilations: listOf(attributes, 'dilations', [1, 1]),
    group: numberOf(attributes, 'group', 1),
  };
}

/** What a ConvTranspose adds below and right. */
function extraOf(attributes: Attributes): readonly number[] {
  if ('output_shape' in attributes)
    throw new UnknownShape({ code: 'onnx-option', operator: 'ConvTranspose', option: 'output_shape' });
  return listOf(attributes, 'output_padding', [0, 0]);
}

export function sliceOf(
  inputs: Inputs,
): { readonly start: number; readonly end: number; readonly step: number }[] {
  const { dims } = at(inputs, 0);
  const starts = integersOf(inputs, 1, 'Slice');
  const ends = integersOf(inputs, 2, 'Slice');
  const axes = inputs[3] ? integersOf(inputs, 3, 'Slice') : starts.map((_, axis) => axis);
  const steps = inputs[4] ? integersOf(inputs, 4, 'Slice') : starts.map(() => 1);
  if (steps.some((step) => step < 1))
    throw new UnknownShape({ code: 'onnx-operator', operator: 'Slice', way: 'backwards' });
  const ranges = dims.map((dim) => ({ start: 0, end: dim, step: 1 }));
  axes.forEach((axis, i) => {
    const dim = dims[axisOf(axis, dims.length)]!;
    const inside = (index: number) => Math.min(dim, Math.max(0, index < 0 ? index + dim : index));
    const range = { start: inside(starts[i]!), end: inside(ends[i]!), step: steps[i]! };
    ranges[axisOf(axis, dims.length)] = range;
  });
  return ranges;
}

export function orderOf(inputs: Inputs, attributes: Attributes): readonly number[] {
  const axes = at(inputs, 0).dims.map((_, axis) => axis);
  return listOf(attributes, 'perm', axes.reverse());
}

/** The axes of a ReduceSum: all when it names none. */
export function reducedAxes(inputs: Inputs): ReadonlySet<number> {
  const rank = at(inputs, 0).dims.length;
  const axes = inputs[1] ? integersOf(inputs, 1, 'ReduceSum') : at(inputs, 0).dims.map((_, axis) => axis);
  return new Set(axes.map((axis) => axisOf(axis, rank)));
}

export const axisOf = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

export const countOf = (dims: readonly number[]) => dims.reduce((product, dim) => product * dim, 1);

/** @throws RangeError when the input is left out */
export function at<T extends Shaped>(inputs: Inputs<T>, i: number): T {
  const input = inputs[i];
  if (!input) throw new RangeError(`input ${i} of an operator is missing`);
  return input;
}

/** An input that must be known before anything runs, such as a shape. */
function integersOf(inputs: Inputs, i: number, operator: string): readonly number[] {
  const numbers = inputs[i]?.integers;
  if (!numbers) throw new UnknownShape({ code: 'onnx-operator', operator, way: 'computed' });
  return numbers;
}

export function numberOf(attributes: Attributes, name: string, otherwise: number): number {
  const value = attributes[name];
  return typeof value === 'number' ? value : otherwise;
}

export function listOf(
  attributes: Attributes,
  name: string,
  otherwise: readonly number[],
): readonly number[] {
  const value = attributes[name];
  return typeof value === 'object' ? value : otherwise;
}
