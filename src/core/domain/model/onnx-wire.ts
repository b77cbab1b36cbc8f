import { PbfReader, PbfWriter } from 'pbf';
import { concat } from '../concat';
import type { Detail } from '../detail';
import { AppError } from '../errors';
import { plainText } from '../files/plain-name';

/**
 * The bytes of ONNX files: protobuf messages as lists of fields, and what is read out of them.
 *
 * Field numbers are those of onnx.proto3 (ONNX 1.17, IR version 10):
 * https://github.com/onnx/onnx/blob/v1.17.0/onnx/onnx.proto3
 */

export const MODEL = { irVersion: 1, graph: 7, opset: 8, metadata: 14 } as const;
export const GRAPH = {
  node: 1,
  name: 2,
  initializer: 5,
  input: 11,
  output: 12,
  valueInfo: 13,
  sparse: 15,
} as const;
export const NODE = { input: 1, output: 2, operator: 4, attribute: 5, domain: 7 } as const;
export const ATTRIBUTE = {
  name: 1,
  float: 2,
  integer: 3,
  string: 4,
  tensor: 5,
  graph: 6,
  floats: 7,
  integers: 8,
  tensors: 10,
  graphs: 11,
  type: 20,
} as const;
export const TENSOR = {
  dims: 1,
  type: 2,
  float: 4,
  int32: 5,
  int64: 7,
  name: 8,
  raw: 9,
  external: 13,
  location: 14,
} as const;

export const FLOAT32 = 1;
export const FLOAT16 = 10;
export const TYPE_NAMES = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
];
/** bytes of one number, by data type; others, such as strings and 4-bit numbers, are not checked */
const TYPE_BYTES: Readonly<Record<number, number>> = {
  1: 4,
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  6: 4,
  7: 8,
  9: 1,
  10: 2,
  11: 8,
  12: 4,
  13: 8,
  14: 8,
  15: 16,
  16: 2,
};

/** Of a name that is shown, in characters: a file may have names of any length. */
export const LONGEST_NAME = 60;

/** Deeper nesting than any exporter makes: If and Loop hold graphs that hold nodes. */
const DEEPEST = 20;

export interface Field {
  readonly number: number;
  /** 0 varint, 1 and 5 fixed, 2 length-delimited */
  readonly wireType: number;
  /** the field as it stands in the file, with its tag */
  readonly raw: Uint8Array;
  /** of a varint; 0 for others */
  readonly value: number;
  /** of a length-delimited field; empty for others */
  readonly payload: Uint8Array;
  readonly text: () => string;
}

export interface Node {
  readonly payload: Uint8Array;
  readonly operator: string;
  /** the node's inputs, and values that the graphs inside it may take from around them */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** attribute `to` of a Cast; 0 for others */
  readonly castTo: number;
}

export interface Tensor {
  readonly payload: Uint8Array;
  readonly name: string;
  readonly type: number;
  readonly dims: readonly number[];
}

export interface Graph {
  readonly fields: readonly Field[];
  readonly nodes: readonly Node[];
  readonly initializers: readonly Tensor[];
  /** sparse initializers by name */
  readonly sparse: ReadonlyMap<string, Uint8Array>;
  readonly inputs: ReadonlyMap<string, Uint8Array>;
  readonly outputs: ReadonlyMap<string, Uint8Array>;
  readonly valueInfo: ReadonlyMap<string, Uint8Array>;
}

export const EMPTY: Uint8Array = new Uint8Array(0);

/** The fields of one message. pbf reads on past the end of its bytes without a word, so each field is checked. */
export function scan(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  const reader = new PbfReader(message);
  while (reader.pos < message.length) {
    const start = reader.pos;
    let number: number;
    let value = 0;
    let payload: Uint8Array = EMPTY;
    try {
      number = reader.nextField();
      if (reader.type === 0) value = reader.readVarint(true);
      else if (reader.type === 2) payload = reader.readBytes();
      else reader.skip(reader.type);
    } catch (error) {
      throw damaged({ code: 'onnx-fields' }, error);
    }
    if (number === 0) throw damaged({ code: 'onnx-fields' });
    if (reader.pos > message.length) throw damaged({ code: 'onnx-cut' });
    const { type: wireType, pos: end } = reader;
    const text = () => {
      if (wireType !== 2) return '';
      reader.pos = start;
      reader.nextField();
      return reader.readString();
    };
    fields.push({ number, wireType, value, payload, text, raw: message.subarray(start, end) });
  }
  return fields;
}

