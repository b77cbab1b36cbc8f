import type { Attributes } from './onnx-nodes';

/** Facts of a tensor that are known before anything runs. */
export interface TensorFacts {
  /** outermost first; empty for a scalar */
  readonly dims: readonly number[];
}

type Inputs = readonly (TensorFacts | null)[];

/** An operator, or a use of one, whose result has a shape that is not known here. */
export class UnknownShape extends Error {
  override readonly name = 'UnknownShape';
}

/** Shape of an operator's only output; https://onnx.ai/onnx/operators/ (opset 13 to 17). @throws UnknownShape */
export function inferShape(operator: string, inputs: Inputs, attributes: Attributes): number[] {
  const infer = Object.hasOwn(SHAPES, operator) ? SHAPES[operator] : undefined;
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

  Identity: same,
  Abs: same,
  Log: same,
  Relu: same,

  Flatten(inputs, attributes) {
    const { dims } = at(inputs, 0);
    const axis = axisOf(numberOf(attributes, 'axis', 1), dims.length);
    return [countOf(dims.slice(0, axis)), countOf(dims.slice(axis))];
  },
  Concat(inputs, attributes) {
    const axis = axisOf(numberOf(attributes, 'axis', 0), at(inputs, 0).dims.length);
    const length = inputs.reduce((sum, _, i) => sum + at(inputs, i).dims[axis]!, 0);
    return at(inputs, 0).dims.map((dim, i) => (i === axis ? length : dim));
  },
  Gemm(inputs, attributes) {
    const a = at(inputs, 0).dims;
    const b = at(inputs, 1).dims;
    return [
      a[numberOf(attributes, 'transA', 0) !== 0 ? 1 : 0]!,
      b[numberOf(attributes, 'transB', 0) !== 0 ? 0 : 1]!,
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
  AveragePool(inputs, attributes) {
    const { dims } = at(inputs, 0);
    const kernel = listOf(attributes, 'kernel_shape', []);
    const { strides, starts, ends, dilations } = windowOf(attributes, kernel, 'AveragePool');
    if (numberOf(attributes, 'ceil_mode', 0) !== 0) throw new UnknownShape('AveragePool with ceil_mode');
    return dims.map((dim, axis) => {
      const i = axis - 2;
      if (i < 0) return dim;
      const reach = dilations[i]! * (kernel[i]! - 1) + 1;
      return Math.floor((dim + starts[i]! + ends[i]! - reach) / strides[i]!) + 1;
    });
  },
};

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

export function windowOf(attributes: Attributes, kernel: readonly number[], operator: string): Window {
  if (kernel.length !== 2) throw new UnknownShape(`${operator} in ${kernel.length} dimensions`);
  const { auto_pad: automatic = 'NOTSET', pads: own } = attributes;
  const isPadded = automatic === 'VALID' && own === undefined;
  if (automatic !== 'NOTSET' && !isPadded) throw new UnknownShape(`${operator} with auto_pad`);
  const list = (name: string, otherwise: readonly number[]) => {
    const found = listOf(attributes, name, otherwise);
    if (found.length !== otherwise.length)
      throw new UnknownShape(`${operator} with ${name} [${found.join()}]`);
    return found;
  };
  if (String(list('kernel_shape', kernel)) !== String(kernel))
    throw new UnknownShape(`${operator} of two sizes`);
  const pads = list('pads', [0, 0, 0, 0]);
  return {
    strides: list('strides', [1, 1]),
    starts: pads.slice(0, 2),
    ends: pads.slice(2),
    dilations: list('dilations', [1, 1]),
    group: numberOf(attributes, 'group', 1),
  };
}

const axisOf = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

export const countOf = (dims: readonly number[]) => dims.reduce((product, dim) => product * dim, 1);

/** @throws RangeError when the input is left out */
function at(inputs: Inputs, i: number): TensorFacts {
  const input = inputs[i];
  if (!input) throw new RangeError(`input ${i} of an operator is missing`);
  return input;
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
