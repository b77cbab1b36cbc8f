import type { CodedDetail } from '../detail';
import { AppError } from '../errors';
import {
  all,
  concatBytes,
  delimited,
  describeFloats,
  EMPTY,
  FLOAT16,
  FLOAT32,
  GRAPH,
  last,
  LONGEST_NAME,
  MODEL,
  openModel,
  readFloat16,
  scan,
  TENSOR,
  text,
  TYPE_NAMES,
  write,
  writeModel,
  type Node,
} from './onnx-wire';
import { plainText } from '../files/plain-name';

/** Read without a runtime; the needed part of a graph can be cut out. Field numbers: see onnx-wire.ts. */
export interface OnnxModel {
  readonly irVersion: number;
  /** version of the standard operators; 0 when the file doesn't say */
  readonly opset: number;
  /** inputs to feed; those that an initializer fills are left out */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxInitializer[];
  /** operator names in order of first use, with the domain before those that are not standard */
  readonly operators: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Length of one dimension; a name or null if it is only known when the model runs. */
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

/** As in a manifest: memory is asked for by these numbers before anything proves them. */
const LONGEST_SIDE = 8192;
const LONGEST_EMBEDDING = 1_000_000;
/** 768 MB as float32: one picture of the longest sides. */
const MOST_NUMBERS = 3 * LONGEST_SIDE ** 2;

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
    throw new AppError('model-input', describeValues(inputs, 'input'));
  }
  const [batch = null, channels = null, height = null, width = null] = input.dims;
  if (
    (typeof channels === 'number' && channels !== 3) ||
    isTooMuch(known(batch), known(height), known(width))
  ) {
    throw new AppError('model-input', describeValues(inputs, 'input'));
  }

  const isPicture = ({ dims }: OnnxValue) =>
    dims?.length === 4 && couldBe(dims[1], 3) && couldBe(dims[2], height) && couldBe(dims[3], width);
  const candidates = outputs.filter((output) => output.type === 'float32' && output.dims?.length !== 1);
  const flattenable = candidates.filter((output) => !isPicture(output));
  const embedding =
    candidates.find(({ name }) => name === embeddingName) ??
    flattenable.find(({ name }) => /(?:^|[^a-z])(?:embeddings?|latents?|z)(?:$|[^a-z])/i.test(name)) ??
    flattenable.find(({ dims }) => dims?.length === 2) ??
    flattenable.find(({ dims }) => dims?.length === 3 || dims?.length === 4);
  const isUnusable =
    !embedding ||
    embedding.name !== (embeddingName ?? embedding.name) ||
    (lengthOf(embedding) ?? 0) > LONGEST_EMBEDDING;
  if (isUnusable) {
    throw new AppError('model-no-embedding', describeValues(outputs, 'output'));
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
 * Inner values that the file doesn't describe are taken for float32 of any shape.
 *
 * @throws AppError `model-not-onnx` when an output doesn't exist, or can't be computed
 */
export function extractSubgraph(bytes: Uint8Array, outputs: readonly string[]): Uint8Array {
  const { fields, graph } = openModel(bytes);
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const stored = new Set([...graph.initializers.map(({ name }) => name), ...graph.sparse.keys()]);
  const nodes = new Set<Node>();
  const names = new Set<string>();
  const wanted = [...outputs];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    const producer = producers.get(name);
    if (graph.inputs.has(name) || stored.has(name)) continue;
    if (!producer) throw new AppError('model-not-onnx', { code: 'onnx-not-computed', name });
    nodes.add(producer);
    wanted.push(...producer.inputs);
  }

  const valueInfo = (name: string): Uint8Array => {
    const found = graph.inputs.get(name) ?? graph.outputs.get(name) ?? graph.valueInfo.get(name);
    if (found) return found;
    if (!producers.has(name)) throw new AppError('model-not-onnx', { code: 'onnx-not-described', name });
    // Exporters rarely describe what flows inside. ONNX Runtime finds the shape, but a type it must be told.
    return describeFloats(name);
  };
  const inner = new Set([...nodes].flatMap((node) => node.outputs));
  return writeModel(fields, [
    ...graph.nodes.filter((node) => nodes.has(node)).map((node) => delimited(GRAPH.node, node.payload)),
    ...all(graph.fields, GRAPH.name).map((field) => field.raw),
    ...graph.initializers
      .filter(({ name }) => names.has(name))
      .map(({ payload }) => delimited(GRAPH.initializer, payload)),
    ...[...graph.sparse]
      .filter(([name]) => names.has(name))
      .map(([, payload]) => delimited(GRAPH.sparse, payload)),
    ...[...graph.inputs]
      .filter(([name]) => names.has(name))
      .map(([, payload]) => delimited(GRAPH.input, payload)),
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
        concatBytes([
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

function typeName(type: number): string {
  return TYPE_NAMES[type] ?? `type ${type}`;
}

/** True if a run would need more memory than a device has, as far as the file says. */
function isTooMuch(batch: number | null, height: number | null, width: number | null): boolean {
  const sides = [height ?? 1, width ?? 1];
  return Math.max(...sides) > LONGEST_SIDE || (batch ?? 1) * 3 * sides[0]! * sides[1]! > MOST_NUMBERS;
}

function known(dim: OnnxDim): number | null {
  return typeof dim === 'number' ? dim : null;
}

/** True if the lengths are equal or either is unknown. */
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

/** A file may have any number of values. */
const MOST_DESCRIBED = 6;

/** Such as `2 inputs: image float32 [N, 3, 216, 384], mask bool [N]`. */
function describeValues(
  values: readonly OnnxValue[],
  kind: 'input' | 'output',
): CodedDetail & { readonly code: 'model-values' } {
  const list = values.slice(0, MOST_DESCRIBED).map(({ name, type, dims }) => {
    const shape = dims?.slice(0, MOST_DESCRIBED).map((dim) => plainText(String(dim ?? '?'), LONGEST_NAME));
    return `${plainText(name, LONGEST_NAME)} ${type} ${shape ? `[${shape.join(', ')}]` : '[…]'}`;
  });
  const more = values.length > MOST_DESCRIBED ? ', …' : '';
  return {
    code: 'model-values',
    count: values.length,
    isInput: kind === 'input',
    isListed: list.length > 0,
    list: `${list.join(', ')}${more}`,
  };
}