export function openModel(bytes: Uint8Array): { fields: readonly Field[]; graph: Graph } {
  if (bytes.length === 0) throw damaged({ code: 'onnx-empty' });
  const fields = scan(bytes);
  const graph = last(fields, MODEL.graph);
  if (!graph) throw damaged({ code: 'onnx-no-graph' });
  return { fields, graph: readGraph(graph.payload) };
}

function readGraph(payload: Uint8Array): Graph {
  const fields = scan(payload);
  const values = (number: number) =>
    new Map(all(fields, number).map((field) => [text(scan(field.payload), 1), field.payload]));
  const graph = {
    fields,
    nodes: all(fields, GRAPH.node).map((field) => readNode(field.payload, 0)),
    initializers: all(fields, GRAPH.initializer).map((field) => readTensor(field.payload)),
    sparse: new Map(
      all(fields, GRAPH.sparse).map((field) => {
        const values = last(scan(field.payload), 1);
        return [values ? readTensor(values.payload).name : '', field.payload];
      }),
    ),
    inputs: values(GRAPH.input),
    outputs: values(GRAPH.output),
    valueInfo: values(GRAPH.valueInfo),
  };
  if (graph.outputs.size === 0) throw damaged({ code: 'onnx-no-outputs' });
  return graph;
}

function readNode(payload: Uint8Array, depth: number): Node {
  if (depth > DEEPEST) throw damaged({ code: 'onnx-deep' });
  const fields = scan(payload);
  const attributes = all(fields, NODE.attribute).map((attribute) => scan(attribute.payload));
  for (const attribute of attributes) {
    for (const { payload } of [...all(attribute, ATTRIBUTE.tensor), ...all(attribute, ATTRIBUTE.tensors)]) {
      readTensor(payload);
    }
  }
  const captured = attributes
    .flatMap((attribute) => [...all(attribute, ATTRIBUTE.graph), ...all(attribute, ATTRIBUTE.graphs)])
    .flatMap((graph) => {
      const inside = scan(graph.payload);
      const nodes = all(inside, GRAPH.node).map((node) => readNode(node.payload, depth + 1));
      const own = new Set([
        ...nodes.flatMap((node) => node.outputs),
        ...all(inside, GRAPH.input).map((input) => text(scan(input.payload), 1)),
        ...all(inside, GRAPH.initializer).map((tensor) => readTensor(tensor.payload).name),
      ]);
      const results = all(inside, GRAPH.output).map((output) => text(scan(output.payload), 1));
      return [...nodes.flatMap((node) => node.inputs), ...results].filter((name) => !own.has(name));
    });
  const domain = text(fields, NODE.domain);
  const operator = text(fields, NODE.operator);
  // An empty name stands for an optional input or output that is left out.
  const names = (number: number) =>
    all(fields, number)
      .map((field) => field.text())
      .filter((name) => name !== '');
  const to = attributes.find((attribute) => text(attribute, ATTRIBUTE.name) === 'to');
  return {
    payload,
    operator: domain === '' || domain === 'ai.onnx' ? operator : `${domain}:${operator}`,
    inputs: [...names(NODE.input), ...captured],
    outputs: names(NODE.output),
    castTo: (to && last(to, ATTRIBUTE.integer)?.value) ?? 0,
  };
}

export function readTensor(payload: Uint8Array): Tensor {
  const fields = scan(payload);
  const name = text(fields, TENSOR.name);
  if (all(fields, TENSOR.external).length > 0 || last(fields, TENSOR.location)?.value === 1) {
    throw new AppError('model-external-data', plainText(name, LONGEST_NAME));
  }
  const type = last(fields, TENSOR.type)?.value ?? 0;
  const dims = integers(fields, TENSOR.dims);
  const raw = last(fields, TENSOR.raw);
  const size = TYPE_BYTES[type];
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (raw && size !== undefined && raw.payload.length !== count * size) {
    throw damaged({
      code: 'onnx-bytes',
      name: plainText(name, LONGEST_NAME),
      found: raw.payload.length,
      wanted: count * size,
    });
  }
  return { payload, name, type, dims };
}

/**
 * A float32 or float16 tensor's numbers, copied; null for other types and for numbers kept in a way that is not known.
 *
 * @throws AppError `model-not-onnx` when they are not as many as its shape says
 */
export function readFloats(tensor: Tensor): Float32Array<ArrayBuffer> | null {
  const numbers = floatsIn(tensor);
  const count = tensor.dims.reduce((product, dim) => product * dim, 1);
  if (numbers && numbers.length !== count) {
    throw damaged({ code: 'onnx-numbers', name: tensor.name, found: numbers.length, wanted: count });
  }
  return numbers;
}

