import { PbfReader, PbfWriter } from 'pbf';
import { AppError } from './errors';

/**
 * Reads ONNX files without a runtime, and cuts out the part of a graph that is needed.
 *
 * Field numbers are those of onnx.proto3 (ONNX 1.17, IR version 10):
 * https://github.com/onnx/onnx/blob/v1.17.0/onnx/onnx.proto3
 */
export interface OnnxModel {
  readonly irVersion: number;
  /** version of the standard operators; 0 when the file doesn't say */
  readonly opset: number;
  /** what must be fed: inputs that an initializer fills are left out */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxInitializer[];
  /** operator names in order of first use, with the domain before those that are not standard */
  readonly operators: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Length of one dimension; a name or null where it is only known when the model runs. */
type OnnxDim = number | string | null;

interface OnnxValue {
  readonly name: string;
  /** such as `float32`, or what else the value is, such as `sequence` */
  readonly type: string;
  /** null when the file doesn't even say the rank */
  readonly dims: readonly OnnxDim[] | null;
}

interface OnnxInitializer {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly number[];
}

/** How to use a model as an autoencoder of pictures. */
export interface Autoencoder {
  /** height and width are null when the model takes pictures of any size */
  readonly input: { readonly name: string; readonly height: number | null; readonly width: number | null };
  /** the length is null when only a run can show it */
  readonly embeddingOutput: { readonly name: string; readonly length: number | null };
  readonly reconstructionOutput: string | null;
  /** how many pictures a run must take; null when any number will do */
  readonly batchSize: number | null;
}

/**
 * @throws AppError `model-not-onnx` when the file is something else, damaged or cut off;
 *   `model-external-data` when its weights are in another file
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  const { fields, graph } = openModel(bytes);
  const initializers = graph.initializers.map(({ name, type, dims }) => ({
    name,
    type: typeName(type),
    dims,
  }));
  const filled = new Set(initializers.map(({ name }) => name));
  const opsets = all(fields, MODEL.opset).map((entry) => {
    const opset = scan(entry.payload);
    return { domain: text(opset, 1), version: last(opset, 2)?.value ?? 0 };
  });
  return {
    irVersion: last(fields, MODEL.irVersion)?.value ?? 0,
    opset: opsets.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0,
    inputs: [...graph.inputs.values()].map(readValue).filter(({ name }) => !filled.has(name)),
    outputs: [...graph.outputs.values()].map(readValue),
    initializers,
    operators: [...new Set(graph.nodes.map((node) => node.operator))],
    metadata: Object.fromEntries(
      all(fields, MODEL.metadata).map((entry) => {
        const pair = scan(entry.payload);
        return [text(pair, 1), text(pair, 2)];
      }),
    ),
  };
}

/**
 * Finds the picture input, the embedding and, if there is one, the reconstruction.
 *
 * The embedding is the output named so (embedding, latent, z), else the first of rank 2, else the first that can
 * be flattened and is not a picture of the input's size.
 *
 * @param embeddingName - the output to take, where somebody knows it
 * @throws AppError `model-input` or `model-no-embedding` with what was found instead
 */
export function inspectAutoencoder({ inputs, outputs }: OnnxModel, embeddingName?: string): Autoencoder {
  const [input] = inputs;
  if (!input || inputs.length > 1 || input.type !== 'float32' || input.dims?.length !== 4) {
    throw new AppError('model-input', describe(inputs, 'input'));
  }
  const [batch = null, channels = null, height = null, width = null] = input.dims;
  if (typeof channels === 'number' && channels !== 3)
    throw new AppError('model-input', describe(inputs, 'input'));

  const isPicture = ({ dims }: OnnxValue) =>
    dims?.length === 4 && couldBe(dims[1], 3) && couldBe(dims[2], height) && couldBe(dims[3], width);
  const candidates = outputs.filter((output) => output.type === 'float32' && output.dims?.length !== 1);
  const flattenable = candidates.filter((output) => !isPicture(output));
  const embedding =
    candidates.find(({ name }) => name === embeddingName) ??
    flattenable.find(({ name }) => /(?:^|[^a-z])(?:embeddings?|latents?|z)(?:$|[^a-z])/i.test(name)) ??
    flattenable.find(({ dims }) => dims?.length === 2) ??
    flattenable.find(({ dims }) => dims?.length === 3 || dims?.length === 4);
  if (!embedding || embedding.name !== (embeddingName ?? embedding.name)) {
    throw new AppError('model-no-embedding', describe(outputs, 'output'));
  }

  const reconstruction = candidates.find((output) => output !== embedding && isPicture(output));
  return {
    input: { name: input.name, height: known(height), width: known(width) },
    embeddingOutput: { name: embedding.name, length: lengthOf(embedding) },
    reconstructionOutput: reconstruction?.name ?? null,
    batchSize: known(batch),
  };
}

/**
 * The part of a model that computes `outputs`, like Python's `onnx.utils.extract_model`; nodes and weights are
 * copied byte for byte.
 *
 * @param inputs - names of values that will be fed instead of computed; the graph's own inputs when left out
 * @throws RangeError when an output doesn't exist, or can't be computed from `inputs`
 */
export function extractSubgraph(
  bytes: Uint8Array,
  outputs: readonly string[],
  inputs?: readonly string[],
): Uint8Array {
  const { fields, graph } = openModel(bytes);
  const fed = new Set(inputs ?? graph.inputs.keys());
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const stored = new Set([...graph.initializers.map(({ name }) => name), ...graph.sparse.keys()]);
  const nodes = new Set<Node>();
  const names = new Set<string>();
  const wanted = [...outputs];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    const producer = producers.get(name);
    if (fed.has(name) || stored.has(name)) continue;
    if (!producer) throw new RangeError(`nothing computes ${name}`);
    nodes.add(producer);
    wanted.push(...producer.inputs);
  }

