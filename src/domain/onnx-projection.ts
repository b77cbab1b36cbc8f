import { readOnnx } from './onnx';
import {
  all,
  ATTRIBUTE,
  concat,
  delimited,
  describeFloats,
  GRAPH,
  NODE,
  openModel,
  readTensor,
  scan,
  string,
  text,
  writeModel,
  writeTensor,
  type Field,
} from './onnx-wire';
import type { Subspace } from './principal-components';

/**
 * The same model with one more output, the last: an output without its part along the components, as
 * `withoutComponents` computes it. What was there stays byte for byte, so a decoder reads what it was trained on.
 *
 * @param output - a float32 output of the graph, N numbers in a row or flattened so; the operators need opset 7
 * @param newName - of the new output, [N, d]; nothing else in the graph may be called so
 * @throws RangeError when there is no such output, its length is known to be another than the mean's, or the new
 *   name is taken; AppError `model-not-onnx` or `model-external-data`, as `readOnnx` does
 */
export function projectOutput(
  bytes: Uint8Array,
  output: string,
  newName: string,
  { mean, components }: Subspace,
): Uint8Array {
  const value = readOnnx(bytes).outputs.find(({ name }) => name === output);
  if (!value) throw new RangeError(`the model has no output ${output}`);
  const { type, dims } = value;
  if (type !== 'float32' || dims?.length === 0 || dims?.length === 1) {
    throw new RangeError(`the output ${output} is ${type} of rank ${dims?.length ?? 'unknown'}`);
  }
  const size = mean.length;
  const inner = dims?.slice(1) ?? [null];
  const length = inner.reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : NaN), 1);
  // NaN, where a dimension is not known, is neither.
  if (length < size || length > size) {
    throw new RangeError(`the output ${output} has ${length} numbers, the mean ${size}`);
  }
  const odd = components.find((component) => component.length !== size);
  if (odd) throw new RangeError(`a component has ${odd.length} numbers, the mean ${size}`);

  const { fields, graph } = openModel(bytes);
  const taken = namesIn(graph.fields);
  if (newName === '' || taken.has(newName)) throw new RangeError(`the name ${newName} is taken`);
  taken.add(newName);
  const unused = (wish: string) => {
    let name = wish;
    for (let i = 2; taken.has(name); i++) name = `${wish}.${i}`;
    taken.add(name);
    return name;
  };
  const meanName = unused(`${newName}.mean`);
  const projection = unused(`${newName}.projection`);
  const centred = unused(`${newName}.centred`);
  const isFlat = dims?.length === 2;
  const flat = isFlat ? output : unused(`${newName}.flat`);
  const nodes = [
    // Flatten keeps the first axis if it isn't told another.
    ...(isFlat ? [] : [writeNode('Flatten', [output], flat)]),
    writeNode('Sub', [flat, meanName], centred),
    writeNode('MatMul', [centred, projection], newName),
  ];
  return writeModel(fields, [
    ...graph.fields.map((field) => field.raw),
    ...nodes.map((node) => delimited(GRAPH.node, node)),
    delimited(GRAPH.initializer, writeTensor(meanName, [size], Float32Array.from(mean))),
    delimited(GRAPH.initializer, writeTensor(projection, [size, size], complement(size, components))),
    delimited(GRAPH.output, describeFloats(newName, [dims?.[0] ?? null, size])),
  ]);
}

/** I − VᵀV, size × size; symmetric. */
function complement(size: number, components: readonly Float64Array[]): Float32Array {
  return Float32Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return components.reduce((left, v) => left - v[i]! * v[j]!, i === j ? 1 : 0);
  });
}

function writeNode(operator: string, inputs: readonly string[], output: string): Uint8Array {
  return concat([
    ...inputs.map((name) => string(NODE.input, name)),
    string(NODE.output, output),
    string(NODE.operator, operator),
  ]);
}

/** All names of values in a graph and the graphs inside its nodes, where ONNX allows none of them again. */
function namesIn(graph: readonly Field[]): Set<string> {
  const nodes = all(graph, GRAPH.node).map((node) => scan(node.payload));
  const graphs = nodes
    .flatMap((node) => all(node, NODE.attribute).map((attribute) => scan(attribute.payload)))
    .flatMap((attribute) => [...all(attribute, ATTRIBUTE.graph), ...all(attribute, ATTRIBUTE.graphs)]);
  return new Set([
    ...nodes.flatMap((node) =>
      [...all(node, NODE.input), ...all(node, NODE.output)].map(({ text }) => text()),
    ),
    ...[...all(graph, GRAPH.input), ...all(graph, GRAPH.output), ...all(graph, GRAPH.valueInfo)].map(
      (value) => text(scan(value.payload), 1),
    ),
    ...all(graph, GRAPH.initializer).map((tensor) => readTensor(tensor.payload).name),
    ...all(graph, GRAPH.sparse).flatMap((sparse) =>
      all(scan(sparse.payload), 1).map((values) => readTensor(values.payload).name),
    ),
    ...graphs.flatMap((inside) => [...namesIn(scan(inside.payload))]),
  ]);
}
