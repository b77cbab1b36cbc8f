import { AppError } from '../../../../core/domain/errors';
import { IR_VERSION, OPSET, writeNode, type Attributes } from '../../../../core/domain/model/onnx-graph';
import { inferShape, UnknownShape, type Shaped } from '../../../../core/domain/model/onnx-shapes';
import {
  concatBytes,
  delimited,
  describeFloats,
  GRAPH,
  integer,
  MODEL,
  string,
  writeTensor,
} from '../../../../core/domain/model/onnx-wire';
import { VJPS } from './operators';

/** A tensor in a graph; its shape is known before anything runs. */
export interface GraphTensor extends Shaped {
  readonly name: string;
}

/** An input that is left out is null. */
export type Inputs = readonly (GraphTensor | null)[];

/** One operator at work: what a node says, and what comes out of it. */
export interface Call {
  readonly operator: string;
  readonly inputs: Inputs;
  readonly attributes: Attributes;
  readonly output: GraphTensor;
}

/**
 * An ONNX graph in the making that can be differentiated: reverse mode, by the vector-Jacobian products of
 * operators.ts. Gradients are nodes of the same graph.
 */
export class DifferentiableGraph {
  readonly #nodes: Uint8Array[] = [];
  readonly #initializers: Uint8Array[] = [];
  readonly #inputs = new Map<string, GraphTensor>();
  readonly #constants = new Map<string, GraphTensor>();
  readonly #calls: Call[] = [];
  #names = 0;

  /** What must be fed, in float32. */
  get inputs(): ReadonlyMap<string, GraphTensor> {
    return this.#inputs;
  }

  /** An input of the model, float32. */
  input(name: string, dims: readonly number[]): GraphTensor {
    const value = { name, dims };
    this.#inputs.set(name, value);
    return value;
  }

  /** Fixed numbers, float32, row-major. */
  constant(numbers: Float32Array, dims: readonly number[]): GraphTensor {
    return this.#stored(numbers, dims, {});
  }

  scalar(number: number): GraphTensor {
    return this.constant(Float32Array.of(number), []);
  }

  /** An int64 list. */
  integers(numbers: readonly number[]): GraphTensor {
    return this.#stored(BigInt64Array.from(numbers, BigInt), [numbers.length], { integers: numbers });
  }