  const valueInfo = (name: string): Uint8Array => {
    const found = graph.inputs.get(name) ?? graph.outputs.get(name) ?? graph.valueInfo.get(name);
    if (!found) throw new RangeError(`the model doesn't describe ${name}`);
    return found;
  };
  const inner = new Set([...nodes].flatMap((node) => node.outputs));
  return writeModel(fields, [
    ...graph.nodes.filter((node) => nodes.has(node)).map((node) => delimited(GRAPH.node, node.payload)),
    ...all(graph.fields, GRAPH.name).map((field) => field.raw),
    ...graph.initializers
      .filter(({ name }) => names.has(name) && !(inputs && fed.has(name)))
      .map(({ payload }) => delimited(GRAPH.initializer, payload)),
    ...[...graph.sparse]
      .filter(([name]) => names.has(name))
      .map(([, payload]) => delimited(GRAPH.sparse, payload)),
    ...[...fed].filter((name) => names.has(name)).map((name) => delimited(GRAPH.input, valueInfo(name))),
    ...outputs.map((name) => delimited(GRAPH.output, valueInfo(name))),
    ...[...graph.valueInfo]
      .filter(([name]) => inner.has(name))
      .map(([, payload]) => delimited(GRAPH.valueInfo, payload)),
  ]);
}

/**
 * Replaces float16 weights that the graph itself casts to float32 by float32 weights: the same numbers, exactly.
 *
 * ONNX Runtime 1.30 in WebAssembly doesn't fold such casts: an encoding takes twice as long with them (28 ms
 * instead of 14 on a busy core; measured on tight.onnx, 2026-11).
 */
export function widenFloat16Weights(bytes: Uint8Array): Uint8Array {
  const { fields, graph } = openModel(bytes);
  const halves = new Map(
    graph.initializers.filter(({ type }) => type === FLOAT16).map((tensor) => [tensor.name, tensor]),
  );
  const wide: Uint8Array[] = [];
  const casts = new Set<Node>();
  for (const node of graph.nodes) {
    const [name = ''] = node.outputs;
    const half = halves.get(node.inputs[0] ?? '');
    if (!half || node.operator !== 'Cast' || node.castTo !== FLOAT32 || graph.outputs.has(name)) continue;
    const numbers = readFloat16(half.payload);
    if (!numbers) continue;
    casts.add(node);
    wide.push(
      delimited(
        GRAPH.initializer,
        concat([
          ...all(scan(half.payload), TENSOR.dims).map((field) => field.raw),
          write((writer) => {
            writer.writeVarintField(TENSOR.type, FLOAT32);
            writer.writeStringField(TENSOR.name, name);
            writer.writeBytesField(TENSOR.raw, new Uint8Array(numbers.buffer));
          }),
        ]),
      ),
    );
  }
  if (casts.size === 0) return bytes;
  const kept = graph.nodes.filter((node) => !casts.has(node));
  const used = new Set(kept.flatMap((node) => node.inputs));
  return writeModel(fields, [
    ...kept.map((node) => delimited(GRAPH.node, node.payload)),
    ...wide,
    ...graph.initializers
      .filter(({ name }) => used.has(name) || graph.outputs.has(name))
      .map(({ payload }) => delimited(GRAPH.initializer, payload)),
    ...graph.fields
      .filter(({ number }) => number !== GRAPH.node && number !== GRAPH.initializer)
      .map((field) => field.raw),
  ]);
}

