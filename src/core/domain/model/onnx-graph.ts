import {
  ATTRIBUTE,
  concatBytes,
  delimited,
  describeTensor,
  FLOAT32,
  GRAPH,
  integer,
  MODEL,
  NODE,
  string,
  write,
  writeTensor,
} from './onnx-wire';

/** Integers, but for `alpha` and `beta`, the only float attributes of the operators that are written here. */
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** ReduceSum with axes as an input, and Pad, are what is written here; opset 17 is what the shipped models have. */
const OPSET = 17;
const IR_VERSION = 8;

/** AttributeProto.AttributeType */
const ATTRIBUTE_TYPE = { float: 1, integer: 2, string: 3, integers: 7 } as const;

/** A NodeProto. @param inputs - an empty name is an input that is left out */
function writeNode(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Attributes = {},
): Uint8Array {
  return concatBytes([
    ...inputs.map((name) => string(NODE.input, name)),
    ...outputs.map((name) => string(NODE.output, name)),
    string(NODE.operator, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      delimited(
        NODE.attribute,
        write((writer) => {
          writer.writeStringField(ATTRIBUTE.name, name);
          if (typeof value === 'string') {
            writer.writeStringField(ATTRIBUTE.string, value);
            writer.writeVarintField(ATTRIBUTE.type, ATTRIBUTE_TYPE.string);
          } else if (typeof value !== 'number') {
            for (const number of value) writer.writeVarintField(ATTRIBUTE.integers, number);
            writer.writeVarintField(ATTRIBUTE.type, ATTRIBUTE_TYPE.integers);
          } else if (name === 'alpha' || name === 'beta') {
            writer.writeFloatField(ATTRIBUTE.float, value);
            writer.writeVarintField(ATTRIBUTE.type, ATTRIBUTE_TYPE.float);
          } else {
            writer.writeVarintField(ATTRIBUTE.integer, value);
            writer.writeVarintField(ATTRIBUTE.type, ATTRIBUTE_TYPE.integer);
          }
        }),
      ),
    ),
  ]);
}

/** What stands for a number, a list or another node's result in a graph. */
export type Name = string;

/** An ONNX graph that is written node by node, without knowing any shape. */
export class OnnxWriter {
  readonly #nodes: Uint8Array[] = [];
  readonly #initializers: Uint8Array[] = [];
  readonly #scalars = new Map<number, Name>();
  #names = 0;

  /** Fixed numbers, row-major. */
  constant(values: Float32Array, dims: readonly number[]): Name {
    return this.#stored(dims, values);
  }

  /** One number that meets an array of any shape. */
  scalar(value: number): Name {
    const known = this.#scalars.get(value) ?? this.#stored([], Float32Array.of(value));
    this.#scalars.set(value, known);
    return known;
  }

  /** An int64 list. */
  integers(values: readonly number[]): Name {
    return this.#stored([values.length], BigInt64Array.from(values, BigInt));
  }

  /** Adds a node of one output. */
  node(operator: string, inputs: readonly Name[], attributes?: Attributes): Name {
    const output = this.#newName();
    this.#nodes.push(writeNode(operator, inputs, [output], attributes));
    return output;
  }

  /** Adds a node of several outputs. */
  nodes(operator: string, inputs: readonly Name[], count: number, attributes?: Attributes): Name[] {
    const outputs = Array.from({ length: count }, () => this.#newName());
    this.#nodes.push(writeNode(operator, inputs, outputs, attributes));
    return outputs;
  }

  /**
   * The model as an ONNX file.
   *
   * @param name - of the graph
   * @param inputs - by name: data type as in `TYPE_NAMES`, and dims
   * @param outputs - float32, by name: what each is, and its dims
   */
  build(
    name: string,
    inputs: Readonly<Record<string, { readonly type: number; readonly dims: readonly (number | string)[] }>>,
    outputs: Readonly<Record<string, { readonly of: Name; readonly dims: readonly (number | string)[] }>>,
  ): Uint8Array<ArrayBuffer> {
    const named = Object.entries(outputs);
    const graph = concatBytes([
      ...this.#nodes.map((node) => delimited(GRAPH.node, node)),
      ...named.map(([output, { of }]) => delimited(GRAPH.node, writeNode('Identity', [of], [output]))),
      string(GRAPH.name, name),
      ...this.#initializers.map((tensor) => delimited(GRAPH.initializer, tensor)),
      ...Object.entries(inputs).map(([input, { type, dims }]) =>
        delimited(GRAPH.input, describeTensor(input, type, dims)),
      ),
      ...named.map(([output, { dims }]) => delimited(GRAPH.output, describeTensor(output, FLOAT32, dims))),
    ]);
    return concatBytes([
      integer(MODEL.irVersion, IR_VERSION),
      delimited(MODEL.graph, graph),
      delimited(MODEL.opset, integer(2, OPSET)),
    ]);
  }

  #stored(dims: readonly number[], values: Float32Array | BigInt64Array): Name {
    const name = this.#newName();
    this.#initializers.push(writeTensor(name, dims, values));
    return name;
  }

  #newName(): Name {
    this.#names += 1;
    return `t${this.#names}`;
  }
}