function floatsIn({ payload, type }: Tensor): Float32Array<ArrayBuffer> | null {
  if (type === FLOAT16) return readFloat16(payload);
  if (type !== FLOAT32) return null;
  const fields = scan(payload);
  const raw = last(fields, TENSOR.raw)?.payload;
  // A copy, since the numbers in a file start at any byte.
  if (raw) return new Float32Array(new Uint8Array(raw).buffer);
  return all(fields, TENSOR.float).length > 0 ? floats(fields, TENSOR.float) : null;
}

/**
 * A float32 value as a ValueInfoProto: what a graph says of its inputs and outputs. Without `dims`, of any shape.
 *
 * @param dims - a name or null for a length that is only known when the model runs
 */
export function describeFloats(name: string, dims?: readonly (number | string | null)[]): Uint8Array {
  const shape = dims?.map((dim) =>
    delimited(1, dim === null ? EMPTY : typeof dim === 'number' ? integer(1, dim) : string(2, dim)),
  );
  const tensor = concatBytes([integer(1, FLOAT32), ...(shape ? [delimited(2, concatBytes(shape))] : [])]);
  return concatBytes([string(1, name), delimited(2, delimited(1, tensor))]);
}

/** Float16 numbers as float32, or null when the tensor keeps them in a way that is not known. */
export function readFloat16(payload: Uint8Array): Float32Array<ArrayBuffer> | null {
  const fields = scan(payload);
  const raw = last(fields, TENSOR.raw)?.payload;
  if (!raw) {
    const words = integers(fields, TENSOR.int32);
    return words.length > 0 ? widened(words) : null;
  }
  // A copy, since the numbers in a file start at any byte; Node's Buffer.slice makes none.
  return widened(new Uint16Array(new Uint8Array(raw).buffer, 0, raw.length >> 1));
}

/** IEEE 754 binary16, 1 sign, 5 exponent and 10 fraction bits, as binary32: 1, 8 and 23. */
function widened(halves: ArrayLike<number>): Float32Array<ArrayBuffer> {
  const numbers = new Float32Array(halves.length);
  const words = new Uint32Array(numbers.buffer);
  for (let i = 0; i < halves.length; i += 1) {
    const half = halves[i]!;
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 0) numbers[i] = (sign < 0 ? -1 : 1) * fraction * 2 ** -24;
    else words[i] = sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
  }
  return numbers;
}

export function all(fields: readonly Field[], number: number): Field[] {
  return fields.filter((field) => field.number === number);
}

/** The last one wins where a field stands twice, as protobuf rules. */
export function last(fields: readonly Field[], number: number): Field | undefined {
  return all(fields, number).at(-1);
}

/** A repeated integer field, packed or not. */
export function integers(fields: readonly Field[], number: number): number[] {
  return all(fields, number).flatMap(({ wireType, value, payload }) => {
    if (wireType !== 2) return [value];
    const reader = new PbfReader(payload);
    const packed: number[] = [];
    try {
      while (reader.pos < payload.length) packed.push(reader.readVarint(true));
    } catch (error) {
      throw damaged({ code: 'onnx-fields' }, error);
    }
    if (reader.pos > payload.length) throw damaged({ code: 'onnx-cut' });
    return packed;
  });
}

/** A repeated float field, packed or not. */
export function floats(fields: readonly Field[], number: number): Float32Array<ArrayBuffer> {
  const parts = all(fields, number).map(({ wireType, payload, raw }) =>
    wireType === 2 ? payload : raw.subarray(-4),
  );
  if (parts.some(({ length }) => length % 4 !== 0)) throw damaged({ code: 'onnx-fields' });
  return new Float32Array(concatBytes(parts).buffer);
}

export function text(fields: readonly Field[], number: number): string {
  return last(fields, number)?.text() ?? '';
}

/** The model around another graph: everything else in the file stays. */
export function writeModel(fields: readonly Field[], graph: readonly Uint8Array[]): Uint8Array {
  return concatBytes(
    fields.map((field) =>
      field.number === MODEL.graph ? delimited(MODEL.graph, concatBytes(graph)) : field.raw,
    ),
  );
}

export function delimited(number: number, payload: Uint8Array): Uint8Array {
  return write((writer) => {
    writer.writeBytesField(number, payload);
  });
}

export function integer(number: number, value: number): Uint8Array {
  return write((writer) => {
    writer.writeVarintField(number, value);
  });
}

export function string(number: number, value: string): Uint8Array {
  return write((writer) => {
    writer.writeStringField(number, value);
  });
}

export function write(fill: (writer: PbfWriter) => void): Uint8Array {
  const writer = new PbfWriter();
  fill(writer);
  return writer.finish();
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat(Uint8Array, parts);
}

function damaged(why: Detail, cause?: unknown): AppError {
  return new AppError('model-not-onnx', why, { cause });
}