const MODEL = { irVersion: 1, graph: 7, opset: 8, metadata: 14 } as const;
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12, valueInfo: 13, sparse: 15 } as const;
const NODE = { input: 1, output: 2, operator: 4, attribute: 5, domain: 7 } as const;
const ATTRIBUTE = { name: 1, integer: 3, tensor: 5, graph: 6, tensors: 10, graphs: 11 } as const;
const TENSOR = { dims: 1, type: 2, int32: 5, name: 8, raw: 9, external: 13, location: 14 } as const;

const FLOAT32 = 1;
const FLOAT16 = 10;
/** by data type */
const TYPE_NAMES = [
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

/** Deeper nesting than any exporter makes: If and Loop hold graphs that hold nodes. */
const DEEPEST = 20;

interface Field {
  readonly number: number;
  /** 0 varint, 1 and 5 fixed, 2 length-delimited */
  readonly wireType: number;
  /** the field as it stands in the file, with its tag */
  readonly raw: Uint8Array;
  /** of a varint; 0 for others */
  readonly value: number;
  /** of a length-delimited field; empty for others */
  readonly payload: Uint8Array;
  /** the payload as text */
  readonly text: () => string;
}

interface Node {
  readonly payload: Uint8Array;
  readonly operator: string;
  /** what the node needs, and what the graphs inside it may take from around them */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** attribute `to` of a Cast; 0 for others */
  readonly castTo: number;
}

interface Tensor {
  readonly payload: Uint8Array;
  readonly name: string;
  readonly type: number;
  readonly dims: readonly number[];
}

interface Graph {
  readonly fields: readonly Field[];
  readonly nodes: readonly Node[];
  readonly initializers: readonly Tensor[];
  /** sparse initializers by name */
  readonly sparse: ReadonlyMap<string, Uint8Array>;
  readonly inputs: ReadonlyMap<string, Uint8Array>;
  readonly outputs: ReadonlyMap<string, Uint8Array>;
  readonly valueInfo: ReadonlyMap<string, Uint8Array>;
}

const EMPTY: Uint8Array = new Uint8Array(0);

/** The fields of one message. pbf reads on past the end of its bytes without a word, so each field is checked. */
function scan(message: Uint8Array): Field[] {
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
      throw damaged('its fields make no sense', error);
    }
    if (number === 0) throw damaged('its fields make no sense');
    if (reader.pos > message.length) throw damaged('it is cut off or damaged');
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

function openModel(bytes: Uint8Array): { fields: readonly Field[]; graph: Graph } {
  if (bytes.length === 0) throw damaged('the file is empty');
  const fields = scan(bytes);
  const graph = last(fields, MODEL.graph);
  if (!graph) throw damaged('it holds no graph');
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
  if (graph.outputs.size === 0) throw damaged('its graph has no outputs');
  return graph;
}

function readNode(payload: Uint8Array, depth: number): Node {
  if (depth > DEEPEST) throw damaged('its graphs are nested too deeply');
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

function readTensor(payload: Uint8Array): Tensor {
  const fields = scan(payload);
  const name = text(fields, TENSOR.name);
  if (all(fields, TENSOR.external).length > 0 || last(fields, TENSOR.location)?.value === 1) {
    throw new AppError('model-external-data', name);
  }
  const type = last(fields, TENSOR.type)?.value ?? 0;
  const dims = integers(fields, TENSOR.dims);
  const raw = last(fields, TENSOR.raw);
  const size = TYPE_BYTES[type];
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (raw && size !== undefined && raw.payload.length !== count * size) {
    throw damaged(`the weights ${name} have ${raw.payload.length} bytes instead of ${count * size}`);
  }
  return { payload, name, type, dims };
}

/** Float16 numbers as float32, or null when the tensor keeps them in a way that is not known. */
function readFloat16(payload: Uint8Array): Float32Array | null {
  const fields = scan(payload);
  const raw = last(fields, TENSOR.raw)?.payload;
  if (!raw) {
    const words = integers(fields, TENSOR.int32);
    return words.length > 0 ? Float32Array.from(words, float16ToNumber) : null;
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Float32Array.from({ length: raw.length / 2 }, (_, i) =>
    float16ToNumber(view.getUint16(i * 2, true)),
  );
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function readValue(payload: Uint8Array): OnnxValue {
  const fields = scan(payload);
  const name = text(fields, 1);
  const kind = scan(last(fields, 2)?.payload ?? EMPTY);
  const tensor = last(kind, 1);
  if (!tensor) return { name, type: last(kind, 4) ? 'sequence' : 'no tensor', dims: null };
  const parts = scan(tensor.payload);
  const shape = last(parts, 2);
  return { name, type: typeName(last(parts, 1)?.value ?? 0), dims: shape ? readDims(shape.payload) : null };
}

function readDims(shape: Uint8Array): OnnxDim[] {
  return all(scan(shape), 1).map((dim) => {
    const fields = scan(dim.payload);
    const length = last(fields, 1)?.value ?? 0;
    // Some exporters write -1 or 0 for a length that is not known.
    return length > 0 ? length : text(fields, 2) || null;
  });
}

function all(fields: readonly Field[], number: number): Field[] {
  return fields.filter((field) => field.number === number);
}

/** The last one wins where a field stands twice, as protobuf rules. */
function last(fields: readonly Field[], number: number): Field | undefined {
  return all(fields, number).at(-1);
}

/** A repeated integer field, packed or not. */
function integers(fields: readonly Field[], number: number): number[] {
  return all(fields, number).flatMap(({ wireType, value, payload }) => {
    if (wireType !== 2) return [value];
    const reader = new PbfReader(payload);
    const packed: number[] = [];
    while (reader.pos < payload.length) packed.push(reader.readVarint(true));
    if (reader.pos > payload.length) throw damaged('it is cut off or damaged');
    return packed;
  });
}

function text(fields: readonly Field[], number: number): string {
  return last(fields, number)?.text() ?? '';
}

/** The model around another graph: everything else in the file stays. */
function writeModel(fields: readonly Field[], graph: readonly Uint8Array[]): Uint8Array {
  return concat(
    fields.map((field) => (field.number === MODEL.graph ? delimited(MODEL.graph, concat(graph)) : field.raw)),
  );
}

function delimited(number: number, payload: Uint8Array): Uint8Array {
  return write((writer) => {
    writer.writeBytesField(number, payload);
  });
}

function write(fill: (writer: PbfWriter) => void): Uint8Array {
  const writer = new PbfWriter();
  fill(writer);
  return writer.finish();
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function typeName(type: number): string {
  return TYPE_NAMES[type] ?? `type ${type}`;
}

function known(dim: OnnxDim): number | null {
  return typeof dim === 'number' ? dim : null;
}

/** Whether two lengths may be the same: one that isn't known may be any. */
function couldBe(a: OnnxDim | undefined, b: OnnxDim): boolean {
  return typeof a !== 'number' || typeof b !== 'number' || a === b;
}

/** Numbers for one picture, flattened; null when a dimension isn't known. */
function lengthOf({ dims }: OnnxValue): number | null {
  if (!dims) return null;
  return dims.slice(1).reduce<number | null>((length, dim) => {
    return length === null || typeof dim !== 'number' ? null : length * dim;
  }, 1);
}

/** Such as `2 inputs: image float32 [N, 3, 216, 384], mask bool [N]`. */
function describe(values: readonly OnnxValue[], kind: 'input' | 'output'): string {
  const list = values.map(({ name, type, dims }) => {
    return `${name} ${type} ${dims ? `[${dims.map((dim) => dim ?? '?').join(', ')}]` : 'of any shape'}`;
  });
  return `${values.length} ${kind}${values.length === 1 ? '' : 's'}${list.length > 0 ? `: ${list.join(', ')}` : ''}`;
}

function damaged(why: string, cause?: unknown): AppError {
  return new AppError('model-not-onnx', why, { cause });
}
