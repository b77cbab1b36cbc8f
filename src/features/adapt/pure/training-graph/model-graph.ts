import { AppError } from '../../../../core/domain/errors';
import { extractSubgraph, widenFloat16Weights } from '../../../../core/domain/model/onnx';
import { readNodes } from '../../../../core/domain/model/onnx-nodes';
import { openModel, readFloats, readIntegers, type Tensor } from '../../../../core/domain/model/onnx-wire';
import type { DifferentiableGraph, GraphTensor } from './graph';

/**
 * Computes an output of a model in `graph`, by the model's own nodes.
 *
 * @param bytes - an ONNX file with static shapes but for the number of pictures
 * @param feeds - by name: what stands for the model's inputs
 * @param parameters - by name: what stands for its weights; the other weights are fixed
 * @throws AppError `model-not-trainable` when an operator isn't known, or `output` needs more than `feeds`
 */
export function importOutput(
  graph: DifferentiableGraph,
  bytes: Uint8Array,
  output: string,
  feeds: ReadonlyMap<string, GraphTensor>,
  parameters: ReadonlyMap<string, GraphTensor>,
): GraphTensor {
  const { graph: model } = openModel(partOf(bytes, output, [...feeds.keys()]));
  const values = new Map([...feeds, ...parameters]);
  const store = (name: string, tensor: Tensor) => {
    const whole = readIntegers(tensor);
    const numbers = readFloats(tensor);
    if (whole && tensor.dims.length === 1) values.set(name, graph.integers(whole));
    else if (numbers) values.set(name, graph.constant(numbers, tensor.dims));
  };
  for (const tensor of model.initializers) if (!values.has(tensor.name)) store(tensor.name, tensor);
  for (const { operator, inputs, outputs, attributes, value } of readNodes(model)) {
    const [name, more] = outputs;
    if (name === undefined || more !== undefined) throw new AppError('model-not-trainable', operator);
    if (value) {
      store(name, value);
      continue;
    }
    const known = inputs.map((input) => (input === '' ? null : values.get(input)));
    // Numbers of another type, such as a shape that is computed.
    if (!known.every((input) => input !== undefined)) throw new AppError('model-not-trainable', operator);
    values.set(name, graph.apply(operator, known, attributes));
  }
  const result = values.get(output);
  if (!result) throw new AppError('model-not-trainable', output);
  return result;
}

/**
 * The weights that training usually changes: filters, matrices and their biases, and lists of numbers that are
 * added. Not what is multiplied, such as a scale, and no single numbers.
 *
 * @returns names as `readWeights` gives them, in the order of first use
 */
export function trainableWeights(bytes: Uint8Array): string[] {
  const { graph } = openModel(widenFloat16Weights(bytes));
  const floatWeights = new Map(
    graph.initializers.filter((tensor) => readFloats(tensor)).map((tensor) => [tensor.name, tensor]),
  );
  const names = readNodes(graph).flatMap(({ operator, inputs }) => {
    if (['Conv', 'ConvTranspose', 'Gemm', 'MatMul'].includes(operator)) return inputs.slice(1, 3);
    const isList = (name: string) => floatWeights.get(name)?.dims.some((dim) => dim > 1) === true;
    return operator === 'Add' ? inputs.filter(isList) : [];
  });
  return [...new Set(names)].filter((name) => floatWeights.has(name));
}

/** The names of all weights that `output` is computed from, when `inputs` are fed. */
export function weightsBehind(bytes: Uint8Array, output: string, inputs: readonly string[]): Set<string> {
  const { graph } = openModel(partOf(bytes, output, inputs));
  return new Set(graph.initializers.map(({ name }) => name));
}

function partOf(bytes: Uint8Array, output: string, inputs: readonly string[]): Uint8Array {
  try {
    return extractSubgraph(widenFloat16Weights(bytes), [output], inputs);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'model-not-onnx')) throw error;
    const detail = { code: 'onnx-way', from: inputs.join(' + '), to: output } as const;
    throw new AppError('model-not-trainable', detail, { cause: error });
  }
}