  #stored(
    numbers: Float32Array | BigInt64Array,
    dims: readonly number[],
    extra: { readonly integers?: readonly number[] },
  ): GraphTensor {
    // Shapes and factors come again and again; whole filters don't.
    const key = `${numbers.BYTES_PER_ELEMENT} [${dims.join()}] ${numbers.length < 16 ? numbers.join() : this.#names}`;
    let value = this.#constants.get(key);
    if (!value) {
      value = { name: this.#newName('c'), dims, ...extra };
      this.#initializers.push(writeTensor(value.name, dims, numbers));
      this.#constants.set(key, value);
    }
    return value;
  }

  /**
   * Adds one node.
   *
   * @throws AppError `model-not-trainable` for an operator whose result has a shape that is not known here
   */
  apply(operator: string, inputs: Inputs, attributes: Attributes = {}): GraphTensor {
    const output = { name: this.#newName('t'), dims: shapeOf(operator, inputs, attributes) };
    this.#nodes.push(
      writeNode(
        operator,
        inputs.map((input) => input?.name ?? ''),
        [output.name],
        attributes,
      ),
    );
    this.#calls.push({ operator, inputs, attributes, output });
    return output;
  }

  add(a: GraphTensor, b: GraphTensor): GraphTensor {
    return this.apply('Add', [a, b]);
  }

  subtract(a: GraphTensor, b: GraphTensor): GraphTensor {
    return this.apply('Sub', [a, b]);
  }

  multiply(a: GraphTensor, b: GraphTensor): GraphTensor {
    return this.apply('Mul', [a, b]);
  }

  divide(a: GraphTensor, b: GraphTensor): GraphTensor {
    return this.apply('Div', [a, b]);
  }

  /** Every number times the same. */
  scale(value: GraphTensor, factor: number): GraphTensor {
    return factor === 1 ? value : this.multiply(value, this.scalar(factor));
  }

  square(value: GraphTensor): GraphTensor {
    return this.multiply(value, value);
  }

  reshape(value: GraphTensor, dims: readonly number[]): GraphTensor {
    return sameDims(value.dims, dims) ? value : this.apply('Reshape', [value, this.integers(dims)]);
  }

  transpose(value: GraphTensor, order: readonly number[]): GraphTensor {
    return this.apply('Transpose', [value], { perm: order });
  }

  expand(value: GraphTensor, dims: readonly number[]): GraphTensor {
    return sameDims(value.dims, dims) ? value : this.apply('Expand', [value, this.integers(dims)]);
  }

  /** The sum over some axes, or of everything. */
  sum(
    value: GraphTensor,
    axes: readonly number[] = value.dims.map((_, axis) => axis),
    keep = false,
  ): GraphTensor {
    if (axes.length === 0) return value;
    return this.apply('ReduceSum', [value, this.integers(axes)], { keepdims: keep ? 1 : 0 });
  }

  /** From `start` up to, but not with, `end`. */
  slice(value: GraphTensor, axis: number, start: number, end: number): GraphTensor {
    if (start === 0 && end === value.dims[axis]) return value;
    return this.apply('Slice', [value, ...[start, end, axis].map((number) => this.integers([number]))]);
  }

  concat(values: readonly GraphTensor[], axis: number): GraphTensor {
    const [first] = values;
    return first && values.length === 1 ? first : this.apply('Concat', values, { axis });
  }

  /**
   * The gradients of a scalar, computed only along the paths that lead to `parameters`.
   *
   * @returns one for each parameter, of its shape; undefined where the scalar doesn't depend on it
   * @throws AppError `model-not-trainable` when an operator on such a path has no gradient here
   */
  gradients(scalar: GraphTensor, parameters: readonly GraphTensor[]): (GraphTensor | undefined)[] {
    // Those of the backward pass are added to the same list while it runs.
    const calls = this.#calls.slice();
    const wanted = new Set<GraphTensor | null>(parameters);
    for (const { inputs, output } of calls) {
      if (inputs.some((input) => wanted.has(input))) wanted.add(output);
    }
    const found = new Map<GraphTensor, GraphTensor>([[scalar, this.scalar(1)]]);
    for (const call of calls.reverse()) {
      const gradient = found.get(call.output);
      if (!gradient || !wanted.has(call.output)) continue;
      const vjp = VJPS[call.operator];
      if (!vjp) throw new AppError('model-not-trainable', call.operator);
      const parts = vjp(this, gradient, call);
      call.inputs.forEach((input, i) => {
        if (!input || !wanted.has(input)) return;
        const part = parts[i]?.();
        if (!part) throw new AppError('model-not-trainable', call.operator);
        const sum = found.get(input);
        found.set(input, sum ? this.add(sum, part) : part);
      });
    }
    return parameters.map((parameter) => found.get(parameter));
  }

  /** The model as an ONNX file, with the inputs and constants that were made, and the given outputs. */
  build(outputs: Readonly<Record<string, GraphTensor>>): Uint8Array<ArrayBuffer> {
    const named = Object.entries(outputs);
    const graph = concatBytes([
      ...this.#nodes.map((node) => delimited(GRAPH.node, node)),
      ...named.map(([name, value]) => delimited(GRAPH.node, writeNode('Identity', [value.name], [name]))),
      string(GRAPH.name, 'training'),
      ...this.#initializers.map((tensor) => delimited(GRAPH.initializer, tensor)),
      ...[...this.#inputs.values()].map(({ name, dims }) =>
        delimited(GRAPH.input, describeFloats(name, dims)),
      ),
      ...named.map(([name, { dims }]) => delimited(GRAPH.output, describeFloats(name, dims))),
    ]);
    return concatBytes([
      integer(MODEL.irVersion, IR_VERSION),
      delimited(MODEL.graph, graph),
      delimited(MODEL.opset, integer(2, OPSET)),
    ]);
  }

  #newName(kind: string): string {
    this.#names += 1;
    return `${kind}${this.#names}`;
  }
}

function shapeOf(operator: string, inputs: Inputs, attributes: Attributes): number[] {
  try {
    return inferShape(operator, inputs, attributes);
  } catch (error) {
    if (!(error instanceof UnknownShape)) throw error;
    throw new AppError('model-not-trainable', error.detail, { cause: error });
  }
}

function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}
