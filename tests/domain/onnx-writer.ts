import type { Attributes } from '../../src/core/domain/model/onnx-nodes';
import {
  ATTRIBUTE,
  concatBytes,
  delimited,
  describeFloats,
  FLOAT32,
  GRAPH,
  integer,
  MODEL,
  NODE,
  string,
  scan,
  TENSOR,
  text,
  write,
} from '../../src/core/domain/model/onnx-wire';

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

/** `dims` are outermost first; `values` are row-major. */
export function writeTensor(name: string, dims: readonly number[], values: Float32Array): Uint8Array {
  return write((writer) => {
    for (const dim of dims) writer.writeVarintField(TENSOR.dims, dim);
    writer.writeVarintField(TENSOR.type, FLOAT32);
    writer.writeStringField(TENSOR.name, name);
    writer.writeBytesField(TENSOR.raw, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  });
}

/** The model with one entry of its metadata set; an earlier one of that key goes. */
export function withMetadata(model: Uint8Array, key: string, value: string): Uint8Array {
  const kept = scan(model).filter(
    (field) => field.number !== MODEL.metadata || text(scan(field.payload), 1) !== key,
  );
  const entry = delimited(MODEL.metadata, concatBytes([string(1, key), string(2, value)]));
  return concatBytes([...kept.map((field) => field.raw), entry]);
}

/** Names a result in a graph. */
export type Name = string;

/** Builds a float32 ONNX graph node by node. */
export class OnnxWriter {
  readonly #nodes: Uint8Array[] = [];
  readonly #initializers: Uint8Array[] = [];
  #names = 0;

  /** Fixed numbers, row-major. */
  constant(values: Float32Array, dims: readonly number[]): Name {
    const name = this.#newName();
    this.#initializers.push(writeTensor(name, dims, values));
    return name;
  }

  /** A number that combines with an array of any shape. */
  scalar(value: number): Name {
    return this.constant(Float32Array.of(value), []);
  }

  /** Adds a node with one output. */
  node(operator: string, inputs: readonly Name[], attributes?: Attributes): Name {
    const output = this.#newName();
    this.#nodes.push(writeNode(operator, inputs, [output], attributes));
    return output;
  }

  /**
   * The model as an ONNX file.
   *
   * @param inputs - float32, dims by name
   * @param outputs - by name: the result, and its dims
   */
  build(
    inputs: Readonly<Record<string, readonly (number | string)[]>>,
    outputs: Readonly<Record<string, { readonly of: Name; readonly dims: readonly (number | string)[] }>>,
  ): Uint8Array {
    const named = Object.entries(outputs);
    const graph = concatBytes([
      ...this.#nodes.map((node) => delimited(GRAPH.node, node)),
      ...named.map(([output, { of }]) => delimited(GRAPH.node, writeNode('Identity', [of], [output]))),
      ...this.#initializers.map((tensor) => delimited(GRAPH.initializer, tensor)),
      ...Object.entries(inputs).map(([input, dims]) => delimited(GRAPH.input, describeFloats(input, dims))),
      ...named.map(([output, { dims }]) => delimited(GRAPH.output, describeFloats(output, dims))),
    ]);
    return concatBytes([
      integer(MODEL.irVersion, IR_VERSION),
      delimited(MODEL.graph, graph),
      delimited(MODEL.opset, integer(2, OPSET)),
    ]);
  }

  #newName(): Name {
    this.#names += 1;
    return `t${this.#names}`;
  }
}
